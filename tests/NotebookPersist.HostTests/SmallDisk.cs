using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NotebookPersist.HostTests;

/// <summary>A disk of its own, in memory, that can be full or read-only. Needs the right to mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts a disk of so many bytes.</summary>
    /// <exception cref="InvalidOperationException">This process may not mount: run the tests as root, in a container with the right to mount.</exception>
    public static SmallDisk Mount(int byteCount)
    {
        string path = Directory.CreateTempSubdirectory("notebookpersist-disk-").FullName;
        Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={byteCount}"), "tmpfs", path);
        return new SmallDisk(path);
    }

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path);

    /// <summary>Writes a file that leaves only so many bytes.</summary>
    public void Fill(int left)
    {
        long free = new DriveInfo(Path).AvailableFreeSpace;
        File.WriteAllBytes(System.IO.Path.Combine(Path, "filler"), new byte[free - left]);
    }

    public void Empty() => File.Delete(System.IO.Path.Combine(Path, "filler"));

    public void Dispose()
    {
        Run("umount", Path);
        Directory.Delete(Path);
    }

    private static void Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{command} {string.Join(' ', arguments)}' on {RuntimeInformation.OSDescription}: {error.Trim()} These tests need the right to mount: run them as root.");
    }
}
