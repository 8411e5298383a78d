using System.Buffers;

namespace NotebookPersist.Formats.Coding;

/// <summary>Base-128 integers, low groups first; the high bit of a byte says that another follows.</summary>
internal static class Varint
{
    /// <summary>The most bytes that a 64-bit value takes.</summary>
    public const int MaxByteCount = 10;

    /// <summary>Appends <paramref name="value"/> in 1 to 10 bytes.</summary>
    public static void Write(IBufferWriter<byte> writer, ulong value)
    {
        Span<byte> span = writer.GetSpan(MaxByteCount);
        writer.Advance(Write(span, value));
    }

    /// <summary>Writes <paramref name="value"/> at the start of <paramref name="span"/> and returns how many bytes it took.</summary>
    public static int Write(Span<byte> span, ulong value)
    {
        int count = 0;
        while (value >= 0x80)
        {
            span[count++] = (byte)((value & 0x7F) | 0x80);
            value >>= 7;
        }

        span[count++] = (byte)value;
        return count;
    }

    /// <summary>How many bytes <paramref name="value"/> takes.</summary>
    public static int ByteCount(ulong value)
    {
        int count = 1;
        while ((value >>= 7) != 0)
        {
            count++;
        }

        return count;
    }
}
