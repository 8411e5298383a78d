namespace NotebookPersist.Formats.Files;

/// <summary>A folder that appears under its name only when all that is in it is complete and on disk.</summary>
/// <remarks>
/// It is filled as <c>NAME.tempstateRANDOM</c> beside, which <see cref="Commit"/> renames. Disposing without a commit removes it. While it is
/// filled it is locked, so that the next writer of that name tells what a dead process left from what is still on its way. Thread safety: none.
/// </remarks>
public sealed class AtomicFolder : IDisposable
{
    private readonly FolderLock _alone;
    private bool _finished;

    private AtomicFolder(string path, string temporaryPath, FolderLock alone) => (Path, TemporaryPath, _alone) = (path, temporaryPath, alone);

    /// <summary>The name that the folder will have.</summary>
    public string Path { get; }

    /// <summary>The name that it has until it is committed.</summary>
    public string TemporaryPath { get; }

    /// <summary>Starts a folder; removes what dead processes left of it.</summary>
    /// <param name="path">The name that it will have; folders above it are made.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static AtomicFolder Create(string path, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string whole = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        RemoveLeftovers(whole);
        string temporaryPath = AtomicFile.TemporaryName(whole);
        return new AtomicFolder(whole, temporaryPath, FolderLock.Take(temporaryPath, TimeSpan.Zero, cancellation));
    }

    /// <summary>Makes a folder in it, where it is not there yet.</summary>
    /// <returns>Its path for now.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    public string AddFolder(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string folder = System.IO.Path.Combine(TemporaryPath, name);
        Disk.CreateFolder(folder);
        return folder;
    }

    /// <summary>Copies a file to a folder in it; one that is there already stays.</summary>
    /// <param name="source">The file.</param>
    /// <param name="folder">Name of the folder, see <see cref="AddFolder"/>.</param>
    /// <param name="name">Name of the copy.</param>
    /// <exception cref="IOException">It cannot be copied.</exception>
    public void Copy(string source, string folder, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        string target = System.IO.Path.Combine(AddFolder(folder), name);
        if (File.Exists(target))
            return;
        using FileStream original = File.OpenRead(source);
        using AtomicFile copy = AtomicFile.Create(target, original.Length);
        original.CopyTo(copy.Stream);
        copy.Commit();
    }

    /// <summary>Makes the folder appear under its name. One that is there must be empty, and gives way.</summary>
    /// <exception cref="IOException">It cannot be renamed, or the name is taken: nothing is lost but an empty folder.</exception>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        if (Directory.Exists(Path))
            Disk.DeleteFolder(Path); // Refuses one that holds something.
        Disk.MoveFolder(TemporaryPath, Path);
        _finished = true;
        _alone.Dispose();
        Disk.FlushFolder(System.IO.Path.GetDirectoryName(Path)!); // The root is never empty, and so never comes so far.
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        if (_finished)
            return;
        _finished = true;
        try
        {
            Disk.DeleteTree(TemporaryPath);
        }
        finally
        {
            _alone.Dispose(); // What is left the next writer takes away.
        }
    }

    // A process that died while it filled the folder holds no lock on what it left.
    private static void RemoveLeftovers(string path)
    {
        if (System.IO.Path.GetDirectoryName(path) is not { } parent)
            return; // The root.
        foreach (string left in Disk.FoldersIn(parent, System.IO.Path.GetFileName(path) + ".tempstate*"))
            FolderLock.RemoveIfUnused(left);
    }
}
