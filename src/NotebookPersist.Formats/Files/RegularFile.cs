using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NotebookPersist.Formats.Files;

/// <summary>Opens files that somebody named. Opening a pipe waits for its other end, and a device may never end: both are refused first.</summary>
/// <remarks>Where the system cannot tell what a path is, it is opened as before. Thread safety: all members may be called from any thread.</remarks>
public static class RegularFile
{
    private const int CurrentFolder = -100;
    private const uint TypeOnly = 1;

    // Layout of Linux's 'struct statx', the same on every processor.
    private const int StatxByteCount = 256;
    private const int ModeOffset = 28;

    private enum FileType
    {
        Pipe = 0x1000,
        CharacterDevice = 0x2000,
        BlockDevice = 0x6000,
        Socket = 0xC000,
        Mask = 0xF000,
    }

    /// <summary>Opens a file to read it from its beginning.</summary>
    /// <exception cref="IOException">It is a pipe, a device or a socket, or cannot be read.</exception>
    public static FileStream OpenRead(string path)
    {
        Require(path);
        return File.OpenRead(path);
    }

    /// <summary>Opens a file to read parts of it.</summary>
    /// <exception cref="IOException">It is a pipe, a device or a socket, or cannot be read.</exception>
    public static SafeFileHandle OpenHandle(string path, FileOptions options = FileOptions.None)
    {
        Require(path);
        return File.OpenHandle(path, options: options);
    }

    /// <summary>Reads all of a file.</summary>
    /// <exception cref="IOException">It is a pipe, a device or a socket, or cannot be read.</exception>
    public static byte[] ReadAllBytes(string path)
    {
        Require(path);
        return File.ReadAllBytes(path);
    }

    /// <summary>Reads all of a file as text.</summary>
    /// <exception cref="IOException">It is a pipe, a device or a socket, or cannot be read.</exception>
    public static string ReadAllText(string path)
    {
        Require(path);
        return File.ReadAllText(path);
    }

    /// <summary>Reads the lines of a file as they are asked for.</summary>
    /// <exception cref="IOException">It is a pipe, a device or a socket, or cannot be read.</exception>
    public static IEnumerable<string> ReadLines(string path)
    {
        Require(path);
        return File.ReadLines(path);
    }

    /// <summary>Refuses what is there but is no file that stays as it is while it is read; links are followed.</summary>
    /// <exception cref="IOException">It is a pipe, a device or a socket.</exception>
    public static void Require(string path)
    {
        if (NameOf(TypeOf(path)) is { } name)
            throw new IOException($"'{path}' is {name} and no file. Copy what it gives into a file, and name that.");
    }

    private static string? NameOf(FileType type) => type switch
    {
        FileType.Pipe => "a pipe",
        FileType.CharacterDevice or FileType.BlockDevice => "a device",
        FileType.Socket => "a socket",
        _ => null,
    };

    private static FileType TypeOf(string path)
    {
        if (!OperatingSystem.IsLinux())
            return default;
        var status = new byte[StatxByteCount];
        try
        {
            return Statx(CurrentFolder, [.. Encoding.UTF8.GetBytes(path), 0], 0, TypeOnly, status) == 0
                ? (FileType)MemoryMarshal.Read<ushort>(status.AsSpan(ModeOffset)) & FileType.Mask
                : default; // Opening it tells why.
        }
        catch (EntryPointNotFoundException)
        {
            return default; // A C library from before this call.
        }
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, [Out] byte[] status);
}
