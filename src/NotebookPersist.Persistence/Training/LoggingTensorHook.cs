using System.Globalization;

namespace NotebookPersist;

/// <summary>Writes values at the first run and every so many runs or seconds.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.LoggingTensorHook</c>.</remarks>
public sealed class LoggingTensorHook : SessionRunHook
{
    private readonly IReadOnlyList<(string Name, Fetch Value)> _tensors;
    private readonly StepTimer? _timer;
    private readonly bool _atEnd;
    private readonly Func<IReadOnlyDictionary<string, Tensor?>, string>? _formatter;
    private readonly TextWriter? _writer;
    private long _runs;
    private bool _asks;

    /// <summary>Writes values under names.</summary>
    /// <param name="tensors">Values by the names they are written with.</param>
    /// <param name="everyNIter">Unit: runs between two lines; null where seconds are given, or only the end counts.</param>
    /// <param name="everyNSecs">Unit: seconds between two lines; null where runs are given, or only the end counts.</param>
    /// <param name="atEnd">Whether a line comes at the end.</param>
    /// <param name="formatter">Makes the line; by default <c>name = value</c> for each, and the seconds since the line before.</param>
    /// <param name="writer">Where to; by default the console.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">Both periods are given, or none and no line at the end.</exception>
    public LoggingTensorHook(
        IReadOnlyDictionary<string, Output> tensors,
        long? everyNIter = null,
        double? everyNSecs = null,
        bool atEnd = false,
        Func<IReadOnlyDictionary<string, Tensor?>, string>? formatter = null,
        TextWriter? writer = null,
        TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        bool onlyAtEnd = atEnd && everyNIter is null && everyNSecs is null;
        _timer = onlyAtEnd ? null : new StepTimer(everyNSecs, everyNIter, time, "everyNIter and everyNSecs");
        _tensors = [.. tensors.Select(static t => (t.Key, (Fetch)t.Value))];
        (_atEnd, _formatter, _writer) = (atEnd, formatter, writer);
    }

    /// <summary>Writes values under their own names.</summary>
    /// <inheritdoc cref="LoggingTensorHook(IReadOnlyDictionary{string, Output}, long?, double?, bool, Func{IReadOnlyDictionary{string, Tensor?}, string}, TextWriter, TimeProvider)"/>
    public LoggingTensorHook(
        IEnumerable<Output> tensors,
        long? everyNIter = null,
        double? everyNSecs = null,
        bool atEnd = false,
        Func<IReadOnlyDictionary<string, Tensor?>, string>? formatter = null,
        TextWriter? writer = null,
        TimeProvider? time = null)
        : this((tensors ?? throw new ArgumentNullException(nameof(tensors))).ToDictionary(static t => t.Name), everyNIter, everyNSecs, atEnd, formatter, writer, time)
    {
    }

    /// <inheritdoc/>
    public override void Begin(Graph graph)
    {
        _runs = 0;
        _timer?.Reset();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Fetch> BeforeRun(MonitoredSession session)
    {
        _asks = _timer is not null && _timer.IsDue(_runs);
        return _asks ? Fetches : [];
    }

    /// <inheritdoc/>
    public override void AfterRun(MonitoredSession session, IReadOnlyList<Tensor?> values)
    {
        if (_asks)
            Log(values);
        _runs++;
    }

    /// <inheritdoc/>
    public override void End(MonitoredSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (_atEnd)
            Log(session.Session.Run(Fetches));
    }

    private IReadOnlyList<Fetch> Fetches => [.. _tensors.Select(static t => t.Value)];

    private void Log(IReadOnlyList<Tensor?> values)
    {
        (TimeSpan Elapsed, long)? since = _timer?.Fire(_runs);
        Dictionary<string, Tensor?> named = _tensors.Select((t, i) => (t.Name, Value: values[i])).ToDictionary(static p => p.Name, static p => p.Value);
        string line = _formatter?.Invoke(named) ?? string.Join(", ", named.Select(static v => $"{v.Key} = {v.Value}"))
            + (since is { } s ? string.Create(CultureInfo.InvariantCulture, $" ({s.Elapsed.TotalSeconds:F3} sec)") : "");
        (_writer ?? Console.Out).WriteLine(line);
    }
}
