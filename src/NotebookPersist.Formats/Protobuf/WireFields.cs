using NotebookPersist.Formats.Coding;

namespace NotebookPersist.Formats.Protobuf;

/// <summary>How a field's content is told from what follows.</summary>
internal enum WireType
{
    /// <summary>7 bits a byte.</summary>
    Varint = 0,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A length, then as many bytes.</summary>
    Bytes = 2,

    /// <summary>Fields follow, up to the end of the group.</summary>
    GroupStart = 3,

    /// <summary>A group ends.</summary>
    GroupEnd = 4,

    /// <summary>Four bytes.</summary>
    Fixed32 = 5,
}

/// <summary>Reads the fields of messages whose type does not matter.</summary>
/// <remarks>Thread safety: pure functions. Source: protobuf's wire format.</remarks>
internal static class WireFields
{
    private const int TypeBits = 3;

    /// <summary>The number of a field, and how its content is told.</summary>
    /// <exception cref="CheckpointFormatException">The bytes end, or what is there is no tag: protobuf has 32 bits for one.</exception>
    public static (ulong Number, WireType Wire) ReadTag(ref BoundedReader reader)
    {
        ulong tag = reader.ReadVarint64();
        if (tag > uint.MaxValue)
            throw reader.Fail(CheckpointFault.BadMessage, $"{tag} is no field tag");
        return (tag >> TypeBits, (WireType)(tag & ((1 << TypeBits) - 1)));
    }

    /// <summary>Passes over a field behind its tag. Groups nest, and end with a tag of their own.</summary>
    /// <exception cref="CheckpointFormatException">The field does not end, or is of no kind.</exception>
    public static void Skip(ref BoundedReader reader, WireType wire)
    {
        int open = 0;
        while (true)
        {
            switch (wire)
            {
                case WireType.Varint:
                    reader.ReadVarint64();
                    break;
                case WireType.Fixed64:
                    reader.ReadBytes(sizeof(ulong));
                    break;
                case WireType.Bytes:
                    reader.ReadBytes(reader.ReadLength());
                    break;
                case WireType.Fixed32:
                    reader.ReadBytes(sizeof(uint));
                    break;
                case WireType.GroupStart:
                    open++;
                    break;
                case WireType.GroupEnd when open == 0:
                    throw reader.Fail(CheckpointFault.BadMessage, "a group ends that has not begun");
                case WireType.GroupEnd:
                    open--;
                    break;
                default:
                    throw reader.Fail(CheckpointFault.BadMessage, $"there is no kind of field {(int)wire}");
            }

            if (open <= 0)
                return;
            wire = ReadTag(ref reader).Wire;
        }
    }
}
