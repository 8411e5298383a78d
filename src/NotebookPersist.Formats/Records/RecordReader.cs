using System.Buffers.Binary;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Formats.Records;

/// <summary>Reads the records of a file, one after the other.</summary>
/// <remarks>Thread safety: one enumeration at a time. Source: TensorFlow's record_reader; see FORMAT.md.</remarks>
public static class RecordReader
{
    /// <summary>The data of each record.</summary>
    /// <param name="path">The file.</param>
    /// <param name="allowOpenEnd">Whether a last record that is cut off ends the reading, as of a file that is still written, rather than failing it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">A checksum is wrong, or the file ends within a record.</exception>
    public static IEnumerable<byte[]> Read(string path, bool allowOpenEnd = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Records(path, allowOpenEnd);
    }

    private static IEnumerable<byte[]> Records(string path, bool allowOpenEnd)
    {
        RegularFile.Require(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] header = new byte[RecordWriter.HeaderByteCount];
        while (true)
        {
            long start = file.Position;
            int got = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (got == 0)
                yield break;
            if (got < header.Length)
            {
                if (allowOpenEnd)
                    yield break;
                throw Cut(path, start, $"{header.Length} bytes of a record's header", got);
            }

            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header);
            Require(path, start, "header", header.AsSpan(0, sizeof(ulong)), BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(sizeof(ulong))));

            // The length's own checksum may be forged; memory is taken only for bytes that are there.
            ulong rest = (ulong)Math.Max(0, file.Length - file.Position);
            if (rest < RecordWriter.FooterByteCount || length > rest - RecordWriter.FooterByteCount)
            {
                if (allowOpenEnd)
                    yield break;
                throw Cut(path, start, $"a record of {length:N0} bytes and its checksum", (long)rest);
            }

            if (length > (ulong)Array.MaxLength - RecordWriter.FooterByteCount)
                throw new CheckpointFormatException($"The record at byte {start:N0} of '{path}' has {length:N0} bytes; at most {Array.MaxLength:N0} can be read.", CheckpointFault.LimitExceeded, path, start);
            byte[] data = new byte[length];
            file.ReadExactly(data);
            file.ReadExactly(header, 0, RecordWriter.FooterByteCount);
            Require(path, start, "data", data, BinaryPrimitives.ReadUInt32LittleEndian(header));
            yield return data;
        }
    }

    private static void Require(string path, long start, string part, ReadOnlySpan<byte> bytes, uint masked)
    {
        uint stored = Crc32C.Unmask(masked);
        uint computed = Crc32C.Compute(bytes);
        if (stored != computed)
        {
            throw new CheckpointFormatException(
                $"Checksum mismatch in the {part} of the record at byte {start:N0} of '{path}': stored 0x{stored:X8}, computed 0x{computed:X8}.", CheckpointFault.ChecksumMismatch, path, start);
        }
    }

    private static CheckpointFormatException Cut(string path, long start, string expected, long found) => new(
        $"'{path}' ends within the record at byte {start:N0}: expected {expected}, found {found:N0} bytes.", CheckpointFault.Truncated, path, start);
}
