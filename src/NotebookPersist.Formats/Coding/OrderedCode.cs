using System.Buffers;
using System.Numerics;

namespace NotebookPersist.Formats.Coding;

/// <summary>Encodings whose byte order is the order of the values, as the keys of slices use them.</summary>
/// <remarks>
/// <code>
/// unsigned := count: byte (significant bytes, 0..8)  value: count bytes, high first
/// string   := bytes with 00 written as 00 FF and FF as FF 00, then 00 01
/// signed   := n bytes (n = 1..10), two's complement, high first, first two exclusive-or'ed with the header of n
///             header of n: the top n bits set; n grows by one for every seven bits of value
/// </code>
/// Source: TensorFlow's ordered code, facts in section B.6 of the format notes.
/// </remarks>
internal static class OrderedCode
{
    private const int MaxSignedByteCount = 10;

    /// <summary>Appends a number that is not negative.</summary>
    public static void WriteUnsigned(IBufferWriter<byte> writer, ulong value)
    {
        int count = (64 - BitOperations.LeadingZeroCount(value) + 7) / 8;
        Span<byte> span = writer.GetSpan(count + 1);
        span[0] = (byte)count;
        for (int i = 0; i < count; i++)
        {
            span[i + 1] = (byte)(value >> (8 * (count - 1 - i)) & 0xFF);
        }

        writer.Advance(count + 1);
    }

    /// <summary>Appends a byte string of any content.</summary>
    public static void WriteString(IBufferWriter<byte> writer, ReadOnlySpan<byte> value)
    {
        foreach (byte b in value)
        {
            switch (b)
            {
                case 0x00:
                    writer.Write<byte>([0x00, 0xFF]);
                    break;
                case 0xFF:
                    writer.Write<byte>([0xFF, 0x00]);
                    break;
                default:
                    writer.Write<byte>([b]);
                    break;
            }
        }

        writer.Write<byte>([0x00, 0x01]);
    }

    /// <summary>Appends a number of any sign.</summary>
    public static void WriteSigned(IBufferWriter<byte> writer, long value)
    {
        ulong magnitude = (ulong)(value < 0 ? ~value : value);
        int bits = 64 - BitOperations.LeadingZeroCount(magnitude);
        int count = Math.Min((bits / 7) + 1, MaxSignedByteCount);
        Span<byte> bytes = stackalloc byte[count];
        for (int i = 0; i < count; i++)
        {
            // Bytes beyond the eighth are copies of the sign.
            int shift = Math.Min(8 * (count - 1 - i), 63);
            bytes[i] = (byte)(value >> shift & 0xFF);
            if (8 * (count - 1 - i) > 63)
            {
                bytes[i] = value < 0 ? (byte)0xFF : (byte)0;
            }
        }

        Span<byte> header = [0, 0];
        Header(count, header);
        bytes[0] ^= header[0];
        if (count > 1)
        {
            bytes[1] ^= header[1];
        }

        writer.Write(bytes);
    }

    /// <summary>Reads what <see cref="WriteUnsigned"/> wrote.</summary>
    public static ulong ReadUnsigned(ref BoundedReader reader)
    {
        int count = reader.ReadByte();
        if (count > 8)
        {
            throw reader.Fail(CheckpointFault.BadStructure, $"a number of {count} bytes is given where 8 are the most");
        }

        ulong value = 0;
        foreach (byte b in reader.ReadBytes(count))
        {
            value = value << 8 | b;
        }

        return value;
    }

    /// <summary>Reads what <see cref="WriteString"/> wrote.</summary>
    public static byte[] ReadString(ref BoundedReader reader)
    {
        ArrayBufferWriter<byte> value = new();
        while (true)
        {
            byte b = reader.ReadByte();
            if (b is not (0x00 or 0xFF))
            {
                value.Write([b]);
                continue;
            }

            byte next = reader.ReadByte();
            switch (b, next)
            {
                case (0x00, 0x01):
                    return value.WrittenSpan.ToArray();
                case (0x00, 0xFF):
                case (0xFF, 0x00):
                    value.Write([b]);
                    break;
                default:
                    throw reader.Fail(CheckpointFault.BadStructure, $"the escape {b:x2} {next:x2} means nothing");
            }
        }
    }

    /// <summary>Reads what <see cref="WriteSigned"/> wrote.</summary>
    public static long ReadSigned(ref BoundedReader reader)
    {
        byte first = reader.ReadByte();
        bool negative = first < 0x80;
        byte flip = negative ? (byte)0xFF : (byte)0;
        int count = BitOperations.LeadingZeroCount((uint)(~(first ^ flip) & 0xFF)) - 24;
        byte second = 0;
        bool secondRead = false;
        if (count == 8)
        {
            second = reader.ReadByte();
            secondRead = true;
            count += (second ^ flip) switch
            {
                < 0x80 => 0,
                < 0xC0 => 1,
                < 0xE0 => 2,
                _ => throw reader.Fail(CheckpointFault.BadStructure, "a number is longer than 10 bytes"),
            };
        }

        Span<byte> bytes = stackalloc byte[MaxSignedByteCount];
        bytes[0] = first;
        if (secondRead)
        {
            bytes[1] = second;
        }

        int have = secondRead ? 2 : 1;
        reader.ReadBytes(count - have).CopyTo(bytes[have..]);
        Span<byte> header = [0, 0];
        Header(count, header);
        bytes[0] ^= header[0];
        if (count > 1)
        {
            bytes[1] ^= header[1];
        }

        // A negative number's encoding has the header's bits inverted, which the exclusive-or with the plain header undoes.
        long value = negative ? -1 : 0;
        foreach (byte b in bytes[..count])
        {
            value = unchecked(value << 8 | b);
        }

        return value;
    }

    private static void Header(int count, Span<byte> header)
    {
        uint bits = 0xFFFF_0000u >> count & 0xFFFF;
        header[0] = (byte)(bits >> 8);
        header[1] = (byte)(bits & 0xFF);
    }
}
