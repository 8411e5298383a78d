namespace NotebookPersist;

/// <summary>Tells when it is time again: after a number of steps, or of seconds.</summary>
/// <remarks>Source: TensorFlow's <c>SecondOrStepTimer</c>. Thread safety: none.</remarks>
internal sealed class StepTimer
{
    private readonly TimeSpan? _period;
    private readonly long? _steps;
    private readonly TimeProvider _time;
    private long _stamp;

    /// <summary>A timer that has not fired yet.</summary>
    /// <param name="seconds">Unit: seconds; null where steps are given.</param>
    /// <param name="steps">Unit: steps; null where seconds are given.</param>
    /// <param name="time">The clock.</param>
    /// <param name="names">How the caller calls the two, for the message.</param>
    /// <exception cref="ArgumentException">Both are given, or none, or one is not positive.</exception>
    public StepTimer(double? seconds, long? steps, TimeProvider? time, string names)
    {
        if (seconds is null == steps is null)
            throw new ArgumentException($"Exactly one of {names} should be provided.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seconds ?? 1, nameof(seconds));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps ?? 1, nameof(steps));
        (_period, _steps, _time) = (seconds is { } s ? TimeSpan.FromSeconds(s) : null, steps, time ?? TimeProvider.System);
    }

    /// <summary>The step at which it fired last; null before.</summary>
    public long? LastStep { get; private set; }

    /// <summary>Whether it is to fire at a step: the first time always, and never twice at one.</summary>
    public bool IsDue(long step)
    {
        if (LastStep is not { } last)
            return true;
        if (step == last)
            return false;
        return _steps is { } every ? step >= last + every : _time.GetElapsedTime(_stamp) >= _period;
    }

    /// <summary>Begins anew, as if it had never fired.</summary>
    public void Reset() => LastStep = null;

    /// <summary>Notes that it fired.</summary>
    /// <returns>The time and the steps since the time before; null at the first.</returns>
    public (TimeSpan Elapsed, long Steps)? Fire(long step)
    {
        (TimeSpan, long)? since = LastStep is { } last ? (_time.GetElapsedTime(_stamp), step - last) : null;
        (LastStep, _stamp) = (step, _time.GetTimestamp());
        return since;
    }
}
