namespace NotebookPersist.Kernels;

/// <summary>The threads that a kernel may share its work among, and the token that stops it.</summary>
/// <param name="Count">Number of threads, the calling one included; at least 1.</param>
/// <param name="Cancellation">Checked between pieces of work.</param>
public readonly record struct Workers(int Count, CancellationToken Cancellation)
{
    /// <summary>Only the calling thread, never stopped.</summary>
    public static Workers Single { get; } = new(1, CancellationToken.None);

    /// <summary>Runs a body over [0, length) in contiguous ranges, one range a piece of at least <paramref name="grain"/> items.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled between two pieces.</exception>
    public void For(int length, int grain, Action<int, int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (length <= 0)
            return;
        grain = Math.Max(1, grain);
        CancellationToken cancellation = Cancellation;
        if (Count <= 1 || length < 2L * grain)
        {
            // Counted in 64 bits: the end of a tensor of 2 GiB and one grain more is beyond 32.
            for (long start = 0; start < length; start += grain)
            {
                cancellation.ThrowIfCancellationRequested();
                body((int)start, (int)Math.Min(length, start + grain));
            }

            return;
        }

        // A few pieces a thread even out cores that are busy elsewhere.
        int pieces = (int)Math.Min(((long)length + grain - 1) / grain, Count * 4);
        int size = (int)(((long)length + pieces - 1) / pieces);
        // The options know the token too: else a stopped loop would end in an AggregateException.
        Parallel.For(0, pieces, new ParallelOptions { MaxDegreeOfParallelism = Count, CancellationToken = cancellation }, piece =>
        {
            cancellation.ThrowIfCancellationRequested();
            long start = (long)piece * size;
            if (start < length)
                body((int)start, (int)Math.Min(length, start + size));
        });
    }
}
