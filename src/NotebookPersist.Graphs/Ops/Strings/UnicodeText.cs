using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Code points of encoded text, and what is done about bytes that are none.</summary>
internal sealed class UnicodeText
{
    private readonly KernelContext _context;
    private readonly string _errors;
    private readonly int _replacement;
    private readonly bool _replacesControls;

    public UnicodeText(KernelContext c)
    {
        _context = c;
        _errors = c.Attributes.String("errors");
        _replacement = (int)c.Attributes.Int("replacement_char");
        _replacesControls = c.Attributes.Contains("replace_control_characters") && c.Attributes.Bool("replace_control_characters");
        if (!IsScalar(_replacement))
            throw c.InvalidArgument($"Replacement character out of range: {_replacement}");
    }

    /// <summary>The code points of some bytes, with the place of each one's first byte.</summary>
    public List<(int CodePoint, int Start)> Decode(byte[] text, string encoding)
    {
        var read = new List<(int, int)>();
        for (int at = 0; at < text.Length;)
        {
            (int codePoint, int length) = Next(text.AsSpan(at), encoding);
            if (codePoint >= 0 && !(_replacesControls && codePoint <= 0x1F))
                read.Add((codePoint, at));
            else if (codePoint >= 0 || _errors == "replace")
                read.Add((_replacement, at));
            else if (_errors == "strict")
                throw _context.InvalidArgument("Invalid formatting on input string");
            at += length;
        }

        return read;
    }

    /// <summary>The bytes of code points.</summary>
    public byte[] Encode(IEnumerable<int> codePoints, string encoding)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (int given in codePoints)
        {
            int codePoint = given;
            if (!IsScalar(codePoint))
            {
                if (_errors == "strict")
                    throw _context.InvalidArgument("Code point is out of range for Unicode, or a noncharacter.");
                if (_errors == "ignore")
                    continue;
                codePoint = _replacement;
            }

            Write(bytes, new Rune(codePoint), encoding);
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static bool IsScalar(int codePoint) => Rune.IsValid(codePoint);

    private static void Write(ArrayBufferWriter<byte> bytes, Rune rune, string encoding)
    {
        Span<byte> target = bytes.GetSpan(4);
        if (encoding == "UTF-8")
        {
            bytes.Advance(rune.EncodeToUtf8(target));
        }
        else if (encoding == "UTF-32-BE")
        {
            BinaryPrimitives.WriteInt32BigEndian(target, rune.Value);
            bytes.Advance(4);
        }
        else
        {
            Span<char> units = stackalloc char[2];
            int count = rune.EncodeToUtf16(units);
            for (int i = 0; i < count; i++)
                BinaryPrimitives.WriteUInt16BigEndian(target[(2 * i)..], units[i]);
            bytes.Advance(2 * count);
        }
    }

    // A code point and how many bytes it takes; -1 and the bytes to pass over where there is none.
    private (int CodePoint, int Length) Next(ReadOnlySpan<byte> text, string encoding)
    {
        switch (encoding.ToUpperInvariant())
        {
            case "UTF-8" or "UTF8":
                OperationStatus status = Rune.DecodeFromUtf8(text, out Rune rune, out int length);
                return (status == OperationStatus.Done ? rune.Value : -1, length);
            case "UTF-16-BE" or "UTF-16BE":
                return Units(text, static t => BinaryPrimitives.ReadUInt16BigEndian(t));
            case "UTF-16-LE" or "UTF-16LE":
                return Units(text, static t => BinaryPrimitives.ReadUInt16LittleEndian(t));
            case "UTF-32-BE" or "UTF-32BE":
                return text.Length < 4 ? (-1, text.Length) : Scalar(BinaryPrimitives.ReadInt32BigEndian(text));
            case "UTF-32-LE" or "UTF-32LE":
                return text.Length < 4 ? (-1, text.Length) : Scalar(BinaryPrimitives.ReadInt32LittleEndian(text));
            case "US-ASCII" or "ASCII":
                return (text[0] < 0x80 ? text[0] : -1, 1);
            case "ISO-8859-1" or "LATIN1" or "LATIN-1":
                return (text[0], 1);
            default:
                throw _context.InvalidArgument($"Could not create converter for input encoding: {encoding}. Known are UTF-8, UTF-16-BE, UTF-16-LE, UTF-32-BE, UTF-32-LE, US-ASCII and ISO-8859-1.");
        }

        static (int, int) Scalar(int value) => (IsScalar(value) ? value : -1, 4);
    }

    private static (int CodePoint, int Length) Units(ReadOnlySpan<byte> text, Func<byte[], ushort> read)
    {
        if (text.Length < 2)
            return (-1, text.Length);
        char first = (char)read(text[..2].ToArray());
        if (!char.IsSurrogate(first))
            return (first, 2);
        if (!char.IsHighSurrogate(first) || text.Length < 4)
            return (-1, 2);
        char second = (char)read(text[2..4].ToArray());
        return char.IsLowSurrogate(second) ? (char.ConvertToUtf32(first, second), 4) : (-1, 2);
    }
}
