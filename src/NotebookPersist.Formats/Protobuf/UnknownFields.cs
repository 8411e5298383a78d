using Google.Protobuf.Reflection;
using NotebookPersist.Formats.Coding;

namespace NotebookPersist.Formats.Protobuf;

/// <summary>Finds what a message of a later release holds that is not known here.</summary>
/// <remarks>Thread safety: pure functions. Source: protobuf's wire format.</remarks>
internal static class UnknownFields
{
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
            (ulong field64, WireType wire) = WireFields.ReadTag(ref reader);
            int number = (int)Math.Min(field64, int.MaxValue);
            FieldDescriptor? field = type.FindFieldByNumber(number);
            if (field is null || !Fits(field, wire))
                unknown.Add($"{type.FullName} field {number}");
            if (wire == WireType.Bytes)
            {
                ReadOnlySpan<byte> value = reader.ReadBytes(reader.ReadLength());
                if (field?.FieldType == FieldType.Message)
                    Collect(value, field.MessageType, path, unknown);
            }
            else
            {
                WireFields.Skip(ref reader, wire);
            }
        }
    }

    private static bool Fits(FieldDescriptor field, WireType wire) => wire switch
    {
        WireType.Bytes => field.FieldType is FieldType.Message or FieldType.String or FieldType.Bytes || field.IsRepeated,
        WireType.Fixed32 => field.FieldType is FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32,
        WireType.Fixed64 => field.FieldType is FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64,
        WireType.Varint => field.FieldType is not (FieldType.Message or FieldType.Group or FieldType.String or FieldType.Bytes
            or FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 or FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64),
        _ => false,
    };
}
