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
    private DateTimeOffset _nextKept;

    public Retention(int maxToKeep, double keepEveryHours, DateTimeOffset now)
    {
        _maxToKeep = maxToKeep;
        _period = keepEveryHours < TimeSpan.MaxValue.TotalHours / 2 ? TimeSpan.FromHours(keepEveryHours) : TimeSpan.MaxValue / 2;
        _nextKept = Later(now);
    }

    /// <summary>Checkpoints that are listed, oldest first.</summary>
    public IReadOnlyList<(string Path, DateTimeOffset Time)> Checkpoints => _checkpoints;

    /// <summary>Notes a checkpoint that was just written; saving the same path again deletes nothing.</summary>
    /// <returns>The one that leaves the list, to be deleted unless null or <paramref name="keep"/>; its files stay until the state is written.</returns>
    public string? Add(string path, DateTimeOffset now, out bool keep)
    {
        keep = false;
        if (_maxToKeep <= 0)
            return null;
        _checkpoints.RemoveAll(c => c.Path == path);
        _checkpoints.Add((path, now));
        if (_checkpoints.Count <= _maxToKeep)
            return null;
        (string Path, DateTimeOffset Time) oldest = _checkpoints[0];
        _checkpoints.RemoveAt(0);
        if (oldest.Time > _nextKept)
        {
            keep = true;
            _nextKept = Later(_nextKept);
        }

        return oldest.Path;
    }

    /// <summary>Replaces the list, such as by what an earlier process left.</summary>
    public void Recover(IEnumerable<(string Path, DateTimeOffset Time)> checkpoints)
    {
        _checkpoints.Clear();
        _checkpoints.AddRange(checkpoints);
    }

    private DateTimeOffset Later(DateTimeOffset time) => time > DateTimeOffset.MaxValue - _period ? DateTimeOffset.MaxValue : time + _period;
}
