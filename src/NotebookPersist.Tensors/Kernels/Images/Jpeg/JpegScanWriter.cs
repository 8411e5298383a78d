namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>Turns the coefficients of one scan into symbols, and these into bits.</summary>
/// <param name="first">First coefficient of the scan.</param>
/// <param name="last">Last coefficient of the scan.</param>
internal sealed class JpegScanWriter(int first, int last)
{
    private readonly List<Token> _tokens = [];
    private readonly int[] _predictions = new int[4];

    /// <summary>Takes a block.</summary>
    /// <param name="part">Number of the plane within the scan.</param>
    /// <param name="table">0 for brightness, 1 for colours.</param>
    /// <param name="block">Its coefficients.</param>
    public void Add(int part, int table, ReadOnlySpan<short> block)
    {
        if (first == 0)
        {
            int difference = block[0] - _predictions[part];
            _predictions[part] = block[0];
            AddNumber(table, 0, difference);
        }

        int run = 0;
        for (int k = Math.Max(first, 1); k <= last; k++)
        {
            int value = block[JpegOrder.Natural[k]];
            if (value == 0)
            {
                run++;
                continue;
            }

            for (; run > 15; run -= 16)
                _tokens.Add(new Token(table + 2, 0xF0, 0, 0));
            AddNumber(table + 2, run << 4, value);
            run = 0;
        }

        if (run > 0)
            _tokens.Add(new Token(table + 2, 0, 0, 0));
    }

    /// <summary>The shortest codes for each of the tables: two of means, two of other coefficients.</summary>
    public HuffmanTable?[] Optimal()
    {
        long[][] frequencies = [new long[256], new long[256], new long[256], new long[256]];
        foreach (Token token in _tokens)
            frequencies[token.Table][token.Symbol]++;
        return [.. frequencies.Select(static f => Array.Exists(f, static n => n > 0) ? HuffmanCode.Make(f) : null)];
    }

    /// <summary>Writes all symbols, padded with ones.</summary>
    public void Write(HuffmanTable?[] tables, Stream target)
    {
        (int bits, int count) = (0, 0);
        foreach (Token token in _tokens)
        {
            HuffmanTable table = tables[token.Table]!; // Every table that has symbols was made.
            Put(table.Codes[token.Symbol], table.Lengths[token.Symbol]);
            Put(token.Extra, token.ExtraCount);
        }

        if (count > 0)
            Put((1 << (8 - count)) - 1, 8 - count);

        void Put(int value, int length)
        {
            (bits, count) = ((bits << length) | value, count + length);
            for (; count >= 8; count -= 8)
            {
                byte next = (byte)(bits >> (count - 8));
                target.WriteByte(next);
                if (next == 0xFF)
                    target.WriteByte(0); // So that it is no marker.
            }

            bits &= (1 << count) - 1;
        }
    }

    private void AddNumber(int table, int run, int value)
    {
        int size = 0;
        for (int rest = Math.Abs(value); rest > 0; rest >>= 1)
            size++;
        _tokens.Add(new Token(table, run | size, value < 0 ? value + (1 << size) - 1 : value, size));
    }

    private readonly record struct Token(int Table, int Symbol, int Extra, int ExtraCount);
}
