using System.Globalization;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Persistence;

namespace NotebookPersist;

/// <summary>The numbered checkpoints of one folder: saves, lists and deletes them, from process to process.</summary>
/// <remarks>
/// Only one should be at work in a folder. Its state file tells times too, so that what is kept does not depend on how often the process is started.
/// Thread safety: one save at a time. Source: TensorFlow's <c>tf.train.CheckpointManager</c>, here over a <see cref="NotebookPersist.Saver"/>.
/// </remarks>
public sealed class CheckpointSeries
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly int? _maxToKeep;
    private readonly double? _keepCheckpointEveryNHours;
    private readonly string _prefix;
    private readonly TimeProvider _time;
    private readonly List<(string Path, DateTimeOffset Time)> _checkpoints = [];
    private DateTimeOffset _lastPreserved;

    /// <summary>Goes on with the checkpoints of a folder, or begins there.</summary>
    /// <param name="saver">What is saved; how many it keeps itself does not count here.</param>
    /// <param name="directory">The folder; made by the first save.</param>
    /// <param name="maxToKeep">How many checkpoints stay; null for all.</param>
    /// <param name="keepCheckpointEveryNHours">Unit: hours. One that would be deleted stays for good where the last such one is older by this; null for none.</param>
    /// <param name="checkpointName">Name of the files, before a dash and the number.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxToKeep"/> is not positive.</exception>
    /// <exception cref="CheckpointFormatException">The state file of the folder does not parse.</exception>
    public CheckpointSeries(
        Saver saver, string directory, int? maxToKeep, double? keepCheckpointEveryNHours = null, string checkpointName = "ckpt", TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(saver);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentException.ThrowIfNullOrEmpty(checkpointName);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxToKeep ?? 1, nameof(maxToKeep));
        ArgumentOutOfRangeException.ThrowIfNegative(keepCheckpointEveryNHours ?? 0, nameof(keepCheckpointEveryNHours));
        Saver = saver;
        Directory = directory;
        (_maxToKeep, _keepCheckpointEveryNHours) = (maxToKeep, keepCheckpointEveryNHours);
        _prefix = Path.Combine(directory, checkpointName);
        _time = time ?? TimeProvider.System;
        GoOn();
    }

    /// <summary>What is saved.</summary>
    public Saver Saver { get; }

    /// <summary>The folder.</summary>
    public string Directory { get; }

    /// <summary>Prefix of the newest checkpoint; null where there is none.</summary>
    public string? LatestCheckpoint { get; private set; }

    /// <summary>Prefixes of the checkpoints that are listed, oldest first; those kept for good are not.</summary>
    public IReadOnlyList<string> Checkpoints => [.. _checkpoints.Select(static c => c.Path)];

    /// <summary>Writes a checkpoint, then deletes what is too much.</summary>
    /// <param name="session">Holds the values.</param>
    /// <param name="checkpointNumber">Number in its name; by default one more than that of the newest, from 1.</param>
    /// <param name="options">Whether it is incremental and durable, and who is told of its progress.</param>
    /// <param name="cancellation">Stops the save; the earlier checkpoints stay.</param>
    /// <returns>Its prefix.</returns>
    /// <exception cref="IOException">A file cannot be written or deleted.</exception>
    public string Save(Session session, GlobalStep? checkpointNumber = null, SaveOptions? options = null, CancellationToken cancellation = default)
    {
        string saved = Saver.Save(session, _prefix, checkpointNumber ?? Next(), writeState: false, options: options, cancellation: cancellation);
        if (Saver.IsEmpty)
            return saved;
        using FolderLock alone = FolderLock.Take(Directory, Patience, cancellation);
        _checkpoints.RemoveAll(c => c.Path == saved);
        _checkpoints.Add((saved, _time.GetUtcNow()));
        LatestCheckpoint = saved;

        // Written before anything is deleted: who dies in between finds the new checkpoint.
        WriteState();
        foreach (string leaving in Sweep())
            CheckpointStates.Remove(leaving);
        WriteState();
        return saved;
    }

    /// <summary>Restores the newest checkpoint, or initialises the variables where there is none.</summary>
    /// <param name="session">Takes the values.</param>
    /// <param name="initializer">What initialises; by default the initialisers of all global variables.</param>
    /// <param name="cancellation">Stops the restore.</param>
    /// <returns>Prefix of the checkpoint; null where variables were initialised.</returns>
    /// <exception cref="RestoreException">Variables are missing in the checkpoint or differ.</exception>
    public string? RestoreOrInitialize(Session session, Operation? initializer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (LatestCheckpoint is { } latest)
        {
            Saver.Restore(session, latest, cancellation);
            return latest;
        }

        Operation[] initializers = initializer is not null ? [initializer] : [.. Saver.Graph.GlobalVariables().Select(static v => v.Initializer).Distinct()];
        session.Run([.. initializers.Select(static o => (Fetch)o)], null, cancellation);
        return null;
    }

    private void GoOn()
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (CheckpointStates.Get(Directory) is not { } state)
        {
            // Slightly back: what another one saved in this very moment counts as later.
            _lastPreserved = now - TimeSpan.FromSeconds(1);
            return;
        }

        LatestCheckpoint = CheckpointStates.Exists(state.ModelCheckpointPath) ? state.ModelCheckpointPath : null;
        DateTimeOffset? told = CheckpointStates.TimeOf(state.LastPreservedTimestamp);
        _lastPreserved = told is { } preserved && preserved < now ? preserved : now;
        IReadOnlyList<double> times = state.AllModelCheckpointTimestamps;
        for (int i = 0; i < state.AllModelCheckpointPaths.Count; i++)
        {
            // Another saver's list, which tells no times, is left alone: so TensorFlow does.
            DateTimeOffset written = times.Count == state.AllModelCheckpointPaths.Count ? CheckpointStates.TimeOf(times[i]) ?? now : _lastPreserved;
            written = written < now ? written : now;
            if (written > _lastPreserved && EarlierCheckpoints.IsStep(state.AllModelCheckpointPaths[i], Directory, Path.GetFileName(_prefix)) && CheckpointStates.Exists(state.AllModelCheckpointPaths[i]))
                _checkpoints.Add((state.AllModelCheckpointPaths[i], written));
        }
    }

    private List<string> Sweep()
    {
        var leaving = new List<string>();
        while (_maxToKeep is { } most && _checkpoints.Count > most)
        {
            (string path, DateTimeOffset written) = _checkpoints[0];
            _checkpoints.RemoveAt(0);
            if (_keepCheckpointEveryNHours is > 0 and { } hours && (written - _lastPreserved).TotalHours >= hours)
                _lastPreserved = written;
            else
                leaving.Add(path);
        }

        return leaving;
    }

    private void WriteState() => CheckpointStates.Update(
        Directory, LatestCheckpoint!, Checkpoints, timestamps: [.. _checkpoints.Select(static c => c.Time)], lastPreserved: _lastPreserved); // Called after a save.

    private long Next()
    {
        string start = _prefix + "-";
        return LatestCheckpoint is { } latest && latest.StartsWith(start, StringComparison.Ordinal)
            && long.TryParse(latest[start.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? checked(number + 1)
            : 1;
    }
}
