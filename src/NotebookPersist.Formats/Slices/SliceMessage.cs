using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using NotebookPersist.Formats.Coding;

// SavedTensorSlices { data: 2 } := 12 length  SavedSlice
// SavedSlice                    := 0A length name  12 length TensorSliceProto  1A length TensorProto
// TensorProto                   := tag length packed values          without type and shape: the list of tensors has these
//                                | (42 length bytes)*                for strings
//                                |                                   for no values
//
// Integers other than int64 share one field, as varints of their value sign-extended to 64 bits; a half is a varint of its bits.

namespace NotebookPersist.Formats.Slices;

/// <summary>The stored value of one slice, written straight from the tensor: a message of hundreds of megabytes is never in memory.</summary>
internal sealed class SliceMessage
{
    private const int ChunkByteCount = 64 * 1024;
    private const byte NameTag = 0x0A;
    private const byte SliceTag = 0x12;
    private const byte DataTag = 0x12;
    private const byte ValuesTag = 0x1A;

    private readonly Tensor _tensor;
    private readonly byte[] _head;
    private readonly long _valuesByteCount;

    public SliceMessage(byte[] name, TensorSlice slice, Tensor tensor)
    {
        _tensor = tensor;
        _valuesByteCount = Measure(tensor);
        byte[] extents = slice.ToProto().ToByteArray();
        long proto = FieldByteCount;
        long saved = Nested(name.Length) + Nested(extents.Length) + Nested(proto);
        MemoryStream head = new();
        WriteTag(head, DataTag, saved);
        WriteTag(head, NameTag, name.Length);
        head.Write(name);
        WriteTag(head, SliceTag, extents.Length);
        head.Write(extents);
        WriteTag(head, ValuesTag, proto);
        if (tensor.DType != DType.String && _valuesByteCount > 0)
            WriteTag(head, FieldTag(tensor.DType), _valuesByteCount);
        _head = head.ToArray();
    }

    /// <summary>Unit: bytes.</summary>
    public long ByteCount => _head.Length + _valuesByteCount;

    // Strings tell each its own tag and length.
    private long FieldByteCount => _tensor.DType == DType.String || _valuesByteCount == 0 ? _valuesByteCount : Nested(_valuesByteCount);

    /// <summary>Writes the message.</summary>
    public void WriteTo(Stream stream, CancellationToken cancellation)
    {
        stream.Write(_head);
        ReadOnlySpan<byte> bytes = _tensor.DType == DType.String ? default : _tensor.Bytes;
        switch (_tensor.DType)
        {
            case DType.String:
                foreach (byte[] text in _tensor.Strings)
                {
                    WriteTag(stream, FieldTag(DType.String), text.Length);
                    stream.Write(text);
                }

                break;
            case DType.Int32 or DType.QInt32:
                WriteVarints<int>(stream, bytes, cancellation);
                break;
            case DType.Int16:
                WriteVarints<short>(stream, bytes, cancellation);
                break;
            case DType.Int8 or DType.QInt8:
                WriteVarints<sbyte>(stream, bytes, cancellation);
                break;
            case DType.UInt16 or DType.QUInt16 or DType.Float16:
                WriteVarints<ushort>(stream, bytes, cancellation);
                break;
            case DType.UInt8 or DType.QUInt8:
                WriteVarints<byte>(stream, bytes, cancellation);
                break;
            case DType.Int64:
                WriteVarints<long>(stream, bytes, cancellation);
                break;
            default:
                WriteImage(stream, bytes, cancellation);
                break;
        }
    }

    // Numbers of the fields of TensorProto, with the wire type of a length.
    private static byte FieldTag(DType dtype) => dtype switch
    {
        DType.Float32 => 0x2A,
        DType.Float64 => 0x32,
        DType.String => 0x42,
        DType.Complex64 => 0x4A,
        DType.Int64 => 0x52,
        DType.Bool => 0x5A,
        DType.Complex128 => 0x62,
        DType.Float16 => 0x6A,
        _ => 0x3A,
    };

    private static long Nested(long byteCount) => 1 + VarintByteCount((ulong)byteCount) + byteCount;

    private static int VarintByteCount(ulong value) => (int)((uint)(BitOperations.Log2(value | 1) + 7) / 7);

    private static void WriteTag(Stream stream, byte tag, long byteCount)
    {
        Span<byte> bytes = stackalloc byte[1 + Varint.MaxByteCount];
        bytes[0] = tag;
        stream.Write(bytes[..(1 + Varint.Write(bytes[1..], (ulong)byteCount))]);
    }

    private static long Measure(Tensor tensor)
    {
        switch (tensor.DType)
        {
            case DType.String:
                long all = 0;
                foreach (byte[] text in tensor.Strings)
                    all += Nested(text.Length);
                return all;
            case DType.Int32 or DType.QInt32:
                return MeasureVarints<int>(tensor.Bytes);
            case DType.Int16:
                return MeasureVarints<short>(tensor.Bytes);
            case DType.Int8 or DType.QInt8:
                return MeasureVarints<sbyte>(tensor.Bytes);
            case DType.UInt16 or DType.QUInt16 or DType.Float16:
                return MeasureVarints<ushort>(tensor.Bytes);
            case DType.UInt8 or DType.QUInt8:
                return MeasureVarints<byte>(tensor.Bytes);
            case DType.Int64:
                return MeasureVarints<long>(tensor.Bytes);
            default:
                return tensor.ByteCount;
        }
    }

    private static long MeasureVarints<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged, IBinaryInteger<T>
    {
        long count = 0;
        foreach (T value in MemoryMarshal.Cast<byte, T>(bytes))
            count += VarintByteCount(ulong.CreateTruncating(long.CreateTruncating(value)));
        return count;
    }

    private static void WriteVarints<T>(Stream stream, ReadOnlySpan<byte> bytes, CancellationToken cancellation)
        where T : unmanaged, IBinaryInteger<T>
    {
        byte[] chunk = new byte[ChunkByteCount];
        int used = 0;
        foreach (T value in MemoryMarshal.Cast<byte, T>(bytes))
        {
            if (used > chunk.Length - Varint.MaxByteCount)
            {
                cancellation.ThrowIfCancellationRequested();
                stream.Write(chunk.AsSpan(0, used));
                used = 0;
            }

            used += Varint.Write(chunk.AsSpan(used), ulong.CreateTruncating(long.CreateTruncating(value)));
        }

        stream.Write(chunk.AsSpan(0, used));
    }

    private void WriteImage(Stream stream, ReadOnlySpan<byte> bytes, CancellationToken cancellation)
    {
        for (int position = 0; position < bytes.Length; position += ChunkByteCount)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> part = bytes[position..Math.Min(bytes.Length, position + ChunkByteCount)];
            if (BitConverter.IsLittleEndian)
            {
                stream.Write(part);
                continue;
            }

            byte[] swapped = part.ToArray();
            ElementBytes.Reverse(swapped, _tensor.DType);
            stream.Write(swapped);
        }
    }
}
