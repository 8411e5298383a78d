using System.Text.RegularExpressions;

namespace NotebookPersist.Formats.Files;

/// <summary>Knows what a process that died while it saved leaves behind.</summary>
/// <remarks>Thread safety: all members may be called from any thread.</remarks>
public static partial class LeftoverFiles
{
    /// <summary>True for the name of a file on its way: <c>NAME.tempstateRANDOM</c>.</summary>
    public static bool IsTemporaryFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return AtomicFile.IsTemporary(path);
    }

    /// <summary>True for the name of the folder in which TensorFlow collects the parts of a sharded save: <c>PREFIX_temp_RANDOM</c>.</summary>
    public static bool IsTemporaryFolder(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return FolderName().IsMatch(path);
    }

    /// <summary>True while a process is known to write a file: it is locked, or was changed a moment ago.</summary>
    /// <param name="path">The file.</param>
    /// <param name="now">The time.</param>
    /// <param name="quietTime">
    /// How long nothing may have changed it. This library locks what it writes; TensorFlow does not, so that only time can tell there.
    /// </param>
    public static bool IsInUse(string path, DateTimeOffset now, TimeSpan quietTime)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return now - File.GetLastWriteTimeUtc(path) < quietTime || AtomicFile.IsInUse(path);
    }

    /// <summary>Takes a file away; none is no error.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be removed.</exception>
    public static void Remove(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Disk.Delete(path);
    }

    /// <summary>Removes what a process left that died while it wrote a file, or a checkpoint of that prefix.</summary>
    /// <param name="path">The file's name, or the prefix. Its folder must be locked by <see cref="FolderLock"/>.</param>
    /// <exception cref="IOException">A file cannot be removed.</exception>
    public static void Sweep(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        foreach (string orphan in CheckpointPath.TemporaryFiles(path).Where(static t => !AtomicFile.IsInUse(t)))
            Disk.Delete(orphan);
    }

    /// <summary>Removes data files of a series of checkpoints whose index is gone: a process died while it deleted them.</summary>
    /// <param name="series">The path that steps are appended to. Its folder must be locked by <see cref="FolderLock"/>.</param>
    /// <exception cref="IOException">A file cannot be removed.</exception>
    public static void SweepDeleted(string series)
    {
        ArgumentException.ThrowIfNullOrEmpty(series);
        string folder = Path.GetDirectoryName(Path.GetFullPath(series))!; // A series lies in a folder.
        string name = Path.GetFileName(series);
        foreach (string file in Disk.FilesIn(folder, name + "-*.data-*"))
        {
            Match match = StepData().Match(Path.GetFileName(file)[name.Length..]);
            string prefix = Path.Combine(folder, name + match.Groups["step"].Value);
            if (match.Success && !File.Exists(prefix + ".index"))
                Disk.Delete(file);
        }
    }

    [GeneratedRegex(@"^(?<step>-\d+)\.data-\d{5,}-of-\d{5,}$", RegexOptions.CultureInvariant)]
    private static partial Regex StepData();

    [GeneratedRegex(@"_temp_[0-9a-f]{8,}$", RegexOptions.CultureInvariant)]
    private static partial Regex FolderName();
}
