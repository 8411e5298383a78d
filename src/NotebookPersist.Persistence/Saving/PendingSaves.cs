namespace NotebookPersist.Persistence;

/// <summary>The asynchronous saves of one saver: one is written, the others wait in order.</summary>
/// <remarks>Thread safety: all members may be called from any thread.</remarks>
internal sealed class PendingSaves
{
    private readonly Lock _lock = new();
    private readonly List<Job> _waiting = [];
    private Job? _running;
    private readonly List<Exception> _failures = [];

    /// <summary>Starts a save, or lets it wait for its turn.</summary>
    /// <param name="overlap">What becomes of one that waits already.</param>
    /// <param name="write">Writes the checkpoint.</param>
    /// <param name="snapshot">Let go of where the save is never written.</param>
    public Task<string> Add(SaveOverlap overlap, Func<string> write, IDisposable snapshot)
    {
        var job = new Job(write, snapshot);
        lock (_lock)
        {
            if (_running is null)
                Start(job);
            else
                Enqueue(job, overlap);
        }

        return job.Completion.Task;
    }

    /// <summary>Waits until nothing is left to write.</summary>
    public void Wait(CancellationToken cancellation)
    {
        while (Last() is { } last)
            Task.WhenAny(last.Completion.Task).Wait(cancellation);
    }

    /// <summary>Why saves failed since this was last asked, oldest first.</summary>
    public IReadOnlyList<Exception> TakeFailures()
    {
        lock (_lock)
        {
            Exception[] failures = [.. _failures];
            _failures.Clear();
            return failures;
        }
    }

    private Job? Last()
    {
        lock (_lock)
            return _waiting.Count > 0 ? _waiting[^1] : _running;
    }

    private void Enqueue(Job job, SaveOverlap overlap)
    {
        if (overlap == SaveOverlap.Coalesce)
        {
            foreach (Job outdone in _waiting)
            {
                // Whoever awaits it learns of the checkpoint that was written in its place.
                outdone.Snapshot.Dispose();
                job.Followers.Add(outdone);
                job.Followers.AddRange(outdone.Followers);
            }

            _waiting.Clear();
        }

        _waiting.Add(job);
    }

    private void Start(Job job)
    {
        _running = job;

        // A thread of its own, and one that the process waits for: a save outlives the program's last line.
        new Thread(() => Run(job)) { Name = "Checkpoint", IsBackground = false }.Start();
    }

    private void Run(Job job)
    {
        Action<Job> finish;
        try
        {
            string prefix = job.Write();
            finish = j => j.Completion.TrySetResult(prefix);
        }
        catch (OperationCanceledException stopped)
        {
            finish = j => j.Completion.TrySetCanceled(stopped.CancellationToken);
        }
        catch (Exception fault)
        {
            finish = j => j.Completion.TrySetException(fault);
            lock (_lock)
                _failures.Add(fault);
        }

        lock (_lock)
        {
            _running = null;
            if (_waiting.Count > 0)
            {
                Job next = _waiting[0];
                _waiting.RemoveAt(0);
                Start(next);
            }
        }

        finish(job);
        foreach (Job follower in job.Followers)
            finish(follower);
    }

    private sealed class Job(Func<string> write, IDisposable snapshot)
    {
        public Func<string> Write { get; } = write;

        public IDisposable Snapshot { get; } = snapshot;

        public List<Job> Followers { get; } = [];

        // Whoever awaits goes on elsewhere, not on the thread that writes.
        public TaskCompletionSource<string> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
