using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Text;

namespace NotebookPersist.Persistence;

/// <summary>What lies in a folder, sorted by what it is; the folder is listed once, however many checkpoints it holds.</summary>
internal sealed partial class CheckpointFolder
{
    // How a sorted-string table ends.
    private const ulong TableMagic = 0xDB4775248B80FB57;

    private static readonly byte[] StateBeginning = [.. "model_checkpoint_path"u8];

    private readonly SortedDictionary<string, CheckpointPath> _checkpoints = new(StringComparer.Ordinal);

    private readonly SortedDictionary<string, List<string>> _shards = new(StringComparer.Ordinal);

    private CheckpointFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Checkpoints in the order of their steps, those without one first.</summary>
    public IReadOnlyList<CheckpointPath> Checkpoints { get; private set; } = [];

    /// <summary>Files that name checkpoints.</summary>
    public List<string> StateFiles { get; } = [];

    /// <summary>Meta graphs.</summary>
    public List<string> MetaGraphs { get; } = [];

    /// <summary>Data files of V2 checkpoints by prefix, with the number of files that each name tells.</summary>
    public SortedDictionary<string, List<(string Path, int ShardCount)>> DataFiles { get; } = new(StringComparer.Ordinal);

    /// <summary>Temporary files and folders.</summary>
    public List<string> Temporary { get; } = [];

    /// <summary>Links that lead nowhere.</summary>
    public List<string> DeadLinks { get; } = [];

    /// <summary>Files that cannot be opened, with the reason.</summary>
    public List<(string Path, string Reason)> Closed { get; } = [];

    /// <summary>Lists a folder.</summary>
    /// <exception cref="UnauthorizedAccessException">It may not be listed.</exception>
    public static CheckpointFolder List(string path, CancellationToken cancellation)
    {
        var folder = new CheckpointFolder(path);
        List<string> others = [];
        foreach (FileSystemInfo item in new DirectoryInfo(path).EnumerateFileSystemInfos())
        {
            cancellation.ThrowIfCancellationRequested();
            string file = System.IO.Path.Combine(path, item.Name);
            if (item.LinkTarget is not null && IsDead(item))
                folder.DeadLinks.Add(file);
            else if (Directory.Exists(file))
                folder.AddFolder(file);
            else if (!folder.AddByName(file))
                others.Add(file);
        }

        // Sets of records have such names too.
        foreach ((string prefix, List<string> files) in folder._shards.Where(static s => s.Value.Exists(EndsAsTable)))
            folder._checkpoints.TryAdd(prefix, new CheckpointPath(prefix, CheckpointKind.SliceShards));
        others.Sort(StringComparer.Ordinal);
        HashSet<string> withMetaGraph = [.. folder.MetaGraphs.Select(static m => m[..^".meta".Length])];
        foreach (string other in others.Where(o => !folder._checkpoints.ContainsKey(o)))
            folder.AddByContents(other, withMetaGraph.Contains(other));
        folder.MetaGraphs.Sort(StringComparer.Ordinal);
        folder.StateFiles.Sort(StringComparer.Ordinal);
        folder.Temporary.Sort(StringComparer.Ordinal);
        folder.Checkpoints = [.. folder._checkpoints.Values.OrderBy(static c => Step(c.Prefix) ?? -1).ThenBy(static c => c.Prefix, StringComparer.Ordinal)];
        return folder;
    }

    /// <summary>The name of a checkpoint without its step, and the step; null where it has none.</summary>
    public static long? Step(string prefix) =>
        StepSuffix().Match(prefix) is { Success: true } found && long.TryParse(found.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : null;

    /// <summary>The name of a checkpoint without its step.</summary>
    public static string BaseName(string prefix) => StepSuffix().Replace(System.IO.Path.GetFileName(prefix), "");

    private static bool IsDead(FileSystemInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true };
        }
        catch (IOException)
        {
            return true; // A circle of links.
        }
    }

    private void AddFolder(string path)
    {
        if (LeftoverFiles.IsTemporaryFolder(path))
            Temporary.Add(path);
    }

    private bool AddByName(string file)
    {
        if (LeftoverFiles.IsTemporaryFile(file))
        {
            Temporary.Add(file);
        }
        else if (DataFile().Match(file) is { Success: true } data)
        {
            string prefix = data.Groups["prefix"].Value;
            if (!DataFiles.TryGetValue(prefix, out List<(string Path, int ShardCount)>? files))
                DataFiles.Add(prefix, files = []);
            files.Add((file, int.TryParse(data.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : -1));
        }
        else if (Shard().Match(file) is { Success: true } shard)
        {
            if (!_shards.TryGetValue(shard.Groups["prefix"].Value, out List<string>? files))
                _shards.Add(shard.Groups["prefix"].Value, files = []);
            files.Add(file);
        }
        else if (file.EndsWith(".index", StringComparison.Ordinal))
        {
            _checkpoints[file[..^".index".Length]] = new CheckpointPath(file[..^".index".Length], CheckpointKind.Bundle);
        }
        else if (file.EndsWith(".meta", StringComparison.Ordinal))
        {
            MetaGraphs.Add(file);
        }
        else
        {
            return false;
        }

        return true;
    }

    private static bool EndsAsTable(string file)
    {
        try
        {
            using FileStream stream = RegularFile.OpenRead(file);
            return EndsAsTable(stream);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false; // Known by the files beside it, or not at all.
        }
    }

    private static bool EndsAsTable(FileStream stream)
    {
        Span<byte> end = stackalloc byte[sizeof(ulong)];
        if (stream.Length < end.Length)
            return false;
        stream.Seek(-end.Length, SeekOrigin.End);
        stream.ReadExactly(end);
        return BinaryPrimitives.ReadUInt64LittleEndian(end) == TableMagic;
    }

    // V1 checkpoints and state files of other names are known by what is in them.
    private void AddByContents(string file, bool hasMetaGraph)
    {
        bool isState = System.IO.Path.GetFileName(file) == CheckpointStateFile.DefaultName;
        bool looksLikeCheckpoint = hasMetaGraph || V1Name().IsMatch(file); // Where its end is lost, its name is not.
        try
        {
            bool isTable = false;
            if (new FileInfo(file).Length > 0) // Pipes have no length, and opening one waits.
            {
                using FileStream stream = RegularFile.OpenRead(file);
                isTable = EndsAsTable(stream);
                isState |= BeginsAsState(stream);
            }

            if (isTable || (looksLikeCheckpoint && !isState))
                _checkpoints.TryAdd(file, new CheckpointPath(file, CheckpointKind.SliceFile));
            else if (isState)
                StateFiles.Add(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (isState || looksLikeCheckpoint)
                Closed.Add((file, fault.Message));
        }
    }

    private static bool BeginsAsState(FileStream stream)
    {
        Span<byte> start = stackalloc byte[StateBeginning.Length];
        stream.Seek(0, SeekOrigin.Begin);
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..read].SequenceEqual(StateBeginning);
    }

    [GeneratedRegex(@"-(\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex StepSuffix();

    [GeneratedRegex(@"^(?<prefix>.+)\.data-\d{5,}-of-(?<count>\d{5,})$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex DataFile();

    [GeneratedRegex(@"^(?<prefix>.+)-\d{5,}-of-\d{5,}$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Shard();

    [GeneratedRegex(@"\.ckpt(-\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex V1Name();
}
