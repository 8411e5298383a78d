namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>Codes of 1 to 16 bits for the symbols of a scan.</summary>
/// <remarks>Source: ITU-T T.81, annexes C and F. Thread safety: immutable.</remarks>
internal sealed class HuffmanTable
{
    private readonly byte[] _symbols;
    private readonly int[] _first = new int[18];
    private readonly int[] _start = new int[18];
    private readonly int[] _counts = new int[17];

    /// <summary>Makes the codes.</summary>
    /// <param name="counts">Number of codes of 1 to 16 bits.</param>
    /// <param name="symbols">The symbols, shortest codes first.</param>
    /// <exception cref="FormatException">There are more codes than bits allow.</exception>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        _symbols = symbols.ToArray();
        Counts = counts.ToArray();
        int code = 0, at = 0;
        for (int length = 1; length <= 16; length++)
        {
            _counts[length] = counts[length - 1];
            (_first[length], _start[length]) = (code, at);
            for (int i = 0; i < _counts[length]; i++)
            {
                byte symbol = _symbols[at++];
                (Codes[symbol], Lengths[symbol]) = (code++, length);
            }

            if (code > 1 << length)
                throw new FormatException("A Huffman table of the JPEG file has more codes than fit.");
            code <<= 1;
        }
    }

    /// <summary>Number of codes of 1 to 16 bits.</summary>
    public byte[] Counts { get; }

    /// <summary>The symbols, shortest codes first.</summary>
    public ReadOnlySpan<byte> Symbols => _symbols;

    /// <summary>The code of each symbol.</summary>
    public int[] Codes { get; } = new int[256];

    /// <summary>Bits in the code of each symbol; 0 where it has none.</summary>
    public int[] Lengths { get; } = new int[256];

    /// <summary>Reads one symbol.</summary>
    /// <exception cref="FormatException">The bits are no code.</exception>
    public int Read(JpegBits bits)
    {
        int code = 0;
        for (int length = 1; length <= 16; length++)
        {
            code = (code << 1) | bits.Bit();
            int offset = code - _first[length];
            if (offset >= 0 && offset < _counts[length])
                return _symbols[_start[length] + offset];
        }

        throw new FormatException($"The JPEG file has bits at byte {bits.Position:N0} that are no code.");
    }
}
