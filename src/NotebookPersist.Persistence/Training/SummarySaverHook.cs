using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Writes summaries at the first run and every so many steps or seconds.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.SummarySaverHook</c>.</remarks>
public sealed class SummarySaverHook : SessionRunHook, IDisposable
{
    private readonly StepTimer _timer;
    private readonly string? _folder;
    private readonly Output? _given;
    private SummaryWriter? _writer;
    private Output? _summary;
    private long? _next;
    private bool _asks;

    /// <summary>Writes into a folder, or with a writer.</summary>
    /// <param name="saveSteps">Unit: steps between two summaries; null where seconds are given.</param>
    /// <param name="saveSecs">Unit: seconds between two summaries; null where steps are given.</param>
    /// <param name="outputDir">The folder; null where a writer is given.</param>
    /// <param name="summaryWriter">The writer, which stays open; null for one in the folder.</param>
    /// <param name="summaryOp">A summary, as a string; by default all of the graph merged.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">Both periods or none, or neither folder nor writer are given.</exception>
    public SummarySaverHook(
        long? saveSteps = null, double? saveSecs = null, string? outputDir = null, SummaryWriter? summaryWriter = null, Output? summaryOp = null, TimeProvider? time = null)
    {
        if (outputDir is null == summaryWriter is null)
            throw new ArgumentException("Exactly one of outputDir and summaryWriter should be provided.");
        _timer = new StepTimer(saveSecs, saveSteps, time, "saveSteps and saveSecs");
        (_folder, _writer, _given) = (outputDir, summaryWriter, summaryOp);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The graph has no counter of steps.</exception>
    public override void Begin(Graph graph)
    {
        RequireStep(graph, nameof(SummarySaverHook));
        _summary = _given ?? SummaryFunctions.MergeAll(graph);
        if (_folder is not null)
            _writer = new SummaryWriter(_folder, graph);
        _next = null;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Fetch> BeforeRun(MonitoredSession session)
    {
        _asks = _summary is not null && (_next is not { } next || _timer.IsDue(next));
        return _asks ? [_summary!] : []; // It asks only where there is one.
    }

    /// <inheritdoc/>
    public override void AfterRun(MonitoredSession session, IReadOnlyList<Tensor?> values)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(values);
        long step = session.GlobalStep;
        if (_next is null)
            _writer!.AddSessionLog(new SessionLog { Status = SessionLog.Types.SessionStatus.Start }, step); // Begin has set it.
        if (_asks)
        {
            _timer.Fire(step);
            _writer!.AddSummary(values[0]!, step); // Fetched as a value.
        }

        _next = step + 1;
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
