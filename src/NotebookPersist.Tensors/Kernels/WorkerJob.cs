using System.Runtime.ExceptionServices;

namespace NotebookPersist.Kernels;

/// <summary>Pieces of work that the caller and the threads of the pool take one after another until none is left.</summary>
internal abstract class WorkerJob
{
    private const int SpinsBeforeWaiting = 64;

    private readonly object _left = new();
    private CancellationToken _cancellation;
    private ExceptionDispatchInfo? _fault;
    private long _taken;
    private long _length;
    private int _size;
    private int _helpers;

    /// <summary>The next open job; guarded by the pool.</summary>
    public WorkerJob? Next { get; set; }

    /// <summary>How many more threads may join; guarded by the pool.</summary>
    public int Room { get; set; }

    /// <summary>A thread of the pool joins; called by the pool while the job is open.</summary>
    public void Join() => Interlocked.Increment(ref _helpers);

    /// <summary>Takes pieces until none is left.</summary>
    public void Work()
    {
        try
        {
            while (Interlocked.Add(ref _taken, _size) - _size is var start && start < _length)
            {
                _cancellation.ThrowIfCancellationRequested();
                RunPiece((int)start, (int)Math.Min(_length, start + _size));
            }
        }
        catch (Exception fault)
        {
            // The caller throws it again; whoever else works here stops before the next piece.
            Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(fault), null);
            Interlocked.Exchange(ref _taken, _length);
        }
    }

    /// <summary>A thread of the pool has no more to do here.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _helpers) > 0)
            return;
        lock (_left)
            Monitor.PulseAll(_left);
    }

    protected abstract void RunPiece(int start, int end);

    protected void Run(int length, int size, int threads, CancellationToken cancellation)
    {
        (_length, _size, _taken, _fault, _cancellation) = (length, size, 0, null, cancellation);
        long pieces = ((long)length + size - 1) / size;
        WorkerPool.Shared.Open(this, (int)Math.Min(threads, pieces) - 1);
        Work();
        WorkerPool.Shared.Close(this);
        WaitForHelpers();
        ExceptionDispatchInfo? fault = _fault;
        _fault = null;
        fault?.Throw();
    }

    private void WaitForHelpers()
    {
        for (int i = 0; i < SpinsBeforeWaiting && Volatile.Read(ref _helpers) > 0; i++)
            Thread.SpinWait(16);
        if (Volatile.Read(ref _helpers) == 0)
            return;
        lock (_left)
        {
            while (Volatile.Read(ref _helpers) > 0)
                Monitor.Wait(_left);
        }
    }
}

/// <summary>A job with its body. One is kept for each thread and type of body, so that sharing work allocates nothing.</summary>
internal sealed class WorkerJob<TBody> : WorkerJob
    where TBody : struct, IRangeBody
{
    [ThreadStatic]
    private static WorkerJob<TBody>? _idle;

    private TBody _body;

    public static void Run(int length, int size, int threads, in TBody body, CancellationToken cancellation)
    {
        // While a body shares work of its own kind, the job of this thread is taken.
        WorkerJob<TBody> job = _idle ?? new WorkerJob<TBody>();
        _idle = null;
        job._body = body;
        try
        {
            job.Run(length, size, threads, cancellation);
        }
        finally
        {
            job._body = default;
            _idle = job;
        }
    }

    protected override void RunPiece(int start, int end) => _body.Run(start, end);
}
