namespace NotebookPersist.Kernel.Scripting;

/// <summary>Threads of one stack size that do one piece of work after the other.</summary>
/// <remarks>
/// Starting a thread costs about as much as compiling a small cell on a busy machine. The pool's threads are no choice: a cell can keep all of them
/// busy, and their stacks are small. Each piece of work sees the execution context of whoever gave it, as on a thread of its own.
/// Thread safety: all members may be called from any thread.
/// </remarks>
internal sealed class SpareThreads(int stackByteCount)
{
    // Whoever runs cells one after the other does so within this time.
    private static readonly TimeSpan KeepTime = TimeSpan.FromSeconds(30);

    private readonly List<Worker> _idle = [];

    /// <summary>Runs <paramref name="work"/> on a thread that nobody waits for.</summary>
    /// <param name="name">What the thread is called meanwhile.</param>
    /// <param name="work">Tells by its result whether the thread is as it was, and can be used again. It must not throw.</param>
    public void Start(string name, Func<bool> work)
    {
        var job = new Job(name, work, ExecutionContext.Capture());
        Worker? spare = null;
        lock (_idle)
        {
            if (_idle.Count > 0)
            {
                spare = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
            }
        }

        if (spare is not null)
            spare.Give(job);
        else
            new Thread(new Worker(this, job).Serve, stackByteCount) { IsBackground = true }.UnsafeStart();
    }

    private sealed record Job(string Name, Func<bool> Work, ExecutionContext? Context);

    private sealed class Worker(SpareThreads owner, Job first)
    {
        private readonly object _gate = new();
        private Job? _next = first;

        public void Give(Job job)
        {
            lock (_gate)
            {
                _next = job;
                Monitor.Pulse(_gate);
            }
        }

        public void Serve()
        {
            var isIdle = false;
            while (true)
            {
                try
                {
                    if (Volatile.Read(ref _next) is not null)
                    {
                        isIdle = false;
                        if (!TryWork())
                            return;
                    }

                    if (!isIdle)
                    {
                        lock (owner._idle)
                            owner._idle.Add(this);
                        isIdle = true;
                    }

                    if (IsGivenWithin(KeepTime))
                        continue;

                    // Where somebody has just taken it, work is on its way.
                    lock (owner._idle)
                    {
                        if (owner._idle.Remove(this))
                            return;
                    }
                }
                catch (ThreadInterruptedException)
                {
                    // Code of a cell remembers the thread that it ran on.
                }
            }
        }

        private bool IsGivenWithin(TimeSpan time)
        {
            lock (_gate)
                return _next is not null || (Monitor.Wait(_gate, time) && _next is not null);
        }

        // On its own, so that nothing of the work stays reachable from the stack of a thread that waits.
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        private bool TryWork()
        {
            var job = _next!; // One was given.
            _next = null;
            var thread = Thread.CurrentThread;
            thread.Name = job.Name;
            var isReusable = false;
            if (job.Context is null)
                isReusable = job.Work();
            else
                ExecutionContext.Run(job.Context, _ => isReusable = job.Work(), null);
            return isReusable && thread is { IsBackground: true, Priority: ThreadPriority.Normal };
        }
    }
}
