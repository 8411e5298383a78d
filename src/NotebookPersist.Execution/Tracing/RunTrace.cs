using System.Diagnostics;

namespace NotebookPersist.Execution.Tracing;

/// <summary>Notes when each operation of one run began and ended.</summary>
/// <remarks>Thread safety: one run at a time; the functions that a run calls are on the same thread, and branches have traces of their own.</remarks>
internal sealed class RunTrace
{
    private readonly List<NodeStats> _nodes = [];
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();
    private readonly long _origin = Stopwatch.GetTimestamp();
    private readonly int _lane;

    public RunTrace()
    {
    }

    private RunTrace(RunTrace whole, int lane) => (_startedAt, _origin, _lane) = (whole._startedAt, whole._origin, lane);

    // Time of operations that ran inside of the present one, such as those of a called function.
    private TimeSpan _inside;

    /// <summary>Runs a step and notes it.</summary>
    public void Run(RunPlan.Step step, StepContext context)
    {
        TimeSpan outer = _inside;
        _inside = TimeSpan.Zero;
        TimeSpan start = Stopwatch.GetElapsedTime(_origin);
        step.Op.Compute(context);
        TimeSpan duration = Stopwatch.GetElapsedTime(_origin) - start;
        _nodes.Add(new NodeStats(step.Operation.Name, step.Operation.Type, start, duration, duration - _inside, context.OutputByteCount(), [.. step.Operation.Inputs.Select(static i => i.InputName)]) { Lane = _lane });
        _inside = outer + duration;
    }

    /// <summary>Notes a branch that runs beside others, on a thread of its own.</summary>
    /// <param name="index">Which of them.</param>
    public RunTrace Branch(int index) => new(this, _lane + index);

    /// <summary>Takes over what a branch noted, once it has ended.</summary>
    public void Join(RunTrace branch) => _nodes.AddRange(branch._nodes);

    /// <summary>What was noted.</summary>
    public StepStats Finish() => new(_startedAt, Stopwatch.GetElapsedTime(_origin), _nodes);
}
