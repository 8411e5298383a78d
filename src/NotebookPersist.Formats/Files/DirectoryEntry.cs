using System.Runtime.InteropServices;
using System.Text;

namespace NotebookPersist.Formats.Files;

/// <summary>Brings a rename to disk: on Unix the name of a file is data of its folder.</summary>
internal static class DirectoryEntry
{
    private const int ReadOnly = 0;

    /// <summary>Asks the operating system to write the entries of a folder; does nothing on Windows, which has no such call.</summary>
    /// <remarks>Some file systems refuse to flush a folder. The rename has happened all the same, so a refusal is no error.</remarks>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open([.. Encoding.UTF8.GetBytes(folder), 0], ReadOnly);
        if (descriptor >= 0)
        {
            _ = FileSync(descriptor);
            _ = Close(descriptor);
        }
    }

    // The framework opens no folders as files, so the C library that it runs on is asked.
    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FileSync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
