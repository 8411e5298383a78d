namespace NotebookPersist.Kernels;

/// <summary>The threads of the process that kernels share: one for each processor but the caller's.</summary>
/// <remarks>
/// A thread that has nothing to do looks around for some microseconds, since kernels follow each other closely, and then sleeps.
/// Thread safety: all members may be called from any thread, also from within a job.
/// </remarks>
internal sealed class WorkerPool(int size)
{
    private const int SpinsBeforeParking = 100;

    private readonly object _gate = new();
    private WorkerJob? _open;
    private int _openCount;
    private int _parked;
    private int _started;

    public static WorkerPool Shared { get; } = new(Environment.ProcessorCount - 1);

    /// <summary>Lets threads of the pool join a job.</summary>
    /// <param name="job">The job, ready to be worked on.</param>
    /// <param name="helpers">How many threads may join.</param>
    public void Open(WorkerJob job, int helpers)
    {
        if (helpers <= 0 || size == 0)
            return;
        lock (_gate)
        {
            job.Room = helpers;
            job.Next = _open;
            _open = job;
            _openCount++;
            for (int i = Math.Min(helpers, _parked); i > 0; i--)
                Monitor.Pulse(_gate);
            while (_started < Math.Min(helpers, size))
                Start();
        }
    }

    /// <summary>No further thread joins.</summary>
    public void Close(WorkerJob job)
    {
        lock (_gate)
        {
            if (job.Room > 0)
                Unlink(job);
        }
    }

    private void Start()
    {
        _started++;
        var thread = new Thread(Serve) { IsBackground = true, Name = $"NotebookPersist worker {_started}" };
        thread.UnsafeStart();
    }

    private void Serve()
    {
        while (true)
        {
            WorkerJob job = Take();
            job.Work();
            job.Leave();
        }
    }

    private WorkerJob Take()
    {
        for (int i = 0; i < SpinsBeforeParking && Volatile.Read(ref _openCount) == 0; i++)
            Thread.SpinWait(16);
        lock (_gate)
        {
            while (_open is null)
            {
                _parked++;
                Monitor.Wait(_gate);
                _parked--;
            }

            WorkerJob job = _open;
            job.Join();
            if (--job.Room == 0)
                Unlink(job);
            return job;
        }
    }

    private void Unlink(WorkerJob job)
    {
        job.Room = 0;
        _openCount--;
        if (_open == job)
        {
            _open = job.Next;
        }
        else
        {
            WorkerJob before = _open!; // A job with room is in the list.
            while (before.Next != job)
                before = before.Next!;
            before.Next = job.Next;
        }

        job.Next = null;
    }
}
