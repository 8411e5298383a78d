using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace NotebookPersist.Formats.Coding;

/// <summary>Tensor names between the bytes of a key and a string, without loss.</summary>
/// <remarks>
/// TensorFlow accepts any bytes as a name. What is not UTF-8 becomes a lone low surrogate U+DC80 to U+DCFF, one for each byte
/// (the convention of PEP 383), so that every name can be printed, compared and written back.
/// </remarks>
public static class TensorName
{
    private const int EscapeBase = 0xDC00;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The name that <paramref name="bytes"/> spell.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            return Strict.GetString(bytes);
        StringBuilder text = new();
        while (!bytes.IsEmpty)
        {
            // One byte at a time where a sequence is broken: each stands for itself.
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int count) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[count..];
            }
            else
            {
                text.Append((char)(EscapeBase + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    /// <summary>True for a name of UTF-8: one without bytes that stand for themselves.</summary>
    public static bool IsText(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (ReadOnlySpan<char> left = name; !left.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(left, out _, out int count) != OperationStatus.Done)
                return false;
            left = left[count..];
        }

        return true;
    }

    /// <summary>The bytes that spell <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">The name holds a lone surrogate that stands for no byte.</exception>
    public static byte[] Encode(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int firstEscape = name.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        if (firstEscape < 0)
        {
            return Strict.GetBytes(name);
        }

        List<byte> bytes = [];
        Span<byte> buffer = stackalloc byte[4];
        for (int i = 0; i < name.Length;)
        {
            if (Rune.TryGetRuneAt(name, i, out Rune rune))
            {
                bytes.AddRange(buffer[..rune.EncodeToUtf8(buffer)]);
                i += rune.Utf16SequenceLength;
                continue;
            }

            int value = name[i++] - EscapeBase;
            if (value is < 0x80 or > 0xFF)
            {
                throw new ArgumentException($"The tensor name holds a lone surrogate U+{value + EscapeBase:X4} at index {i - 1}.", nameof(name));
            }

            bytes.Add((byte)value);
        }

        return [.. bytes];
    }
}
