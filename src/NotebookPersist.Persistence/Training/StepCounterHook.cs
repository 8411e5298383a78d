using System.Globalization;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Tells how many steps there are in a second.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.StepCounterHook</c>.</remarks>
public sealed class StepCounterHook : SessionRunHook, IDisposable
{
    private readonly StepTimer _timer;
    private readonly string? _folder;
    private readonly TextWriter? _log;
    private SummaryWriter? _writer;

    /// <summary>Counts, and writes the rate as the summary "global_step/sec" and as a line.</summary>
    /// <param name="everyNSteps">Unit: steps between two figures; null where seconds are given.</param>
    /// <param name="everyNSecs">Unit: seconds between two figures; null where steps are given.</param>
    /// <param name="outputDir">Folder of summaries; null for none.</param>
    /// <param name="summaryWriter">Writer of summaries, which stays open; null for none, or one in the folder.</param>
    /// <param name="log">Where lines go; by default the console.</param>
    /// <param name="time">The clock.</param>
    public StepCounterHook(
        long? everyNSteps = 100, double? everyNSecs = null, string? outputDir = null, SummaryWriter? summaryWriter = null, TextWriter? log = null, TimeProvider? time = null)
    {
        _timer = new StepTimer(everyNSecs, everyNSteps, time, "everyNSteps and everyNSecs");
        (_folder, _writer, _log) = (summaryWriter is null ? outputDir : null, summaryWriter, log);
    }

    /// <inheritdoc/>
    public override void Begin(Graph graph)
    {
        _timer.Reset();
        if (_folder is not null)
            _writer = new SummaryWriter(_folder);
    }

    /// <inheritdoc/>
    public override void AfterRun(MonitoredSession session, IReadOnlyList<Tensor?> values)
    {
        ArgumentNullException.ThrowIfNull(session);
        long step = session.GlobalStep;
        if (!_timer.IsDue(step) || _timer.Fire(step) is not { } since)
            return;
        double rate = since.Steps / since.Elapsed.TotalSeconds;
        _writer?.AddSummary(new Summary { Value = { new Summary.Types.Value { Tag = "global_step/sec", SimpleValue = (float)rate } } }, step);
        (_log ?? Console.Out).WriteLine(string.Create(CultureInfo.InvariantCulture, $"global_step/sec: {rate:G6}"));
    }

    /// <inheritdoc/>
    public override void End(MonitoredSession session) => _writer?.Flush();

    /// <summary>Closes the writer, where the hook opened it.</summary>
    public void Dispose()
    {
        if (_folder is not null)
            _writer?.Dispose();
    }
}
