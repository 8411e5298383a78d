using System.Buffers.Binary;
using NotebookPersist.Formats.Coding;

namespace NotebookPersist.Formats.Records;

/// <summary>Appends records to a stream.</summary>
/// <remarks>
/// <code>
/// file   := record*
/// record := length:uint64le crc(length):uint32le data:length bytes crc(data):uint32le     both crc32c, masked
/// </code>
/// Thread safety: one at a time. Source: TensorFlow's record_writer; see FORMAT.md.
/// </remarks>
public sealed class RecordWriter(Stream stream)
{
    /// <summary>Bytes around the data of a record.</summary>
    internal const int FrameByteCount = HeaderByteCount + FooterByteCount;

    internal const int HeaderByteCount = sizeof(ulong) + sizeof(uint);
    internal const int FooterByteCount = sizeof(uint);

    /// <summary>Appends one record.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        Span<byte> header = stackalloc byte[HeaderByteCount];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[sizeof(ulong)..], Crc32C.Mask(Crc32C.Compute(header[..sizeof(ulong)])));
        Span<byte> footer = stackalloc byte[FooterByteCount];
        BinaryPrimitives.WriteUInt32LittleEndian(footer, Crc32C.Mask(Crc32C.Compute(data)));
        stream.Write(header);
        stream.Write(data);
        stream.Write(footer);
    }
}
