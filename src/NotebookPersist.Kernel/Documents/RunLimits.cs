using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Documents;

/// <summary>What ends a run, or a cell of it, from outside: time limits, the memory limit and whoever cancels.</summary>
internal sealed class RunLimits : IDisposable
{
    // An interrupt gives up after three quarters of a minute; by then a cell has ended or never will.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly NotebookRunOptions _options;
    private readonly CancellationToken _outside;
    private readonly CancellationTokenSource _timeout = new();
    private readonly MemoryWatch? _memory;
    private readonly CancellationTokenSource _stop;

    /// <summary>The time of the run counts from now on.</summary>
    public RunLimits(NotebookRunOptions options, Func<long>? measureMemory, CancellationToken outside)
    {
        _options = options;
        _outside = outside;
        if (options.Timeout is { } limit)
            _timeout.CancelAfter(limit);
        if (options.MemoryLimit is { } bytes)
            _memory = new MemoryWatch(bytes, measureMemory);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, outside, _memory?.Passed ?? CancellationToken.None);
    }

    /// <summary>Cancelled when the run, or the cell that starts now, has to end.</summary>
    public CancellationTokenSource ForCell()
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        if (_options.CellTimeout is { } limit)
            stop.CancelAfter(limit);
        return stop;
    }

    /// <summary>Why a cell has failed.</summary>
    public NotebookFailure Failure(CellError error, CellStatus status, int number, CancellationToken ofCell)
    {
        if (status != CellStatus.Interrupted)
            return new NotebookFailure(NotebookFailureCause.CellError, number, error);
        if (_memory is { ByteCount: > 0 } memory)
            return Ended(NotebookFailureCause.OutOfMemory, $"The run needs more than the allowed {Bytes(_options.MemoryLimit)} of memory: the process used {Bytes(memory.ByteCount)}.");
        if (_outside.IsCancellationRequested)
            return Ended(NotebookFailureCause.Cancelled, "The run was cancelled.");
        if (_timeout.IsCancellationRequested)
            return Ended(NotebookFailureCause.TimedOut, FormattableString.Invariant($"The run took longer than the allowed {_options.Timeout?.TotalSeconds:0.###} s."));
        return ofCell.IsCancellationRequested
            ? Ended(NotebookFailureCause.CellTimedOut, FormattableString.Invariant($"The cell took longer than the allowed {_options.CellTimeout?.TotalSeconds:0.###} s."))
            : new NotebookFailure(NotebookFailureCause.CellError, number, error);

        NotebookFailure Ended(NotebookFailureCause cause, string message) => new(cause, number, error with { Message = message });
    }

    /// <summary>Ends a while after a cell was told to end.</summary>
    public static async Task PatienceAfter(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = stop.Register(stopped.SetResult);
        await stopped.Task.ConfigureAwait(false);
        await Task.Delay(Patience, CancellationToken.None).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _memory?.Dispose();
        _timeout.Dispose();
    }

    private static string Bytes(long? count) => Notebooks.Magics.MagicReport.Bytes(count ?? 0);
}
