using NotebookPersist.Execution.Tracing;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public sealed partial class Session
{
    /// <summary>What the latest run with a trace took; null where there was none.</summary>
    public StepStats? LatestTrace { get; private set; }

    /// <summary>Computes several values in one run that is traced, or stopped after a time.</summary>
    /// <param name="fetches">Values, variables, operations or their names; each is computed once.</param>
    /// <param name="feedDict">Values that replace others.</param>
    /// <param name="options">Whether to trace, and when to stop.</param>
    /// <param name="metadata">Takes what the run tells of itself.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="RunException">As in other runs; also where the time was over (DEADLINE_EXCEEDED).</exception>
    /// <inheritdoc cref="Run(IReadOnlyList{Fetch}, FeedDict?, CancellationToken)"/>
    public Tensor?[] Run(IReadOnlyList<Fetch> fetches, FeedDict? feedDict, RunOptions options, RunMetadata? metadata = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Timeout, TimeSpan.Zero, nameof(options));
        RunTrace? trace = options.TraceLevel == TraceLevel.NoTrace ? null : new RunTrace();
        using CancellationTokenSource? deadline = options.Timeout > TimeSpan.Zero ? CancellationTokenSource.CreateLinkedTokenSource(cancellation) : null;
        deadline?.CancelAfter(options.Timeout);
        try
        {
            return Run(fetches, feedDict, trace, deadline?.Token ?? cancellation);
        }
        catch (OperationCanceledException) when (deadline is { IsCancellationRequested: true } && !cancellation.IsCancellationRequested && !Ambient.Value.IsCancellationRequested)
        {
            throw new RunException($"The run was stopped: it took longer than its timeout of {options.Timeout.TotalMilliseconds:0} ms. Give it more time or less to do.", RunErrorCode.DeadlineExceeded);
        }
        finally
        {
            if (trace is not null)
            {
                LatestTrace = trace.Finish();
                if (metadata is not null)
                    metadata.StepStats = LatestTrace;
            }
        }
    }
}
