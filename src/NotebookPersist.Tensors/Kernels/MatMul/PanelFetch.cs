namespace NotebookPersist.Kernels;

/// <summary>What a micro-kernel fetches into the second cache for those that follow: some lines for each 16 steps of its sums.</summary>
/// <remarks>The default fetches nothing. Addresses that nothing lies at do no harm.</remarks>
internal readonly unsafe struct PanelFetch(byte* address, nint lines)
{
    /// <summary>Bytes of a line of the caches.</summary>
    public const int LineByteCount = 64;

    /// <summary>The first line.</summary>
    public byte* Address => address;

    /// <summary>Lines for each 16 steps of the sums.</summary>
    public nint Lines => lines;

    /// <summary>The part of a panel that strips from one on fetch; nothing of a panel of no bytes.</summary>
    /// <param name="panel">What comes next.</param>
    /// <param name="byteCount">Its size.</param>
    /// <param name="k">Length of the sums meanwhile.</param>
    /// <param name="strip">The first of these strips.</param>
    /// <param name="strips">How many there are.</param>
    public static PanelFetch Part(void* panel, nint byteCount, nint k, nint strip, nint strips)
    {
        nint runs = (k + Gemm.Depth - 1) / Gemm.Depth;
        nint lines = ((byteCount / LineByteCount) + (strips * runs) - 1) / (strips * runs);
        return new PanelFetch((byte*)panel + (strip * runs * lines * LineByteCount), lines);
    }
}
