using System.IO.Compression;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Formats.Npy;

/// <summary>Reads NumPy's archives of arrays, stored or compressed.</summary>
/// <remarks>
/// Names of entries only serve as names of tensors: nothing is ever unpacked to disk. Sizes are checked against the bytes of the file
/// before memory is taken, the checksum of each array when it is read.
/// Thread safety: reads may be called concurrently; one runs at a time.
/// </remarks>
public sealed class NpzReader : TensorFileReader
{
    private const string Suffix = ".npy";

    // The most that deflate can make of one byte, and a few bytes of its blocks.
    private const int MostInflated = 1032;
    private const int BlockByteCount = 64;

    // What tells of more than this is inflated once for nothing before memory is taken for it.
    private const int UsualInflated = 3;
    private const int UncheckedByteCount = 1 << 20;

    private readonly FileStream _file;
    private readonly ZipArchive _archive;
    private readonly Lock _lock = new();
    private bool _closed;

    private NpzReader(string path, FileStream file, ZipArchive archive, IReadOnlyList<CheckpointEntry> entries)
        : base(path, entries) => (_file, _archive) = (file, archive);

    /// <summary>Opens an archive and reads the header of every array.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">The file is no archive of arrays, or is damaged.</exception>
    public static NpzReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream file = RegularFile.OpenRead(path);
        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            return new NpzReader(path, file, archive, ReadEntries(archive, file.Length, path));
        }
        catch (InvalidDataException damage)
        {
            archive?.Dispose();
            file.Dispose();
            throw Damaged(path, path, damage);
        }
        catch
        {
            archive?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file begins as an archive does.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsAt(string path)
    {
        using FileStream file = RegularFile.OpenRead(path);
        Span<byte> start = stackalloc byte[sizeof(uint)];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start[..2].SequenceEqual("PK"u8)
            && (start[2..].SequenceEqual<byte>([3, 4]) || start[2..].SequenceEqual<byte>([5, 6]));
    }

    private protected override Tensor ReadValues(CheckpointEntry entry, CancellationToken cancellation)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            string shown = Shown(entry.Name, Path);
            ZipArchiveEntry stored = _archive.GetEntry(entry.Name + Suffix)!; // Entries were made from these.
            try
            {
                if (stored.Length > (UsualInflated * stored.CompressedLength) + UncheckedByteCount)
                    RequireLength(stored, shown, cancellation);
                using Stream inflated = stored.Open();
                using Crc32Stream stream = new(inflated);
                Tensor tensor = NpyFile.Read(stream, stored.Length, shown, Path, cancellation);
                if (stream.ReadByte() >= 0)
                    throw NpyHeader.Fault(shown, Path, CheckpointFault.BadStructure, null, $"more bytes follow the {stored.Length} that the archive tells");
                if (stream.Checksum != stored.Crc32)
                {
                    throw NpyHeader.Fault(
                        shown, Path, CheckpointFault.ChecksumMismatch, null, $"its checksum is 0x{stream.Checksum:X8}, the archive tells 0x{stored.Crc32:X8}");
                }

                return tensor;
            }
            catch (InvalidDataException damage)
            {
                throw Damaged(shown, Path, damage);
            }
        }
    }

    private protected override void CloseFile()
    {
        lock (_lock)
        {
            _closed = true;
            _archive.Dispose();
            _file.Dispose();
        }
    }

    private static List<CheckpointEntry> ReadEntries(ZipArchive archive, long fileByteCount, string path)
    {
        List<CheckpointEntry> entries = new(archive.Entries.Count);
        HashSet<string> names = new(StringComparer.Ordinal);

        // Entries that share bytes make an archive of any size of a small one.
        Int128 storedTotal = 0;
        foreach (ZipArchiveEntry stored in archive.Entries)
        {
            string name = stored.FullName.EndsWith(Suffix, StringComparison.Ordinal) ? stored.FullName[..^Suffix.Length] : "";
            if (name.Length == 0)
                throw NpyHeader.Fault(Shown(stored.FullName, path), path, CheckpointFault.NotThisFormat, null, "its name does not end in '.npy', so that the archive is not one of NumPy");
            string shown = Shown(name, path);
            if (!names.Add(name))
                throw NpyHeader.Fault(shown, path, CheckpointFault.BadStructure, null, "its name comes twice");
            if (stored.IsEncrypted)
                throw NpyHeader.Fault(shown, path, CheckpointFault.Unsupported, null, "it is encrypted");
            if (stored.CompressedLength > fileByteCount || stored.Length > ((Int128)stored.CompressedLength * MostInflated) + BlockByteCount)
            {
                throw NpyHeader.Fault(
                    shown, path, CheckpointFault.BadStructure, null, $"{stored.Length} bytes cannot come out of {stored.CompressedLength} in a file of {fileByteCount}");
            }

            if ((storedTotal += stored.CompressedLength) > fileByteCount)
                throw NpyHeader.Fault(shown, path, CheckpointFault.BadStructure, null, $"its bytes and those of the entries before are more than the {fileByteCount} of the file: they overlap");
            using Stream stream = stored.Open();
            NpyHeader header = NpyHeader.Read(stream, shown, path);
            entries.Add(new CheckpointEntry(name, header.DType, header.Shape, Math.Max(0, stored.Length - header.ByteCount), []));
        }

        return entries;
    }

    private void RequireLength(ZipArchiveEntry stored, string shown, CancellationToken cancellation)
    {
        byte[] chunk = new byte[1 << 16];
        long length = 0;
        using Stream inflated = stored.Open();
        for (int count = 1; count > 0 && length <= stored.Length; length += count)
        {
            cancellation.ThrowIfCancellationRequested();
            count = inflated.Read(chunk);
        }

        if (length != stored.Length)
            throw NpyHeader.Fault(shown, Path, CheckpointFault.BadStructure, null, $"the archive tells {stored.Length} bytes, {(length > stored.Length ? "more" : $"{length}")} came out");
    }

    private static string Shown(string name, string path) => $"{path}' entry '{name}";

    private static CheckpointFormatException Damaged(string shown, string path, InvalidDataException damage)
        => new($"Cannot read '{shown}' as a NumPy archive: {damage.Message}", CheckpointFault.BadStructure, path, null, damage);
}
