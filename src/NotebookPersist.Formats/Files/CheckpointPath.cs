using System.Globalization;
using System.Text.RegularExpressions;

namespace NotebookPersist.Formats.Files;

/// <summary>How a checkpoint is kept on disk.</summary>
public enum CheckpointKind
{
    /// <summary>V2: <c>PREFIX.index</c> and <c>PREFIX.data-xxxxx-of-yyyyy</c>.</summary>
    Bundle,

    /// <summary>V1: one file of that name.</summary>
    SliceFile,

    /// <summary>V1: files <c>PREFIX-xxxxx-of-yyyyy</c>.</summary>
    SliceShards,
}

/// <summary>A checkpoint that is there: its prefix and kind.</summary>
/// <param name="Prefix">What TensorFlow calls the save path: without <c>.index</c>, <c>.data-...</c> or a shard number.</param>
/// <param name="Kind">How it is kept.</param>
public sealed partial record CheckpointPath(string Prefix, CheckpointKind Kind)
{
    /// <summary>The graph's file that a Saver writes beside; it may not exist.</summary>
    public string MetaGraphPath => Prefix + ".meta";

    /// <summary>The index of a bundle; meaningful for <see cref="CheckpointKind.Bundle"/>.</summary>
    public string IndexPath => Prefix + ".index";

    /// <summary>The data file of one shard of a bundle.</summary>
    public static string DataPath(string prefix, int shard, int shardCount)
        => string.Create(CultureInfo.InvariantCulture, $"{prefix}.data-{shard:D5}-of-{shardCount:D5}");

    /// <summary>Finds the checkpoint that a path means.</summary>
    /// <param name="path">
    /// A prefix, or any of its files: <c>.index</c>, <c>.data-...</c>, <c>.meta</c>, a V1 file, a V1 shard, or TensorFlow's pattern
    /// <c>PREFIX-?????-of-00002</c>. A folder is none of these.
    /// </param>
    /// <exception cref="FileNotFoundException">No checkpoint is there; the message says what was looked for.</exception>
    public static CheckpointPath Resolve(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (TryResolve(path) is CheckpointPath found)
        {
            return found;
        }

        string reason = Directory.Exists(path) ? "it is a folder" : $"there is neither '{path}.index' nor a file '{path}'";
        throw new FileNotFoundException($"No checkpoint at '{path}': {reason}. Give the prefix of a checkpoint or one of its files.", path);
    }

    /// <summary>Finds the checkpoint that a path means, or null.</summary>
    /// <param name="path">As for <see cref="Resolve"/>.</param>
    public static CheckpointPath? TryResolve(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        // A state file may tell any text; no file system has a name with a zero in it.
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        return AsPrefix(path) ?? (PartOfCheckpoint().Match(path) is { Success: true } part ? AsPrefix(part.Groups["prefix"].Value) : null) ?? AsFile(path);
    }

    /// <summary>Name of the file that tells where nodes were made: that of the meta graph with another extension.</summary>
    public static string DebugInfoPath(string metaGraphPath) => Path.ChangeExtension(metaGraphPath, ".debug");

    /// <summary>Deletes a checkpoint; files that are not there are passed over.</summary>
    /// <param name="prefix">Its prefix.</param>
    /// <param name="metaGraphPath">Its meta graph, beside which a file may tell where nodes were made; null to leave both.</param>
    /// <exception cref="IOException">A file cannot be deleted.</exception>
    public static void Delete(string prefix, string? metaGraphPath = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);

        prefix = TryResolve(prefix)?.Prefix ?? prefix; // Of the shards of an old checkpoint TensorFlow tells a pattern.

        // The index goes first: without it the rest is no checkpoint that somebody could half read.
        if (File.Exists(prefix + ".index"))
            Disk.Delete(prefix + ".index");
        else if (File.Exists(prefix))
            Disk.Delete(prefix);

        // The data goes last: where this stops, it tells the next save of the same series what is to be deleted.
        foreach (string beside in metaGraphPath is null ? [] : new[] { metaGraphPath, DebugInfoPath(metaGraphPath) })
        {
            if (File.Exists(beside))
                Disk.Delete(beside);
        }

        foreach (string data in DataFiles(prefix))
            Disk.Delete(data);
        foreach (string shard in Shards(prefix))
            Disk.Delete(shard);
    }

    /// <summary>The files of a V1 checkpoint, shards in order.</summary>
    /// <exception cref="FileNotFoundException">There are none.</exception>
    internal IReadOnlyList<string> SliceFiles()
    {
        IReadOnlyList<string> files = Kind == CheckpointKind.SliceShards ? Shards(Prefix) : [Prefix];
        return files.Count > 0 ? files : throw new FileNotFoundException($"Failed to find any matching files for '{Prefix}'.", Prefix);
    }

    /// <summary>The data files that lie beside the index of a bundle, whether it tells of them or not.</summary>
    internal static IReadOnlyList<string> DataFiles(string prefix) => Siblings(prefix, DataSuffix());

    /// <summary>Files of a checkpoint on their way, or left behind by a process that died.</summary>
    internal static IReadOnlyList<string> TemporaryFiles(string prefix) => Siblings(prefix, TemporarySuffix());

    private static CheckpointPath? AsPrefix(string path)
    {
        if (File.Exists(path + ".index"))
        {
            return new CheckpointPath(path, CheckpointKind.Bundle);
        }

        if (Shards(path).Count > 0)
        {
            return new CheckpointPath(path, CheckpointKind.SliceShards);
        }

        return null;
    }

    private static CheckpointPath? AsFile(string path)
    {
        if (path.EndsWith(".meta", StringComparison.Ordinal) && File.Exists(path[..^".meta".Length]))
        {
            path = path[..^".meta".Length];
        }

        return File.Exists(path) ? new CheckpointPath(path, CheckpointKind.SliceFile) : null;
    }

    private static IReadOnlyList<string> Shards(string prefix) => Siblings(prefix, ShardSuffix());

    // Files whose names are the prefix's and a suffix.
    private static List<string> Siblings(string prefix, Regex suffix)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(prefix)) ?? "";
        string name = Path.GetFileName(prefix);
        List<string> files = [];
        if (name.Length == 0)
            return files;
        string shownFolder = Path.GetDirectoryName(prefix) ?? "";
        foreach (string file in Disk.FilesIn(folder))
        {
            string candidate = Path.GetFileName(file);
            if (candidate.StartsWith(name, StringComparison.Ordinal) && suffix.IsMatch(candidate.AsSpan(name.Length)))
                files.Add(Path.Combine(shownFolder, candidate));
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    [GeneratedRegex(@"^\.data-\d{5,}-of-\d{5,}$", RegexOptions.CultureInvariant)]
    private static partial Regex DataSuffix();

    [GeneratedRegex(@"^(\.(index|meta|data-\d{5,}-of-\d{5,})|-\d{5,}-of-\d{5,})?\.tempstate\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex TemporarySuffix();

    [GeneratedRegex(@"^-\d{5,}-of-\d{5,}$", RegexOptions.CultureInvariant)]
    private static partial Regex ShardSuffix();

    [GeneratedRegex(@"^(?<prefix>.+?)(\.index|\.meta|\.data-\d{5,}-of-\d{5,}|-(\d{5,}|\?{5})-of-\d{5,})$", RegexOptions.CultureInvariant)]
    private static partial Regex PartOfCheckpoint();
}
