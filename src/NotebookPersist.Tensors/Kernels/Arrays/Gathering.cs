namespace NotebookPersist.Kernels;

/// <summary>Picks rows by their positions.</summary>
public static class Gathering
{
    private const int ElementsPerPiece = 1 << 16;

    /// <summary>Copies the picked slices in order.</summary>
    /// <param name="source">Seen through <paramref name="layout"/>.</param>
    /// <param name="layout">How the source's elements lie.</param>
    /// <param name="positions">The same number for each batch.</param>
    /// <param name="target">Seen as [batches, outer, positions of a batch, inner].</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <returns>Which position lies outside; -1 where all are inside.</returns>
    public static int Rows(Tensor source, GatherLayout layout, long[] positions, Tensor target, Workers workers)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(target);
        int bad = Array.FindIndex(positions, p => (ulong)p >= (ulong)layout.Count);
        if (bad < 0 && target.Count > 0)
            RawElements.Run(target.DType, new RowLoop(source, layout, positions, target, workers));
        return bad;
    }

    /// <summary>Copies one row for each element start.</summary>
    public static void At(Tensor source, int[] starts, int rowSize, Tensor target, Workers workers)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Count > 0)
            RawElements.Run(target.DType, new StartLoop(source, starts, rowSize, target, workers));
    }

    private sealed record RowLoop(Tensor Source, GatherLayout Layout, long[] Positions, Tensor Target, Workers Workers) : IElementLoop
    {
        public void Run<T>()
        {
            int perBatch = Positions.Length / Layout.Batches;
            int inner = Layout.Inner;
            Workers.For(Target.Count / inner, Math.Max(1, ElementsPerPiece / inner), (first, end) =>
            {
                ReadOnlySpan<T> source = Source.Raw<T>();
                Span<T> target = Target.Raw<T>();
                for (int row = first; row < end; row++)
                {
                    (int block, int position) = Math.DivRem(row, perBatch);
                    int start = ((block * Layout.Count) + (int)Positions[(block / Layout.Outer * perBatch) + position]) * inner;
                    if (inner == 1)
                        target[row] = source[start];
                    else
                        source.Slice(start, inner).CopyTo(target.Slice(row * inner, inner));
                }
            });
        }
    }

    private sealed record StartLoop(Tensor Source, int[] Starts, int RowSize, Tensor Target, Workers Workers) : IElementLoop
    {
        public void Run<T>() => Workers.For(Starts.Length, Math.Max(1, ElementsPerPiece / RowSize), (first, end) =>
        {
            ReadOnlySpan<T> source = Source.Raw<T>();
            Span<T> target = Target.Raw<T>();
            for (int row = first; row < end; row++)
                source.Slice(Starts[row], RowSize).CopyTo(target.Slice(row * RowSize, RowSize));
        });
    }
}
