using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace NotebookPersist.Formats.Files;

/// <summary>A file that appears under its name only when it is complete and on disk.</summary>
/// <remarks>
/// The bytes go to <c>NAME.tempstateRANDOM</c> beside it, TensorFlow's own convention, and are renamed over the name by
/// <see cref="Commit"/>. Disposing without a commit removes them and leaves what was there before.
/// Thread safety: none.
/// </remarks>
public sealed partial class AtomicFile : IDisposable
{
    private const int BufferByteCount = 1 << 16;

    // Those of this process: some file systems have no locks that would tell.
    private static readonly ConcurrentDictionary<string, bool> OnTheirWay = new();

    private readonly SafeFileHandle _file;
    private readonly BufferedStream _stream;
    private readonly bool _durable;
    private bool _flushed;
    private bool _finished;

    private AtomicFile(string path, string temporaryPath, SafeFileHandle file, bool durable)
    {
        Path = path;
        TemporaryPath = temporaryPath;
        OnTheirWay[System.IO.Path.GetFullPath(temporaryPath)] = true;
        _file = file;
        _durable = durable;
        _stream = new BufferedStream(new DiskStream(file, temporaryPath), BufferByteCount);
    }

    /// <summary>The name that the file will have.</summary>
    public string Path { get; }

    /// <summary>The name that it has until it is committed.</summary>
    public string TemporaryPath { get; }

    /// <summary>Where to write; belongs to this object.</summary>
    public Stream Stream => _stream;

    private string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!; // A file has a folder.

    /// <summary>Starts a file beside <paramref name="path"/>; its folder must exist.</summary>
    /// <param name="path">The name that the file will have.</param>
    /// <param name="preallocate">Unit: bytes; what the file will hold if known, else 0.</param>
    /// <param name="durable">False to leave it to the system when the bytes reach the disk: faster, but a power failure can take them.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public static AtomicFile Create(string path, long preallocate = 0, bool durable = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string temporaryPath = TemporaryName(path);
        return new AtomicFile(path, temporaryPath, Disk.Create(temporaryPath, preallocate), durable);
    }

    /// <summary>Writes a whole file at once.</summary>
    /// <exception cref="IOException">The file cannot be written; what was there before is unchanged.</exception>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes, bool durable = true)
    {
        using AtomicFile file = Create(path, bytes.Length, durable);
        file.Stream.Write(bytes);
        file.Commit();
    }

    /// <summary>Brings the bytes to disk; the file keeps its temporary name.</summary>
    /// <remarks>For several files that must appear together: flush all, then <see cref="Commit"/> each in order.</remarks>
    public void Flush()
    {
        if (_flushed)
            return;
        _stream.Flush();
        if (_durable)
            Disk.Flush(_file, TemporaryPath);
        _flushed = true;
    }

    /// <summary>Brings the bytes to disk and reads them again from the beginning, before the file has its name.</summary>
    /// <exception cref="IOException">The bytes cannot be written.</exception>
    public Stream ReadBack()
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        Flush();
        return new BufferedStream(new ReadBackStream(_file), BufferByteCount);
    }

    /// <summary>Makes the file appear under its name, replacing what was there.</summary>
    public void Commit()
    {
        Rename(Path);
        if (_durable)
            Disk.FlushFolder(Folder);
    }

    /// <summary>Removes the temporary file if it was not committed.</summary>
    public void Dispose()
    {
        if (_finished)
            return;
        Finish();
        Disk.Delete(TemporaryPath);
    }

    /// <summary>A new name for a file that is on its way to <paramref name="path"/>.</summary>
    internal static string TemporaryName(string path)
    {
        ulong random = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        return path + ".tempstate" + random.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>True for the name of a file that somebody was about to write, or still is.</summary>
    internal static bool IsTemporary(string path) => TemporarySuffix().IsMatch(path);

    /// <summary>True while a process has a temporary file open.</summary>
    internal static bool IsInUse(string temporaryPath)
    {
        if (OnTheirWay.ContainsKey(System.IO.Path.GetFullPath(temporaryPath)))
            return true;
        try
        {
            File.OpenHandle(temporaryPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (FileNotFoundException)
        {
            return true; // It has just got its name.
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Makes the file appear under a name without bringing that to disk.</summary>
    internal void Rename(string path)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        Flush();

        // While it is open nobody takes it for an orphan. Windows renames no open file.
        if (OperatingSystem.IsWindows())
            _file.Dispose();
        Disk.Rename(TemporaryPath, path);
        Finish();
    }

    private void Finish()
    {
        _finished = true;
        _file.Dispose();
        OnTheirWay.TryRemove(System.IO.Path.GetFullPath(TemporaryPath), out _);
    }

    /// <summary>Reads a file that is still open for writing, through the same handle.</summary>
    private sealed class ReadBackStream(SafeFileHandle file) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => RandomAccess.GetLength(file);

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException("A file is read back from beginning to end.");
        }

        public override int Read(Span<byte> buffer)
        {
            int count = RandomAccess.Read(file, buffer, _position);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
            // Nothing is held back here.
        }

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A file that is read back is not written.");

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A file is read back from beginning to end.");

        public override void SetLength(long value) => throw new NotSupportedException("A file that is read back is not written.");
    }

    [GeneratedRegex(@"\.tempstate\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex TemporarySuffix();

    /// <summary>Writes one after the other what it is given, each by one call.</summary>
    private sealed class DiskStream(SafeFileHandle file, string path) : Stream
    {
        private long _position;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _position;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException("A file on its way is written from beginning to end.");
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Disk.Write(file, buffer, _position, path);
            _position += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
            // Nothing is held back here.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A file on its way is only written.");

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A file on its way is written from beginning to end.");

        public override void SetLength(long value) => throw new NotSupportedException("A file on its way is written from beginning to end.");
    }
}
