namespace NotebookPersist.Formats.Files;

/// <summary>Keeps two writers from changing the checkpoints of one folder at once.</summary>
/// <remarks>
/// The lock is on the folder itself: it leaves no file and ends with the process. Where folders cannot be locked (Windows, some
/// network file systems) it does nothing. Readers need none: every file appears complete.
/// </remarks>
public sealed class FolderLock : IDisposable
{
    // Short: a writer that saves again and again leaves the folder alone for moments only.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly int _descriptor;
    private bool _released;

    private FolderLock(int descriptor) => _descriptor = descriptor;

    /// <summary>Waits for a folder to be free, and takes it.</summary>
    /// <param name="folder">Made if it does not exist.</param>
    /// <param name="patience">How long to wait for another writer.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="IOException">Another writer did not finish in time, or the folder cannot be made.</exception>
    public static FolderLock Take(string folder, TimeSpan patience, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Disk.CreateFolder(folder);
        long start = Environment.TickCount64;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Disk.TryLock(folder, out int descriptor))
                return new FolderLock(descriptor);
            if (Environment.TickCount64 - start > patience.TotalMilliseconds)
            {
                throw new IOException(
                    $"Cannot save to folder '{folder}': another save to it is going on, in this process or another, and did not finish in {patience.TotalSeconds:0} s. "
                    + "Nothing was changed. Let each process save to a folder of its own.");
            }

            // The token's source may be gone by now: a save in the background outlives the cell that asked for it.
            Thread.Sleep(Pause);
        }
    }

    /// <summary>Removes a folder with all that is in it, unless somebody has the lock.</summary>
    /// <returns>False where it is in use, or folders cannot be locked: then nobody can tell.</returns>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public static bool RemoveIfUnused(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Disk.TryLock(folder, out int descriptor) || descriptor < 0)
            return false;
        try
        {
            Disk.DeleteTree(folder);
            return true;
        }
        finally
        {
            Disk.Unlock(descriptor);
        }
    }

    /// <summary>Lets others write.</summary>
    public void Dispose()
    {
        if (_released)
            return;
        _released = true;
        Disk.Unlock(_descriptor);
    }
}
