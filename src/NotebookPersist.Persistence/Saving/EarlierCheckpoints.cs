using System.Text.RegularExpressions;
using NotebookPersist.Formats;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>What the saver of an earlier process left in a folder.</summary>
/// <param name="Checkpoints">Those of one series that are still there, oldest first.</param>
/// <param name="LastPreserved">When the period began in which the next one is kept for good; null where that is not told.</param>
internal sealed partial record EarlierCheckpoints(IReadOnlyList<(string Path, DateTimeOffset Time)> Checkpoints, DateTimeOffset? LastPreserved)
{
    /// <summary>Reads a state file.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="latestFilename">Name of the state file.</param>
    /// <param name="savePath">The series: the path that steps are appended to. Checkpoints of others are left alone.</param>
    /// <returns>Null where there is no state that can be read.</returns>
    public static EarlierCheckpoints? Of(string folder, string latestFilename, string savePath)
    {
        CheckpointState? state;
        try
        {
            state = CheckpointStates.Get(folder, latestFilename);
        }
        catch (CheckpointFormatException)
        {
            return null; // A broken state file is about to be replaced.
        }

        if (state is null)
            return null;
        string series = Path.GetFileName(savePath);
        var checkpoints = new List<(string Path, DateTimeOffset Time)>();
        for (int i = 0; i < state.AllModelCheckpointPaths.Count; i++)
        {
            string full = Path.GetFullPath(state.AllModelCheckpointPaths[i]);
            string name = Path.GetFileName(full);
            if (!IsStep(full, folder, series))
                continue;

            // Under the name that this process gives it.
            string path = Path.Combine(Path.GetDirectoryName(savePath) ?? "", name);
            if (CheckpointStates.TimeOf(path) is { } written)
                checkpoints.Add((path, Told(state, i) ?? written));
        }

        return new EarlierCheckpoints(checkpoints, state.LastPreservedTimestamp > 0 ? CheckpointStates.TimeOf(state.LastPreservedTimestamp) : null);
    }

    /// <summary>True for a step of a series in its own folder. Only these are ever deleted: a state file from elsewhere may name any file of the user's.</summary>
    /// <param name="path">Prefix of a checkpoint.</param>
    /// <param name="folder">The folder of the series.</param>
    /// <param name="series">Name of the series, which steps are appended to.</param>
    public static bool IsStep(string path, string folder, string series)
    {
        string full = Path.GetFullPath(path);
        string name = Path.GetFileName(full);
        return Path.GetDirectoryName(full) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))
            && name.StartsWith(series, StringComparison.Ordinal)
            && Step().IsMatch(name.AsSpan(series.Length));
    }

    private static DateTimeOffset? Told(CheckpointState state, int index) => state.AllModelCheckpointTimestamps.Count == state.AllModelCheckpointPaths.Count
        ? CheckpointStates.TimeOf(state.AllModelCheckpointTimestamps[index])
        : null;

    [GeneratedRegex(@"^-\d+(-\?{5}-of-\d{5,})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Step();
}
