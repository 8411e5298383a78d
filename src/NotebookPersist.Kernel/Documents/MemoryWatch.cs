namespace NotebookPersist.Kernel.Documents;

/// <summary>Looks at the memory of the process again and again, and tells when it passes a limit.</summary>
/// <remarks>
/// Garbage does not count: before the limit counts as passed it is collected. What counts is what the system has given to the process: managed and
/// native memory and the mapped pages of files that are in use. Thread safety: all members may be called from any thread.
/// </remarks>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    // A collection of a large heap takes its time; a run that stays close below its limit must not do nothing else.
    private static readonly TimeSpan CollectInterval = TimeSpan.FromSeconds(2);

    private readonly long _limit;
    private readonly Func<long> _measure;
    private readonly CancellationTokenSource _passed = new();
    private readonly Timer _timer;
    private readonly Lock _gate = new();
    private long _latestCollection;
    private bool _isDisposed;

    /// <summary>Starts to look.</summary>
    /// <param name="limit">Unit: bytes.</param>
    /// <param name="measure">What the process uses, in bytes; null for its working set.</param>
    public MemoryWatch(long limit, Func<long>? measure = null)
    {
        _limit = limit;
        _measure = measure ?? (static () => Environment.WorkingSet);
        _latestCollection = Environment.TickCount64 - (long)CollectInterval.TotalMilliseconds;
        Passed = _passed.Token;
        _timer = new Timer(_ => Look(), null, Interval, Interval);
    }

    /// <summary>Cancelled when the limit was passed.</summary>
    public CancellationToken Passed { get; }

    /// <summary>What the process used when it passed the limit; 0 before. Unit: bytes.</summary>
    public long ByteCount { get; private set; }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer.Dispose();
            _passed.Dispose();
        }
    }

    private void Look()
    {
        // Whoever comes while another one still collects has nothing to do.
        if (!_gate.TryEnter())
            return;
        try
        {
            if (_isDisposed || ByteCount > 0 || _measure() <= _limit)
                return;
            var now = Environment.TickCount64;
            if (now - _latestCollection < CollectInterval.TotalMilliseconds && _measure() <= _limit + (_limit / 4))
                return;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _latestCollection = Environment.TickCount64;
            var used = _measure();
            if (used <= _limit)
                return;
            ByteCount = used;
            _passed.Cancel();
        }
        finally
        {
            _gate.Exit();
        }
    }
}
