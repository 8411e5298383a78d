using System.Text.RegularExpressions;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Text;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>The <c>checkpoint</c> file of a folder: which checkpoints it holds and which is the newest.</summary>
/// <remarks>Paths are written relative to the folder, so that it can be moved. Thread safety: all members may be called from any thread.</remarks>
public static partial class CheckpointStates
{
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
    /// <exception cref="IOException">The file cannot be written; the old one is unchanged.</exception>
    public static void Update(string folder, string newest, IEnumerable<string> all, string? latestFilename = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(newest);
        string path = StatePath(folder, latestFilename);
        if (Path.GetFullPath(path) == Path.GetFullPath(newest))
            throw new ArgumentException($"Save path '{newest}' conflicts with path used for checkpoint state. Please use a different save path.", nameof(newest));
        List<string> kept = [.. all.Where(p => p != newest), newest];
        var state = new CheckpointState { ModelCheckpointPath = Shorten(folder, newest) };
        state.AllModelCheckpointPaths.AddRange(kept.Select(p => Shorten(folder, p)));
        CheckpointStateFile.Write(path, state);
    }

    /// <summary>Finds the checkpoint that a path means: a prefix, any of its files, a folder, or the state file of one.</summary>
    /// <exception cref="FileNotFoundException">There is none; the message says what was looked for.</exception>
    /// <exception cref="CheckpointFormatException">The state file of the folder does not parse.</exception>
    public static CheckpointPath Resolve(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            return CheckpointPath.TryResolve(path) ?? ResolveFolder(path);
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

    /// <summary>True for the name of a file that is no checkpoint without the files beside it.</summary>
    internal static bool IsPart(string path) => path.EndsWith(".meta", StringComparison.Ordinal) || DataFile().IsMatch(path);

    /// <summary>True for the file of a folder that lists its checkpoints.</summary>
    internal static bool IsStateFile(string path)
    {
        if (Path.GetFileName(path) != CheckpointStateFile.DefaultName || !File.Exists(path))
            return false;
        using FileStream file = File.OpenRead(path);
        var start = new byte["model_checkpoint_path"u8.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual("model_checkpoint_path"u8);
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
        return Prefixes(folder) is [string only]
            ? CheckpointPath.Resolve(only)
            : throw new FileNotFoundException($"Folder '{folder}' has no state file '{CheckpointStateFile.DefaultName}', which would name its newest checkpoint. {Proposal(folder)}", folder);
    }

    private static string[] Prefixes(string folder) => [.. Directory.EnumerateFiles(folder, "*.index").Select(static f => f[..^".index".Length]).Order(StringComparer.Ordinal)];

    private static string Proposal(string folder) => Prefixes(folder) is { Length: > 0 } prefixes
        ? $"Give the prefix of a checkpoint in it: {string.Join(", ", prefixes.Take(5).Select(static p => $"'{p}'"))}."
        : "There is no checkpoint in it; give another folder, or a file.";

    private static string StatePath(string folder, string? latestFilename) => Path.Combine(folder, latestFilename ?? CheckpointStateFile.DefaultName);

    // A folder that was moved keeps its checkpoints beside the state file, whatever complete path that tells.
    private static string Complete(string folder, string path)
    {
        string complete = Path.Combine(folder, path);
        string beside = Path.Combine(folder, Path.GetFileName(path));
        return CheckpointPath.TryResolve(complete) is null && CheckpointPath.TryResolve(beside) is not null ? beside : complete;
    }

    private static string Shorten(string folder, string path) => Path.GetRelativePath(Path.GetFullPath(folder), Path.GetFullPath(path)).Replace('\\', '/');

    [GeneratedRegex(@"\.data-\d{5}-of-\d{5}$", RegexOptions.CultureInvariant)]
    private static partial Regex DataFile();
}
