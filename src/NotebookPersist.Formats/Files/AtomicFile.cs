using System.Globalization;
using System.Security.Cryptography;

namespace NotebookPersist.Formats.Files;

/// <summary>A file that appears under its name only when it is complete and on disk.</summary>
/// <remarks>
/// The bytes go to <c>NAME.tempstateRANDOM</c> beside it, TensorFlow's own convention, and are renamed over the name by
/// <see cref="Commit"/>. Disposing without a commit removes them and leaves what was there before.
/// Thread safety: none.
/// </remarks>
public sealed class AtomicFile : IDisposable
{
    private readonly FileStream _stream;
    private bool _finished;

    private AtomicFile(string path, string temporaryPath, FileStream stream)
    {
        Path = path;
        TemporaryPath = temporaryPath;
        _stream = stream;
    }

    /// <summary>The name that the file will have.</summary>
    public string Path { get; }

    /// <summary>The name that it has until it is committed.</summary>
    public string TemporaryPath { get; }

    /// <summary>Where to write; belongs to this object.</summary>
    public Stream Stream => _stream;

    /// <summary>Starts a file beside <paramref name="path"/>; its folder must exist.</summary>
    /// <param name="path">The name that the file will have.</param>
    /// <param name="preallocate">Unit: bytes; what the file will hold if known, else 0.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public static AtomicFile Create(string path, long preallocate = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ulong random = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        string temporaryPath = path + ".tempstate" + random.ToString(CultureInfo.InvariantCulture);
        FileStream stream = new(temporaryPath, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 1 << 16,
            PreallocationSize = preallocate,
        });
        return new AtomicFile(path, temporaryPath, stream);
    }

    /// <summary>Writes a whole file at once.</summary>
    /// <exception cref="IOException">The file cannot be written; what was there before is unchanged.</exception>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes)
    {
        using AtomicFile file = Create(path, bytes.Length);
        file.Stream.Write(bytes);
        file.Commit();
    }

    /// <summary>Brings the bytes to disk and closes the file, still under its temporary name.</summary>
    /// <remarks>For several files that must appear together: flush all, then <see cref="Commit"/> each in order.</remarks>
    public void Flush()
    {
        if (_stream.CanWrite)
        {
            _stream.Flush(flushToDisk: true);
            _stream.Dispose();
        }
    }

    /// <summary>Makes the file appear under its name, replacing what was there.</summary>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        Flush();
        File.Move(TemporaryPath, Path, overwrite: true);
        _finished = true;
        DirectoryEntry.Flush(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!); // A file has a folder.
    }

    /// <summary>Removes the temporary file if it was not committed.</summary>
    public void Dispose()
    {
        if (_finished)
        {
            return;
        }

        _finished = true;
        _stream.Dispose();
        File.Delete(TemporaryPath);
    }
}
