using System.Text.RegularExpressions;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Text;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>The <c>checkpoint</c> file of a folder: which checkpoints it holds and which is the newest.</summary>
/// <remarks>Paths are written relative to the folder unless one asks otherwise, so that it can be moved. Thread safety: all members may be called from any thread.</remarks>
public static partial class CheckpointStates
{
    // Enough to see how they are called.
    private const int MostListed = 5;

    /// <summary>Reads the state of a folder, its paths made complete.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="latestFilename">Name of the state file; by default <c>checkpoint</c>.</param>
    /// <returns>Null where there is no state file.</returns>
    /// <exception cref="CheckpointFormatException">The file does not parse, or names no checkpoint.</exception>
    public static CheckpointState? Get(string folder, string? latestFilename = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = StatePath(folder, latestFilename);
        if (!File.Exists(path))
            return null;
        CheckpointState state = CheckpointStateFile.Read(path);
        if (state.ModelCheckpointPath.Length == 0)
            throw new CheckpointFormatException($"Invalid checkpoint state loaded from '{path}': it names no newest checkpoint.", CheckpointFault.BadText, path);
        if (state.AllModelCheckpointPaths.Append(state.ModelCheckpointPath).Any(static p => p.Contains('\0', StringComparison.Ordinal)))
            throw new CheckpointFormatException($"Invalid checkpoint state loaded from '{path}': it names a path with a zero, which no file has.", CheckpointFault.BadText, path);
        state.ModelCheckpointPath = Complete(folder, state.ModelCheckpointPath);
        for (int i = 0; i < state.AllModelCheckpointPaths.Count; i++)
            state.AllModelCheckpointPaths[i] = Complete(folder, state.AllModelCheckpointPaths[i]);
        return state;
    }

    /// <summary>The prefix of the newest checkpoint of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="latestFilename">Name of the state file; by default <c>checkpoint</c>.</param>
    /// <returns>Null where there is no state file, or the checkpoint it names is gone.</returns>
    /// <exception cref="CheckpointFormatException">The state file does not parse.</exception>
    public static string? Latest(string folder, string? latestFilename = null) =>
        Get(folder, latestFilename) is { } state && CheckpointPath.TryResolve(state.ModelCheckpointPath) is { } found ? found.Prefix : null;

    /// <summary>Writes the state of a folder, whole or not at all.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="newest">Prefix of the newest checkpoint.</param>
    /// <param name="all">Prefixes of all that are kept, oldest first; the newest is added where it is not the last.</param>
    /// <param name="latestFilename">Name of the state file; by default <c>checkpoint</c>.</param>
    /// <param name="relativePaths">Whether paths are written relative to the folder, so that it can be moved; false leaves complete ones as they are, as TensorFlow does.</param>
    /// <param name="timestamps">When each of <paramref name="all"/>, the newest included, was written; null or empty for not told.</param>
    /// <param name="lastPreserved">When the newest checkpoint was written that is kept for good; null for not told.</param>
    /// <exception cref="ArgumentException">The newest would be replaced by the state file, or there are more or fewer times than checkpoints.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is unchanged.</exception>
    public static void Update(
        string folder,
        string newest,
        IEnumerable<string> all,
        string? latestFilename = null,
        bool relativePaths = true,
        IReadOnlyList<DateTimeOffset>? timestamps = null,
        DateTimeOffset? lastPreserved = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(newest);
        ArgumentNullException.ThrowIfNull(all);
        string path = StatePath(folder, latestFilename);
        if (Path.GetFullPath(path) == Path.GetFullPath(newest))
            throw new ArgumentException($"Save path '{newest}' conflicts with path used for checkpoint state. Please use a different save path.", nameof(newest));
        CheckpointStateFile.Write(path, Generate(folder, newest, all, relativePaths, timestamps, lastPreserved));
    }

    /// <summary>The state of a folder as its file tells it; writes nothing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="newest">Prefix of the newest checkpoint.</param>
    /// <param name="all">Prefixes of all that are kept, oldest first; the newest is added where it is not the last.</param>
    /// <param name="relativePaths">Whether paths are relative to the folder, so that it can be moved; false leaves complete ones as they are, as TensorFlow does.</param>
    /// <param name="timestamps">When each of <paramref name="all"/>, the newest included, was written; null or empty for not told.</param>
    /// <param name="lastPreserved">When the newest checkpoint was written that is kept for good; null for not told.</param>
    /// <exception cref="ArgumentException">There are more or fewer times than checkpoints.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.train.generate_checkpoint_state_proto</c>.</remarks>
    public static CheckpointState Generate(
        string folder,
        string newest,
        IEnumerable<string>? all = null,
        bool relativePaths = true,
        IReadOnlyList<DateTimeOffset>? timestamps = null,
        DateTimeOffset? lastPreserved = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(newest);
        List<string> kept = [.. (all ?? []).Where(p => p != newest), newest];
        if (timestamps is { Count: > 0 } && timestamps.Count != kept.Count)
        {
            throw new ArgumentException(
                $"Checkpoint timestamps, if provided, must match checkpoint paths: {timestamps.Count} were given for {kept.Count} paths ({string.Join(", ", kept.Select(static p => $"'{p}'"))}).",
                nameof(timestamps));
        }

        Func<string, string> written = relativePaths ? p => Shorten(folder, p) : p => AsGiven(folder, p);
        var state = new CheckpointState { ModelCheckpointPath = written(newest) };
        state.AllModelCheckpointPaths.AddRange(kept.Select(written));
        state.AllModelCheckpointTimestamps.AddRange((timestamps ?? []).Select(SecondsOf));
        if (lastPreserved is { } preserved)
            state.LastPreservedTimestamp = SecondsOf(preserved);
        return state;
    }

    /// <summary>True where a prefix has a checkpoint, V2 or V1.</summary>
    public static bool Exists(string checkpointPrefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(checkpointPrefix);
        return FileOf(checkpointPrefix) is not null;
    }

    /// <summary>When checkpoints were written.</summary>
    /// <param name="checkpointPrefixes">Their prefixes; those without checkpoint are passed over.</param>
    public static IReadOnlyList<DateTimeOffset> Times(IEnumerable<string> checkpointPrefixes)
    {
        ArgumentNullException.ThrowIfNull(checkpointPrefixes);
        return [.. checkpointPrefixes.Select(TimeOf).OfType<DateTimeOffset>()];
    }

    /// <summary>Deletes the files of a checkpoint, V2 or V1, and its meta graph; does nothing where there are none.</summary>
    /// <param name="checkpointPrefix">Its prefix.</param>
    /// <param name="metaGraphSuffix">Suffix of the meta graph's file.</param>
    /// <exception cref="IOException">A file cannot be deleted.</exception>
    /// <remarks>The state file goes on naming it.</remarks>
    public static void Remove(string checkpointPrefix, string metaGraphSuffix = "meta")
    {
        ArgumentException.ThrowIfNullOrEmpty(checkpointPrefix);
        CheckpointPath.Delete(checkpointPrefix, MetaGraphPath(checkpointPrefix, metaGraphSuffix));
    }

    /// <summary>Finds the checkpoint that a path means: a prefix, any of its files, a folder, or the state file of one.</summary>
    /// <exception cref="FileNotFoundException">There is none; the message says what was looked for.</exception>
    /// <exception cref="CheckpointFormatException">The state file of the folder does not parse.</exception>
    public static CheckpointPath Resolve(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            return CheckpointPath.TryResolve(path) ?? ResolveFolder(path);
        if (Path.EndsInDirectorySeparator(path))
            throw new FileNotFoundException($"There is no folder '{path}' in '{Environment.CurrentDirectory}'. Give another folder, or the prefix of a checkpoint.", path);
        CheckpointPath found = CheckpointPath.Resolve(path);
        if (found.Kind != CheckpointKind.SliceFile)
            return found;
        if (IsPart(path))
        {
            throw new FileNotFoundException(
                $"No checkpoint at '{path}': the file is one part of a checkpoint, whose index is not beside it. Put the .index and all .data files into one folder.", path);
        }

        return IsStateFile(path) ? ResolveFolder(Path.GetDirectoryName(Path.GetFullPath(path))!) : found; // A file has a folder.
    }

    /// <summary>Says what is wrong with a prefix that ends like a folder.</summary>
    internal static string NamesFolder(string savePath) => $"The save path '{savePath}' names a folder. Add a file name to it, such as '{savePath}model.ckpt'.";

    /// <summary>Says which of two things a path means; null where there is only one.</summary>
    /// <param name="path">A path that is a folder and may be the prefix of a checkpoint too.</param>
    public static string? TwoMeanings(string path) => Directory.Exists(path) && !Path.EndsInDirectorySeparator(path) && CheckpointPath.TryResolve(path) is { } found
        ? $"'{path}' is a checkpoint and a folder; the checkpoint is meant. Write '{path}/' for the folder."
        : null;

    /// <summary>True for the name of a file that is no checkpoint without the files beside it.</summary>
    internal static bool IsPart(string path) => path.EndsWith(".meta", StringComparison.Ordinal) || DataFile().IsMatch(path);

    /// <summary>True for the file of a folder that lists its checkpoints.</summary>
    internal static bool IsStateFile(string path)
    {
        if (Path.GetFileName(path) != CheckpointStateFile.DefaultName || !File.Exists(path))
            return false;
        using FileStream file = RegularFile.OpenRead(path);
        var start = new byte["model_checkpoint_path"u8.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual("model_checkpoint_path"u8);
    }

    /// <summary>When a checkpoint was written; null where there is none.</summary>
    internal static DateTimeOffset? TimeOf(string checkpointPrefix) => FileOf(checkpointPrefix) is { } file ? File.GetLastWriteTimeUtc(file) : null;

    /// <summary>The meta graph beside a checkpoint; the shards of an old one share theirs.</summary>
    internal static string MetaGraphPath(string checkpointPrefix, string suffix = "meta") => $"{ShardSuffix().Replace(checkpointPrefix, "")}.{suffix}";

    /// <summary>Seconds since 1970, as state files tell times.</summary>
    internal static double SecondsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>The time that a state file tells; null for one that no calendar has.</summary>
    internal static DateTimeOffset? TimeOf(double seconds) =>
        seconds >= (DateTimeOffset.MinValue - DateTimeOffset.UnixEpoch).TotalSeconds && seconds < (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).TotalSeconds - 1
            ? DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds)
            : null;

    // The file that makes the checkpoint: the index, or the V1 file, or its first shard.
    private static string? FileOf(string checkpointPrefix)
    {
        if (File.Exists(checkpointPrefix + ".index"))
            return checkpointPrefix + ".index";
        if (File.Exists(checkpointPrefix))
            return checkpointPrefix;
        Match pattern = ShardSuffix().Match(checkpointPrefix);
        if (!pattern.Success)
            return null;
        string first = checkpointPrefix[..pattern.Index] + pattern.Value.Replace("?????", "00000", StringComparison.Ordinal);
        return File.Exists(first) ? first : null;
    }

    private static CheckpointPath ResolveFolder(string folder)
    {
        if (Get(folder) is { } state)
        {
            return CheckpointPath.TryResolve(state.ModelCheckpointPath) ?? throw new FileNotFoundException(
                $"The state file of folder '{folder}' names checkpoint '{state.ModelCheckpointPath}', which is not there. {Proposal(folder)}", folder);
        }

        // A SavedModel keeps its only checkpoint under a fixed name and without a state file.
        if (CheckpointPath.TryResolve(Path.Combine(folder, "variables", "variables")) is { } saved)
            return saved;
        return CheckpointFolder.List(folder, CancellationToken.None).Checkpoints is [CheckpointPath only]
            ? only
            : throw new FileNotFoundException($"Folder '{folder}' has no state file '{CheckpointStateFile.DefaultName}', which would name its newest checkpoint. {Proposal(folder)}", folder);
    }

    private static string Proposal(string folder)
    {
        IReadOnlyList<CheckpointPath> there = CheckpointFolder.List(folder, CancellationToken.None).Checkpoints;
        string more = there.Count > MostListed ? $" and {there.Count - MostListed} more" : "";
        return there.Count == 0
            ? "There is no checkpoint in it; give another folder, or a file."
            : $"Give the prefix of a checkpoint in it: {string.Join(", ", there.Reverse().Take(MostListed).Select(static c => $"'{c.Prefix}'"))}{more}.";
    }

    private static string StatePath(string folder, string? latestFilename) => Path.Combine(folder, latestFilename ?? CheckpointStateFile.DefaultName);

    // A folder that was moved keeps its checkpoints beside the state file, whatever complete path that tells.
    private static string Complete(string folder, string path)
    {
        string complete = Path.Combine(folder, path);
        string beside = Path.Combine(folder, Path.GetFileName(path));
        return CheckpointPath.TryResolve(complete) is null && CheckpointPath.TryResolve(beside) is not null ? beside : complete;
    }

    private static string AsGiven(string folder, string path) => Path.IsPathRooted(folder) || Path.IsPathRooted(path) ? path : Path.GetRelativePath(folder, path);

    private static string Shorten(string folder, string path) => Path.GetRelativePath(Path.GetFullPath(folder), Path.GetFullPath(path)).Replace('\\', '/');

    [GeneratedRegex(@"-[\d?]+-of-\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex ShardSuffix();

    [GeneratedRegex(@"\.data-\d{5}-of-\d{5}$", RegexOptions.CultureInvariant)]
    private static partial Regex DataFile();
}
