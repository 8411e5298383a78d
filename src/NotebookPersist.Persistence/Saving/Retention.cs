namespace NotebookPersist.Persistence;

/// <summary>Which of a saver's checkpoints are kept.</summary>
/// <remarks>
/// Source: TensorFlow's Saver: the newest are kept; one that would be deleted is kept for good when it is the first after
/// each period of hours. Thread safety: none.
/// </remarks>
internal sealed class Retention
{
    private readonly int _maxToKeep;
    private readonly TimeSpan _period;
    private readonly List<(string Path, DateTimeOffset Time)> _checkpoints = [];

    public Retention(int maxToKeep, double keepEveryHours, DateTimeOffset now)
    {
        _maxToKeep = maxToKeep;
        _period = keepEveryHours < TimeSpan.MaxValue.TotalHours / 2 ? TimeSpan.FromHours(keepEveryHours) : TimeSpan.MaxValue / 2;
        PeriodStart = now;
    }

    /// <summary>Checkpoints that are listed, oldest first.</summary>
    public IReadOnlyList<(string Path, DateTimeOffset Time)> Checkpoints => _checkpoints;

    /// <summary>When the period began in which the next checkpoint is kept for good; the first one begins with the saver.</summary>
    public DateTimeOffset PeriodStart { get; set; }

    /// <summary>True where checkpoints are listed and deleted at all.</summary>
    public bool IsLimited => _maxToKeep > 0;

    /// <summary>Notes a checkpoint that was just written; saving the same path again deletes nothing.</summary>
    /// <param name="path">Its prefix.</param>
    /// <param name="now">When it was written.</param>
    /// <param name="toLimit">Whether as many leave as are too many; else one at most, as in TensorFlow, so that under a limit that was lowered the list stays as long as it was taken over.</param>
    /// <returns>Those that leave the list and are to be deleted, oldest first; their files stay until the state is written.</returns>
    public IReadOnlyList<string> Add(string path, DateTimeOffset now, bool toLimit)
    {
        if (!IsLimited)
            return [];
        _checkpoints.RemoveAll(c => c.Path == path);
        _checkpoints.Add((path, now));
        var leaving = new List<string>();
        int excess = Math.Max(_checkpoints.Count - _maxToKeep, 0);
        foreach ((string Path, DateTimeOffset Time) oldest in _checkpoints.Take(toLimit ? excess : Math.Min(excess, 1)).ToArray())
        {
            _checkpoints.RemoveAt(0);
            if (oldest.Time > Later(PeriodStart))
                PeriodStart = Later(PeriodStart); // Kept for good.
            else
                leaving.Add(oldest.Path);
        }

        return leaving;
    }

    /// <summary>What is listed now, to return to where a save fails.</summary>
    public State Current => new([.. _checkpoints], PeriodStart);

    /// <summary>Forgets what came after.</summary>
    public void Return(State state)
    {
        Replace(state.Checkpoints);
        PeriodStart = state.PeriodStart;
    }

    /// <summary>Replaces the list, such as by what an earlier process left.</summary>
    public void Replace(IEnumerable<(string Path, DateTimeOffset Time)> checkpoints)
    {
        (string Path, DateTimeOffset Time)[] all = [.. checkpoints];
        _checkpoints.Clear();
        _checkpoints.AddRange(all);
    }

    /// <summary>Puts what an earlier process left before the list.</summary>
    public void Precede(IEnumerable<(string Path, DateTimeOffset Time)> checkpoints) =>
        _checkpoints.InsertRange(0, [.. checkpoints.Where(c => !_checkpoints.Exists(known => known.Path == c.Path))]);

    private DateTimeOffset Later(DateTimeOffset time) => time > DateTimeOffset.MaxValue - _period ? DateTimeOffset.MaxValue : time + _period;

    /// <summary>A list at one moment.</summary>
    public sealed record State(IReadOnlyList<(string Path, DateTimeOffset Time)> Checkpoints, DateTimeOffset PeriodStart);
}
