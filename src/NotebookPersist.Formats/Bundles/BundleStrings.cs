using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using NotebookPersist.Formats.Coding;

// strings := length: varint64, one for each element in row-major order
//            length-crc: uint32, masked CRC-32C of the lengths, each taken as 4 bytes (8 if above 0xFFFFFFFF), not as varint
//            bytes of all elements without separators
//
// The entry's checksum goes on from that of the lengths over the 4 stored bytes of length-crc and the bytes of the elements; so it
// is not the checksum of what is in the file. In a big-endian bundle the 4 (or 8) bytes are high byte first in both places.

namespace NotebookPersist.Formats.Bundles;

/// <summary>The layout of string tensors in a bundle's data file.</summary>
internal static class BundleStrings
{
    /// <summary>Writes the elements and returns the unmasked checksum for the entry and the size in bytes.</summary>
    public static (uint Crc, long ByteCount) Write(Stream stream, ReadOnlySpan<byte[]> elements)
    {
        ArrayBufferWriter<byte> lengths = new();
        uint crc = 0;
        foreach (byte[] element in elements)
        {
            Varint.Write(lengths, (ulong)element.Length);
            crc = ExtendWithLength(crc, element.Length, bigEndian: false);
        }

        byte[] checksum = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Mask(crc));
        stream.Write(lengths.WrittenSpan);
        stream.Write(checksum);
        crc = Crc32C.Extend(crc, checksum);
        long byteCount = lengths.WrittenCount + checksum.Length;
        foreach (byte[] element in elements)
        {
            stream.Write(element);
            crc = Crc32C.Extend(crc, element);
            byteCount += element.Length;
        }

        return (crc, byteCount);
    }

    /// <summary>Reads the elements and computes the unmasked checksum for the entry.</summary>
    /// <param name="data">The whole stored range.</param>
    /// <param name="count">How many elements there are.</param>
    /// <param name="bigEndian">The bundle's byte order.</param>
    /// <param name="path">The data file.</param>
    /// <param name="fileOffset">Where the range starts in it.</param>
    /// <param name="crc">The checksum to compare with the entry's.</param>
    public static byte[][] Read(ReadOnlySpan<byte> data, long count, bool bigEndian, string path, long fileOffset, out uint crc)
    {
        BoundedReader reader = new(data, path, fileOffset, "string tensor");
        crc = 0;

        // Every length takes a byte at least: a count beyond that is refused before anything is allocated for it.
        if (count > data.Length)
            throw reader.Fail(CheckpointFault.BadStructure, $"{count} strings cannot be in {data.Length} bytes");
        long[] lengths = new long[(int)count];
        Int128 total = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            lengths[i] = reader.ReadLength64();
            total += lengths[i];
            crc = ExtendWithLength(crc, lengths[i], bigEndian);
        }

        if (reader.Remaining < sizeof(uint))
            throw reader.Fail(CheckpointFault.BadStructure, $"String lengths longer than expected offset {fileOffset + data.Length}");
        ReadOnlySpan<byte> stored = reader.ReadBytes(sizeof(uint));
        uint expected = Crc32C.Unmask(bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(stored) : BinaryPrimitives.ReadUInt32LittleEndian(stored));
        if (expected != crc)
        {
            throw reader.Fail(
                CheckpointFault.ChecksumMismatch,
                string.Create(CultureInfo.InvariantCulture, $"The length checksum does not match: expected {expected:D8} but actual is {crc:D8} (0x{expected:X8}, 0x{crc:X8})"));
        }

        if (total != reader.Remaining)
            throw reader.Fail(CheckpointFault.BadStructure, $"the strings take {total} bytes where {reader.Remaining} are left");
        crc = Crc32C.Extend(crc, stored);
        byte[][] elements = new byte[lengths.Length][];
        for (int i = 0; i < elements.Length; i++)
        {
            ReadOnlySpan<byte> element = reader.ReadBytes((int)lengths[i]);
            crc = Crc32C.Extend(crc, element);
            elements[i] = element.IsEmpty ? [] : element.ToArray();
        }

        return elements;
    }

    private static uint ExtendWithLength(uint crc, long length, bool bigEndian)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes = length <= uint.MaxValue ? bytes[..sizeof(uint)] : bytes;
        for (int i = 0; i < bytes.Length; i++)
            bytes[bigEndian ? bytes.Length - 1 - i : i] = (byte)(length >> (8 * i) & 0xFF);
        return Crc32C.Extend(crc, bytes);
    }
}
