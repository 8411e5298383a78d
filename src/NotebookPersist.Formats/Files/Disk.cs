using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NotebookPersist.Formats.Files;

/// <summary>What changes a disk, one value a system call.</summary>
internal enum DiskCall
{
    /// <summary>Makes a folder.</summary>
    CreateFolder,

    /// <summary>Makes an empty file.</summary>
    Create,

    /// <summary>Writes bytes to a file.</summary>
    Write,

    /// <summary>Brings a file's bytes to disk.</summary>
    Flush,

    /// <summary>Gives a file another name.</summary>
    Rename,

    /// <summary>Gives a file one more name.</summary>
    Link,

    /// <summary>Brings a folder's names to disk.</summary>
    FlushFolder,

    /// <summary>Takes a file away.</summary>
    Delete,

    /// <summary>Gives a folder another name.</summary>
    MoveFolder,

    /// <summary>Takes an empty folder away.</summary>
    DeleteFolder,
}

/// <summary>Every call that changes a disk goes through here, so that tests can fail or stop a save at each of them.</summary>
/// <remarks>Thread safety: all members may be called from any thread.</remarks>
internal static class Disk
{
    private const int OpenReadOnly = 0;

    /// <summary>Called before each call with what it will do and to which path; null outside of tests.</summary>
    public static Action<DiskCall, string>? Before { get; set; }

    /// <summary>Makes a folder and those above it.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        Before?.Invoke(DiskCall.CreateFolder, path);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception fault) when (DiskFault.IsOfDisk(fault))
        {
            throw DiskFault.Explain(fault, path);
        }
    }

    /// <summary>Makes a file to write to and to read back; nobody else can open it meanwhile.</summary>
    /// <param name="path">Must not exist.</param>
    /// <param name="preallocate">Unit: bytes to set aside, so that a full disk is known early; 0 for none.</param>
    public static SafeFileHandle Create(string path, long preallocate)
    {
        Before?.Invoke(DiskCall.Create, path);
        try
        {
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.None, preallocate);
        }
        catch (Exception fault) when (DiskFault.IsOfDisk(fault))
        {
            throw DiskFault.Explain(fault, path, preallocate);
        }
    }

    /// <summary>Writes all bytes at an offset.</summary>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset, string path)
    {
        Before?.Invoke(DiskCall.Write, path);
        try
        {
            RandomAccess.Write(file, bytes, offset);
        }
        catch (Exception fault) when (DiskFault.IsOfDisk(fault))
        {
            throw DiskFault.Explain(fault, path);
        }
    }

    /// <summary>Brings the bytes of a file to disk.</summary>
    public static void Flush(SafeFileHandle file, string path)
    {
        Before?.Invoke(DiskCall.Flush, path);
        try
        {
            RandomAccess.FlushToDisk(file);
        }
        catch (Exception fault) when (DiskFault.IsOfDisk(fault))
        {
            throw DiskFault.Explain(fault, path);
        }
    }

    /// <summary>Gives a file another name, taking the place of what has it.</summary>
    public static void Rename(string from, string to)
    {
        Before?.Invoke(DiskCall.Rename, to);
        try
        {
            File.Move(from, to, overwrite: true);
        }
        catch (Exception fault) when (DiskFault.IsOfDisk(fault))
        {
            throw DiskFault.Explain(fault, to);
        }
    }

    /// <summary>Takes a file away; none is no error.</summary>
    public static void Delete(string path)
    {
        Before?.Invoke(DiskCall.Delete, path);
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone with its folder.
        }
    }

    /// <summary>Gives a folder another name, which nothing may have.</summary>
    public static void MoveFolder(string from, string to)
    {
        Before?.Invoke(DiskCall.MoveFolder, to);
        try
        {
            Directory.Move(from, to);
        }
        catch (Exception fault) when (DiskFault.IsOfDisk(fault))
        {
            throw DiskFault.Explain(fault, to);
        }
    }

    /// <summary>Takes an empty folder away; none is no error.</summary>
    public static void DeleteFolder(string path)
    {
        Before?.Invoke(DiskCall.DeleteFolder, path);
        try
        {
            Directory.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already.
        }
    }

    /// <summary>The files in a folder; none where it is not there, as others may take it away at any moment.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static string[] FilesIn(string folder, string pattern = "*") => Listed(folder, f => Directory.GetFiles(f, pattern));

    /// <summary>The folders in a folder; none where it is not there.</summary>
    /// <inheritdoc cref="FilesIn"/>
    public static string[] FoldersIn(string folder, string pattern = "*") => Listed(folder, f => Directory.GetDirectories(f, pattern));

    /// <summary>Takes a folder away with all that is in it; none is no error. Links in it go, what they lead to stays.</summary>
    /// <remarks>
    /// What lies in the folder itself goes first: a description goes before the folders of what it describes, so that a half that a dying
    /// process leaves describes nothing.
    /// </remarks>
    public static void DeleteTree(string path)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = new DirectoryInfo(path).GetFileSystemInfos();
        }
        catch (DirectoryNotFoundException)
        {
            return; // Gone already.
        }

        foreach (FileSystemInfo file in entries.Where(static e => !IsFolder(e)))
            Delete(file.FullName);
        foreach (FileSystemInfo inner in entries.Where(IsFolder))
            DeleteTree(inner.FullName);
        DeleteFolder(path);

        static bool IsFolder(FileSystemInfo entry) => entry is DirectoryInfo && entry.LinkTarget is null;
    }

    /// <summary>Gives a file one more name.</summary>
    /// <returns>False where the file system has no such links.</returns>
    public static bool TryLink(string existing, string path)
    {
        Before?.Invoke(DiskCall.Link, path);
        return OperatingSystem.IsWindows() ? CreateHardLink(path, existing, 0) : Link(CString(existing), CString(path)) == 0;
    }

    /// <summary>Brings the names in a folder to disk; does nothing on Windows, which has no such call.</summary>
    /// <remarks>Some file systems refuse to flush a folder. The renames have happened all the same, so a refusal is no error.</remarks>
    public static void FlushFolder(string folder)
    {
        Before?.Invoke(DiskCall.FlushFolder, folder);
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = Open(CString(folder), OpenReadOnly);
        if (descriptor >= 0)
        {
            _ = FileSync(descriptor);
            _ = Close(descriptor);
        }
    }

    /// <summary>Opens a folder and locks it against others who do so.</summary>
    /// <param name="folder">Must exist.</param>
    /// <param name="descriptor">To be closed with <see cref="Unlock"/>; negative where folders cannot be locked.</param>
    /// <returns>False while somebody else has the lock.</returns>
    public static bool TryLock(string folder, out int descriptor)
    {
        const int exclusiveWithoutWaiting = 2 | 4;
        const int wouldBlock = 11;
        const int wouldBlockOnMac = 35;
        descriptor = OperatingSystem.IsWindows() ? -1 : Open(CString(folder), OpenReadOnly);
        if (descriptor < 0 || FileLock(descriptor, exclusiveWithoutWaiting) == 0)
            return true;
        bool busy = Marshal.GetLastPInvokeError() is wouldBlock or wouldBlockOnMac;
        _ = Close(descriptor);
        descriptor = -1;
        return !busy;
    }

    /// <summary>Gives a lock back.</summary>
    public static void Unlock(int descriptor)
    {
        if (descriptor >= 0)
            _ = Close(descriptor);
    }

    private static string[] Listed(string folder, Func<string, string[]> list)
    {
        // Names of files, names that are too long and names that nothing can have are no folders either.
        if (!Directory.Exists(folder))
            return [];
        try
        {
            return list(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return []; // Gone since.
        }
    }

    private static byte[] CString(string path) => [.. Encoding.UTF8.GetBytes(path), 0];

    // The framework opens no folders as files and makes no hard links, so the C library that it runs on is asked.
    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FileSync(int descriptor);

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FileLock(int descriptor, int operation);

    [DllImport("libc", EntryPoint = "link")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(byte[] existing, byte[] path);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);

    [DllImport("kernel32", EntryPoint = "CreateHardLinkW", CharSet = CharSet.Unicode, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool CreateHardLink(string path, string existing, nint reserved);
}
