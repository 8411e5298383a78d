namespace NotebookPersist;

/// <summary>Saves a checkpoint at the start, every so many steps or seconds, and at the end.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.CheckpointSaverHook</c>.</remarks>
public sealed class CheckpointSaverHook : SessionRunHook
{
    private readonly string _prefix;
    private readonly StepTimer _timer;
    private readonly Saver? _given;

    /// <summary>Saves into a folder.</summary>
    /// <param name="checkpointDir">The folder; made by the first save.</param>
    /// <param name="saveSecs">Unit: seconds between two saves; null where steps are given.</param>
    /// <param name="saveSteps">Unit: steps between two saves; null where seconds are given.</param>
    /// <param name="saver">Saves; by default one of all variables.</param>
    /// <param name="checkpointBasename">Name of the files, before a dash and the step.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">Both periods are given, or none.</exception>
    public CheckpointSaverHook(
        string checkpointDir, double? saveSecs = null, long? saveSteps = null, Saver? saver = null, string checkpointBasename = "model.ckpt", TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(checkpointDir);
        ArgumentException.ThrowIfNullOrEmpty(checkpointBasename);
        _prefix = Path.Combine(checkpointDir, checkpointBasename);
        _timer = new StepTimer(saveSecs, saveSteps, time, "saveSecs and saveSteps");
        _given = Saver = saver;
    }

    /// <summary>Saves; null until the hook begins, where none was given.</summary>
    public Saver? Saver { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The graph has no counter of steps.</exception>
    public override void Begin(Graph graph)
    {
        RequireStep(graph, nameof(CheckpointSaverHook));
        Saver = _given ?? new Saver(allowEmpty: true, graph: graph);
    }

    /// <inheritdoc/>
    public override void AfterCreateSession(MonitoredSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        Save(session, session.GlobalStep);
    }

    /// <inheritdoc/>
    public override void AfterRun(MonitoredSession session, IReadOnlyList<Tensor?> values)
    {
        ArgumentNullException.ThrowIfNull(session);
        long step = session.GlobalStep;
        if (_timer.IsDue(step))
            Save(session, step);
    }

    /// <inheritdoc/>
    public override void End(MonitoredSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        long step = session.GlobalStep;
        if (step != _timer.LastStep)
            Save(session, step);
    }

    private void Save(MonitoredSession session, long step)
    {
        _timer.Fire(step);
        Saver!.Save(session.Session, _prefix, step); // Begin has set it.
    }
}
