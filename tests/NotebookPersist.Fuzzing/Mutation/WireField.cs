namespace NotebookPersist.Fuzzing.Mutation;

/// <summary>A field of a protobuf message as it is on the wire; of what may be a message the fields in it.</summary>
internal sealed class WireField
{
    private const int MostDepth = 16;

    public int Number { get; set; }

    /// <summary>0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes.</summary>
    public int Wire { get; set; }

    /// <summary>Of wire types 0, 1 and 5.</summary>
    public ulong Value { get; set; }

    /// <summary>Of wire type 2, unless there are <see cref="Fields"/>.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>Of wire type 2 where the bytes parse as a message.</summary>
    public List<WireField>? Fields { get; set; }

    /// <summary>The fields of a message; null where the bytes are none.</summary>
    public static List<WireField>? Parse(ReadOnlySpan<byte> bytes, int depth = 0)
    {
        var fields = new List<WireField>();
        int at = 0;
        while (at < bytes.Length)
        {
            if (!TryVarint(bytes, ref at, out ulong tag) || tag >> 3 is 0 or > 20_000)
                return null;
            var field = new WireField { Number = (int)(tag >> 3), Wire = (int)(tag & 7) };
            switch (field.Wire)
            {
                case 0:
                    if (!TryVarint(bytes, ref at, out ulong value))
                        return null;
                    field.Value = value;
                    break;
                case 1 or 5:
                    int size = field.Wire == 1 ? 8 : 4;
                    if (bytes.Length - at < size)
                        return null;
                    for (int i = size - 1; i >= 0; i--)
                        field.Value = (field.Value << 8) | bytes[at + i];
                    at += size;
                    break;
                case 2:
                    if (!TryVarint(bytes, ref at, out ulong length) || length > (ulong)(bytes.Length - at))
                        return null;
                    ReadOnlySpan<byte> content = bytes.Slice(at, (int)length);
                    field.Fields = depth < MostDepth && length > 1 ? Parse(content, depth + 1) : null;
                    if (field.Fields is null)
                        field.Bytes = content.ToArray();
                    at += (int)length;
                    break;
                default:
                    return null;
            }

            fields.Add(field);
        }

        return fields;
    }

    /// <summary>The message of fields, with lengths that are right.</summary>
    public static byte[] Format(IEnumerable<WireField> fields)
    {
        using var stream = new MemoryStream();
        foreach (WireField field in fields)
            field.WriteTo(stream);
        return stream.ToArray();
    }

    public static void WriteVarint(Stream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }

    public static bool TryVarint(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at >= bytes.Length)
                return false;
            byte b = bytes[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return true;
        }

        return false;
    }

    public WireField Clone() => new() { Number = Number, Wire = Wire, Value = Value, Bytes = Bytes, Fields = Fields?.ConvertAll(static f => f.Clone()) };

    private void WriteTo(Stream stream)
    {
        WriteVarint(stream, ((ulong)Number << 3) | (uint)Wire);
        switch (Wire)
        {
            case 0:
                WriteVarint(stream, Value);
                break;
            case 1 or 5:
                for (int i = 0; i < (Wire == 1 ? 8 : 4); i++)
                    stream.WriteByte((byte)(Value >> (8 * i)));
                break;
            default:
                byte[] content = Fields is null ? Bytes : Format(Fields);
                WriteVarint(stream, (ulong)content.Length);
                stream.Write(content);
                break;
        }
    }
}
