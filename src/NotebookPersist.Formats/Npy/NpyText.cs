using System.Buffers.Binary;
using System.Text;

namespace NotebookPersist.Formats.Npy;

/// <summary>How an array keeps strings: all of one width, filled up with zeros.</summary>
internal enum NpyText
{
    /// <summary>NumPy's S: bytes.</summary>
    Bytes,

    /// <summary>NumPy's U: four bytes a character.</summary>
    Characters,
}

/// <summary>Strings between arrays of one width and tensors.</summary>
internal static class NpyStrings
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Why strings cannot be kept without loss, or null where they can.</summary>
    public static string? WhyNot(Tensor strings)
    {
        foreach (byte[] text in strings.Strings)
        {
            if (text is [.., 0])
                return "one of its strings ends in a zero byte, which NumPy would cut off";
        }

        (NpyText form, int width) = Form(strings);
        long byteCount = (long)strings.Count * width * (form == NpyText.Characters ? sizeof(uint) : 1);
        return byteCount <= Array.MaxLength ? null : $"its strings, all made as long as the longest, would take {byteCount} bytes";
    }

    /// <summary>The type as headers write it, and the elements. Text in UTF-8 is kept as characters, else as bytes.</summary>
    /// <exception cref="ArgumentException">The strings cannot be kept without loss.</exception>
    public static (string Type, byte[] Elements) Encode(Tensor strings)
    {
        if (WhyNot(strings) is { } reason)
            throw new ArgumentException($"A tensor of strings is no NumPy array: {reason}.", nameof(strings));
        (NpyText form, int width) = Form(strings);
        int size = form == NpyText.Characters ? sizeof(uint) : 1;
        byte[] elements = new byte[strings.Count * width * size];
        Span<byte> rest = elements;
        foreach (byte[] text in strings.Strings)
        {
            if (form == NpyText.Bytes)
                text.CopyTo(rest);
            else
                Encoding.UTF32.GetBytes(Strict.GetString(text), rest);
            rest = rest[(width * size)..];
        }

        return form == NpyText.Bytes ? ($"|S{width}", elements) : ($"<U{width}", elements);
    }

    /// <summary>The strings of an array, without the zeros at their ends.</summary>
    /// <exception cref="CheckpointFormatException">A character is none.</exception>
    public static Tensor Decode(NpyHeader header, ReadOnlySpan<byte> elements, string shown, string path)
    {
        byte[][] strings = new byte[header.Shape.ElementCount][];
        int width = (int)header.ItemByteCount;
        for (int i = 0; i < strings.Length; i++)
        {
            ReadOnlySpan<byte> element = elements.Slice(i * width, width);
            strings[i] = header.Text == NpyText.Bytes ? element.TrimEnd((byte)0).ToArray() : Characters(element, header.IsBigEndian, shown, path);
        }

        return Tensor.OfStrings(header.Shape, strings);
    }

    // Of no characters NumPy makes one.
    private static (NpyText Form, int Width) Form(Tensor strings)
    {
        int bytes = 1;
        int characters = 1;
        bool isText = true;
        foreach (byte[] text in strings.Strings)
        {
            bytes = Math.Max(bytes, text.Length);
            isText = isText && System.Text.Unicode.Utf8.IsValid(text);
            if (isText)
                characters = Math.Max(characters, Strict.GetString(text).EnumerateRunes().Count());
        }

        return isText ? (NpyText.Characters, characters) : (NpyText.Bytes, bytes);
    }

    private static byte[] Characters(ReadOnlySpan<byte> element, bool isBigEndian, string shown, string path)
    {
        StringBuilder text = new(element.Length / sizeof(uint));
        int end = 0;
        for (int i = 0; i < element.Length; i += sizeof(uint))
        {
            uint value = isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(element[i..]) : BinaryPrimitives.ReadUInt32LittleEndian(element[i..]);
            if (!Rune.TryCreate(value, out Rune rune))
                throw NpyHeader.Fault(shown, path, CheckpointFault.BadText, null, $"0x{value:X} in a string is no character");
            text.Append(rune);
            if (value != 0)
                end = text.Length;
        }

        return Strict.GetBytes(text.ToString(0, end));
    }
}
