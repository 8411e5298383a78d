using System.Diagnostics;
using System.Runtime;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Runs the code of one cell on a thread that it has to itself, and that can be stopped from outside.</summary>
internal sealed class CellThread : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(50);

    // Whoever waits for longer than this wants to know why.
    private static readonly TimeSpan SilentTime = TimeSpan.FromSeconds(3);

    // Counted in quiet times: half a minute, and longer while something is being compiled.
    private const int FirstAbort = 600;
    private const int PatienceInQuietTimes = 900;
    private const int RetryLimit = 940;

    // Who may touch the thread: an interrupt after the end of the body would hit what the host does next on it.
    private const int Free = 0;
    private const int Interrupting = 1;
    private const int Ended = 2;

    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource<Exception?> _completion = new();
    private readonly Func<Task> _body;
    private readonly CellSession _session;
    private volatile Thread? _thread;
    private int _state;
    private volatile bool _wasInterrupted;

    private CellThread(Func<Task> body, CellSession session)
    {
        _body = body;
        _session = session;
    }

    /// <summary>Ends with the exception that ended the body, or null. Never fails itself.</summary>
    /// <remarks>What awaits it goes on on the cell's thread: a cell that keeps the thread pool busy must not delay its own end.</remarks>
    public Task<Exception?> Completion => _completion.Task;

    /// <summary>Runs <paramref name="body"/>, its awaits included, and gives the exception that ended it, or null.</summary>
    public static async Task<Exception?> RunAsync(Func<Task> body, CellSession session, SpareThreads threads)
    {
        using var thread = new CellThread(body, session);
        session.Attach(thread);
        threads.Start(session.Name, thread.Run);
        var exception = await thread.Completion.ConfigureAwait(false);
        session.Attach(null);
        return exception;
    }

    /// <summary>Stops the body wherever it is: waiting or computing. Blocks until it has ended.</summary>
    /// <param name="grace">What it gets to end by itself.</param>
    /// <returns>False where it could not be stopped.</returns>
    public bool Stop(TimeSpan grace)
    {
        if (Completion.Wait(grace))
            return true;

        // Interrupt frees a blocked thread; user code may catch it, hence the repetition. Cancel aborts a computing one, but the runtime ends the
        // process ("terminate called after throwing an instance of 'PAL_SEHException'") where that meets the thread inside the runtime itself,
        // compiling a method for example. So it is the last means, for code without a stop point, and waits until nothing is being compiled.
        var compiled = JitInfo.GetCompiledMethodCount();
        var isAborting = false;
        var isTold = false;
        var elapsed = Stopwatch.StartNew();
        for (var attempt = 0; attempt < RetryLimit; attempt++)
        {
            while (_session.IsEnding)
            {
                if (Completion.Wait(QuietTime))
                    return true;
            }

            Interrupt();
            if (!isTold && elapsed.Elapsed > SilentTime)
            {
                isTold = true;
                _session.Write("stderr", $"{_session.Name} has not stopped yet: it is inside code that takes no interrupt, native code for example. It stops when that ends; to end it now, restart the kernel.{Environment.NewLine}");
            }

            if (Completion.Wait(isAborting ? RetryDelay : QuietTime))
                return true;
            var count = JitInfo.GetCompiledMethodCount();
            if (!isAborting && !_session.IsEnding && attempt >= FirstAbort && (count == compiled || attempt >= PatienceInQuietTimes))
            {
                isAborting = true;
                Background.Start("Abort", Abort);
            }

            compiled = count;
        }

        return false;
    }

    public void Dispose() => _abort.Dispose();

    private void Interrupt()
    {
        if (_thread is not { } thread || Interlocked.CompareExchange(ref _state, Interrupting, Free) != Free)
            return;
        _wasInterrupted = true;
        thread.Interrupt();
        Volatile.Write(ref _state, Free);
    }

    // From here on nobody interrupts the thread, and nothing is left of what interrupted it.
    private void End()
    {
        while (Interlocked.CompareExchange(ref _state, Ended, Free) != Free)
            Thread.SpinWait(1);
        if (!_wasInterrupted)
            return;
        try
        {
            Thread.Sleep(1);
        }
        catch (ThreadInterruptedException)
        {
            // It came when the body had no wait left to be freed from.
        }
    }

    private void Abort()
    {
        try
        {
            _abort.Cancel();
        }
        catch (ObjectDisposedException) when (Completion.IsCompleted)
        {
            // The cell ended between the decision to abort it and the abort: there is nothing left to stop.
        }
    }

    // Tells whether the thread is good for another cell: no stop of this one may reach it.
    private bool Run()
    {
        _thread = Thread.CurrentThread;
        _session.Enter();
        var pump = new Pump(_session);
        SynchronizationContext.SetSynchronizationContext(pump);
        Task? task = null;
        Exception? failure = null;
        try
        {
            // The documented successor of Thread.Abort; marked obsolete only to warn that the code is stopped at any point, which is the purpose here.
#pragma warning disable SYSLIB0046
            ControlledExecution.Run(
                () =>
                {
                    task = _body();
                    pump.RunUntilCompleted(task);
                },
                _abort.Token);
#pragma warning restore SYSLIB0046
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (_abort.IsCancellationRequested)
            SignalMask.Clear();
        End();
        pump.Close();
        SynchronizationContext.SetSynchronizationContext(null);
        if (failure is null && task is { IsFaulted: true })
            failure = task.Exception!.InnerException; // A faulted task always holds at least one.
        else if (failure is null && task is { IsCanceled: true })
            failure = new TaskCanceledException(task);
        var isReusable = !_session.IsInterrupted;
        _completion.SetResult(failure);
        return isReusable;
    }

    /// <summary>Keeps the continuations of awaits on the cell's thread, where an interrupt reaches them.</summary>
    private sealed class Pump(CellSession session) : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
        private bool _closed;

        public override void Post(SendOrPostCallback d, object? state)
        {
            lock (_queue)
            {
                if (!_closed)
                {
                    _queue.Enqueue((d, state));
                    Monitor.Pulse(_queue);
                    return;
                }
            }

            // What the cell left running after its end goes on in the background, unless the cell was told to stop.
            if (!session.IsInterrupted)
                ThreadPool.QueueUserWorkItem(_ => RunLate(d, state));
        }

        public override SynchronizationContext CreateCopy() => this;

        public void RunUntilCompleted(Task task)
        {
            task.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            while (true)
            {
                (SendOrPostCallback Callback, object? State) next;
                lock (_queue)
                {
                    while (_queue.Count == 0 && !task.IsCompleted)
                        Monitor.Wait(_queue);
                    if (_queue.Count == 0)
                        return;
                    next = _queue.Dequeue();
                }

                next.Callback(next.State);
            }
        }

        public void Close()
        {
            (SendOrPostCallback Callback, object? State)[] left;
            lock (_queue)
            {
                _closed = true;
                left = [.. _queue];
                _queue.Clear();
            }

            foreach (var (callback, state) in left)
                Post(callback, state);
        }

        private void Wake()
        {
            lock (_queue)
                Monitor.PulseAll(_queue);
        }

        private void RunLate(SendOrPostCallback callback, object? state)
        {
            // An exception on a pool thread would end the process, and with it everything the notebook holds.
            try
            {
                callback(state);
            }
            catch (Exception e)
            {
                session.Write("stderr", $"Code that {session.Name} left running failed: {e.GetType().Name}: {e.Message}{Environment.NewLine}");
            }
        }
    }
}
