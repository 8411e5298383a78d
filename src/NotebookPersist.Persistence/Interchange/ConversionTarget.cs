using NotebookPersist.Formats.Files;

namespace NotebookPersist.Persistence;

/// <summary>What is where a conversion is to write, looked at before anything is read.</summary>
internal static class ConversionTarget
{
    /// <summary>Makes the target's folder, and refuses targets that would destroy something.</summary>
    /// <param name="source">What is converted; null where it is no file.</param>
    /// <param name="target">The file, or the prefix of a checkpoint.</param>
    /// <param name="kind">What is written; null for a graph.</param>
    /// <param name="replace">Whether what is there may be replaced.</param>
    /// <exception cref="ArgumentException">The target is a folder, the source, or there already; or its extension is that of another kind.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static void Require(string? source, string target, ModelKind? kind, bool replace)
    {
        if (Path.GetFileName(target).Length == 0)
            throw new ArgumentException(CheckpointStates.NamesFolder(target), nameof(target));
        bool isCheckpoint = kind is ModelKind.CheckpointV1 or ModelKind.CheckpointV2;
        if (!isCheckpoint && Directory.Exists(target))
            throw new ArgumentException($"'{target}' is a folder. Add a file name to it.", nameof(target));
        if (isCheckpoint && Path.GetExtension(target).ToLowerInvariant() is ".npz" or ".npy" or ".safetensors" or ".pb" or ".pbtxt" or ".meta")
            throw new ArgumentException($"'{target}' is to be a checkpoint, whose name would be that of another kind of file. Leave out '{Path.GetExtension(target)}', or --to.", nameof(target));
        string full = Path.GetFullPath(target);
        if (source is not null && FilesOf(source).Contains(full))
            throw new ArgumentException($"'{target}' is the source itself. Give another name; the source is left as it is.", nameof(target));
        if (!replace && (isCheckpoint ? CheckpointPath.TryResolve(target) is { } there && Path.GetFullPath(there.Prefix) == full : File.Exists(target)))
            throw new ArgumentException($"'{target}' is there already. Give another name, or --force to replace it.", nameof(target));
        string folder = Path.GetDirectoryName(full)!; // A file has a folder.
        if (File.Exists(folder))
            throw new IOException($"Cannot write '{target}': '{folder}' is a file and no folder.");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot write '{target}': folder '{folder}' cannot be made. Choose a folder that may be written to.", fault);
        }
    }

    // The source by all names under which it could be overwritten.
    private static HashSet<string> FilesOf(string source)
    {
        HashSet<string> files = [Path.GetFullPath(source)];
        try
        {
            if (ModelKinds.Of(source) is ModelKind.CheckpointV1 or ModelKind.CheckpointV2)
                files.Add(Path.GetFullPath(CheckpointStates.Resolve(source).Prefix));
        }
        catch (IOException)
        {
            return files; // Reading it tells what is wrong.
        }

        return files;
    }
}
