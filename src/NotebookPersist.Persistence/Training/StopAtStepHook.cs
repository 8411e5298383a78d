namespace NotebookPersist;

/// <summary>Asks for the end at a step, or after some steps.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.StopAtStepHook</c>.</remarks>
public sealed class StopAtStepHook : SessionRunHook
{
    private readonly long? _numSteps;
    private long _lastStep;

    /// <summary>Stops after a number of steps from the start of the session, or at a step.</summary>
    /// <param name="numSteps">Unit: steps from now on; null where the last one is given.</param>
    /// <param name="lastStep">The step to stop at; null where their number is given.</param>
    /// <exception cref="ArgumentException">Both are given, or none.</exception>
    public StopAtStepHook(long? numSteps = null, long? lastStep = null)
    {
        if (numSteps is null == lastStep is null)
            throw new ArgumentException("Exactly one of numSteps and lastStep must be specified.");
        (_numSteps, _lastStep) = (numSteps, lastStep ?? 0);
    }

    /// <inheritdoc/>
    public override void AfterCreateSession(MonitoredSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (_numSteps is { } steps)
            _lastStep = session.GlobalStep + steps;
    }

    /// <inheritdoc/>
    public override void AfterRun(MonitoredSession session, IReadOnlyList<Tensor?> values)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.GlobalStep >= _lastStep)
            session.RequestStop();
    }
}
