using Google.Protobuf.Reflection;
using NotebookPersist.Formats.Coding;

namespace NotebookPersist.Formats.Protobuf;

/// <summary>Finds what a message of a later release holds that is not known here.</summary>
/// <remarks>Thread safety: pure functions. Source: protobuf's wire format.</remarks>
internal static class UnknownFields
{
    private const int TagTypeBits = 3;

    /// <summary>Tells each field that a message's type does not have, as <c>tensorflow.NodeDef field 7</c>, as often as it occurs.</summary>
    /// <param name="bytes">The message. Its parser took it before, which bounds how deep it nests.</param>
    /// <param name="type">Its type.</param>
    /// <param name="path">Where it came from, for messages.</param>
    /// <param name="unknown">Receives them.</param>
    /// <exception cref="CheckpointFormatException">The bytes are no message.</exception>
    public static void Collect(ReadOnlySpan<byte> bytes, MessageDescriptor type, string path, ICollection<string> unknown)
    {
        var reader = new BoundedReader(bytes, path, 0, type.FullName);
        while (reader.Remaining > 0)
        {
            ulong tag = reader.ReadVarint64();
            int number = (int)Math.Min(tag >> TagTypeBits, int.MaxValue);
            var wire = (Wire)(tag & ((1 << TagTypeBits) - 1));
            FieldDescriptor? field = type.FindFieldByNumber(number);
            if (field is null || !Fits(field, wire))
                unknown.Add($"{type.FullName} field {number}");
            if (wire == Wire.Bytes)
            {
                ReadOnlySpan<byte> value = reader.ReadBytes(reader.ReadLength());
                if (field?.FieldType == FieldType.Message)
                    Collect(value, field.MessageType, path, unknown);
            }
            else
            {
                Skip(ref reader, wire);
            }
        }
    }

    private static bool Fits(FieldDescriptor field, Wire wire) => wire switch
    {
        Wire.Bytes => field.FieldType is FieldType.Message or FieldType.String or FieldType.Bytes || field.IsRepeated,
        Wire.Fixed32 => field.FieldType is FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32,
        Wire.Fixed64 => field.FieldType is FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64,
        Wire.Varint => field.FieldType is not (FieldType.Message or FieldType.Group or FieldType.String or FieldType.Bytes
            or FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 or FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64),
        _ => false,
    };

    // Groups nest, and end with a tag of their own.
    private static void Skip(ref BoundedReader reader, Wire wire)
    {
        int open = 0;
        while (true)
        {
            switch (wire)
            {
                case Wire.Varint:
                    reader.ReadVarint64();
                    break;
                case Wire.Fixed64:
                    reader.ReadBytes(sizeof(ulong));
                    break;
                case Wire.Bytes:
                    reader.ReadBytes(reader.ReadLength());
                    break;
                case Wire.Fixed32:
                    reader.ReadBytes(sizeof(uint));
                    break;
                case Wire.GroupStart:
                    open++;
                    break;
                case Wire.GroupEnd:
                    open--;
                    break;
                default:
                    throw reader.Fail(CheckpointFault.BadMessage, $"there is no kind of field {(int)wire}");
            }

            if (open <= 0)
                return;
            wire = (Wire)(reader.ReadVarint64() & ((1 << TagTypeBits) - 1));
        }
    }

    private enum Wire
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        GroupStart = 3,
        GroupEnd = 4,
        Fixed32 = 5,
    }
}
