namespace NotebookPersist.Kernels;

/// <summary>Stops long kernels that do not share their work: what <see cref="Workers"/> does between pieces, for a single thread's loops.</summary>
/// <remarks>Each thread has its own token, set by whoever runs kernels on it. Without one, nothing is stopped. Thread safety: each thread sees its own.</remarks>
public static class Interruption
{
    // How many cheap steps go by unchecked; a power of two.
    private const int Stride = 4096;

    [ThreadStatic]
    private static CancellationToken _token;

    /// <summary>From now on this thread's kernels stop when the token is cancelled, until the scope ends.</summary>
    public static Scope Enter(CancellationToken token)
    {
        CancellationToken outer = _token;
        _token = token;
        return new Scope(outer);
    }

    /// <summary>To be called where less than a millisecond's work lies between two calls.</summary>
    /// <exception cref="OperationCanceledException">This thread's work is to stop.</exception>
    public static void Check()
    {
        if (_token.IsCancellationRequested)
            _token.ThrowIfCancellationRequested();
    }

    /// <summary>To be called in every step of a loop of cheap steps.</summary>
    /// <param name="step">Counts the steps.</param>
    /// <exception cref="OperationCanceledException">This thread's work is to stop.</exception>
    public static void Check(int step)
    {
        if ((step & (Stride - 1)) == 0)
            Check();
    }

    /// <summary>Gives the thread back the token it had before.</summary>
    public readonly ref struct Scope
    {
        private readonly CancellationToken _outer;

        internal Scope(CancellationToken outer) => _outer = outer;

        /// <summary>Ends the scope.</summary>
        public void Dispose() => _token = _outer;
    }
}
