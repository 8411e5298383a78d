namespace NotebookPersist.Kernels;

/// <summary>The threads that a kernel may share its work among, and the token that stops it.</summary>
/// <param name="Count">Number of threads, the calling one included; at least 1.</param>
/// <param name="Cancellation">Checked between pieces of work.</param>
public readonly record struct Workers(int Count, CancellationToken Cancellation)
{
    // So many pieces a thread even out cores that are busy elsewhere, and leave a piece of even a long kernel short enough to stop soon.
    private const int PiecesPerThread = 64;

    /// <summary>Only the calling thread, never stopped.</summary>
    public static Workers Single { get; } = new(1, CancellationToken.None);

    /// <summary>Runs a body over [0, length) in contiguous ranges, one range a piece of at least <paramref name="grain"/> items.</summary>
    /// <remarks>An exception of the body comes out as it was thrown, once no thread runs the body any more. A body may itself share work.</remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled between two pieces.</exception>
    public void For(int length, int grain, Action<int, int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        For(length, grain, new DelegateBody(body));
    }

    /// <inheritdoc cref="For(int, int, Action{int, int})"/>
    /// <remarks>Allocates nothing once a thread has done so before. The body is copied; its copies are shared among threads.</remarks>
    public void For<TBody>(int length, int grain, in TBody body)
        where TBody : struct, IRangeBody
    {
        if (length <= 0)
            return;
        grain = Math.Max(1, grain);
        if (Count > 1 && length >= 2L * grain)
        {
            WorkerJob<TBody>.Run(length, PieceSize(length, grain), Count, body, Cancellation);
            return;
        }

        // Counted in 64 bits: the end of a tensor of 2 GiB and one grain more is beyond 32.
        for (long start = 0; start < length; start += grain)
        {
            Cancellation.ThrowIfCancellationRequested();
            body.Run((int)start, (int)Math.Min(length, start + grain));
        }
    }

    private int PieceSize(int length, int grain) => (int)Math.Max(grain, (length + ((long)Count * PiecesPerThread) - 1) / ((long)Count * PiecesPerThread));

    private readonly struct DelegateBody(Action<int, int> body) : IRangeBody
    {
        public void Run(int start, int end) => body(start, end);
    }
}
