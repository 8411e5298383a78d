using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NotebookPersist.Formats.Npy;

/// <summary>What stands before the elements of an array: type, order and shape.</summary>
/// <param name="DType">Element type of the tensor it becomes.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Text">How strings are kept; null for numbers.</param>
/// <param name="ItemByteCount">Unit: bytes of one element in the file.</param>
/// <param name="IsBigEndian">Whether the high byte comes first.</param>
/// <param name="IsFortranOrder">Whether the first index runs fastest.</param>
/// <param name="ByteCount">Unit: bytes before the elements.</param>
internal sealed partial record NpyHeader(DType DType, Shape Shape, NpyText? Text, long ItemByteCount, bool IsBigEndian, bool IsFortranOrder, int ByteCount)
{
    // So that elements can be mapped into memory.
    private const int Alignment = 64;

    // NumPy itself takes 10,000 characters for the most that is no attack; only records, which are not read here, have longer ones.
    private const int MaxTextByteCount = 1 << 16;

    // Of a header in messages.
    private const int MostShown = 100;

    private static readonly Dictionary<string, DType> Types = new(StringComparer.Ordinal)
    {
        ["f4"] = DType.Float32,
        ["f8"] = DType.Float64,
        ["f2"] = DType.Float16,
        ["i1"] = DType.Int8,
        ["i2"] = DType.Int16,
        ["i4"] = DType.Int32,
        ["i8"] = DType.Int64,
        ["u1"] = DType.UInt8,
        ["u2"] = DType.UInt16,
        ["u4"] = DType.UInt32,
        ["u8"] = DType.UInt64,
        ["b1"] = DType.Bool,
        ["c8"] = DType.Complex64,
        ["c16"] = DType.Complex128,
    };

    private static readonly Dictionary<DType, string> TypeNames = Types.ToDictionary(static t => t.Value, static t => t.Key);

    /// <summary>How a file begins.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Unit: bytes of all elements in the file; may be larger than any file.</summary>
    public Int128 ElementsByteCount => (Int128)Shape.ElementCount * ItemByteCount;

    /// <summary>True for a type that arrays have; those of strings depend on the strings.</summary>
    public static bool Has(DType dtype) => TypeNames.ContainsKey(dtype) || dtype == DType.String;

    /// <summary>Reads magic number, version and text.</summary>
    /// <param name="stream">Stands at the array's first byte; afterwards at its first element.</param>
    /// <param name="shown">What is read, for messages, e.g. a path.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointFormatException">The bytes begin no array of numbers, booleans or strings.</exception>
    public static NpyHeader Read(Stream stream, string shown, string path)
    {
        byte[] start = new byte[Magic.Length + 2];
        int count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (!start.AsSpan(0, Math.Min(count, Magic.Length)).SequenceEqual(Magic))
            throw Fault(shown, path, CheckpointFault.NotThisFormat, 0, "it does not begin as a .npy file does");
        if (count < start.Length)
            throw Fault(shown, path, CheckpointFault.Truncated, count, "its version is cut short");
        int major = start[Magic.Length];
        if (major is < 1 or > 3)
            throw Fault(shown, path, CheckpointFault.UnsupportedVersion, Magic.Length, $"version {major} is unknown");
        byte[] size = new byte[major == 1 ? sizeof(ushort) : sizeof(uint)];
        if (stream.ReadAtLeast(size, size.Length, throwOnEndOfStream: false) < size.Length)
            throw Fault(shown, path, CheckpointFault.Truncated, start.Length, "the length of its header is cut short");
        uint length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MaxTextByteCount)
            throw Fault(shown, path, CheckpointFault.LimitExceeded, start.Length, $"its header of {length} bytes is longer than that of any array of numbers");
        byte[] text = new byte[length];
        if (stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length)
            throw Fault(shown, path, CheckpointFault.Truncated, start.Length + size.Length, $"its header of {length} bytes is cut short");
        return Parse(Encoding.UTF8.GetString(text), start.Length + size.Length + text.Length, shown, path);
    }

    /// <summary>The bytes that stand before the elements, in version 1 as NumPy writes them.</summary>
    /// <param name="type">With its byte order, <c>&lt;f4</c>.</param>
    /// <param name="shape">The array's shape.</param>
    public static byte[] Format(string type, Shape shape)
    {
        string sizes = shape.Rank == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape.ToArray())})";
        string header = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{type}', 'fortran_order': False, 'shape': {sizes}, }}");
        int start = Magic.Length + 2 + sizeof(ushort);
        int padded = ((start + header.Length + 1 + Alignment - 1) / Alignment * Alignment) - start;
        return padded <= ushort.MaxValue
            ? [.. Magic, 1, 0, (byte)(padded & 0xFF), (byte)(padded >> 8), .. Encoding.ASCII.GetBytes(header.PadRight(padded - 1) + "\n")]
            : throw new ArgumentException($"An array of {shape.Rank} dimensions has no header that NumPy reads.", nameof(shape));
    }

    /// <summary>The type of numbers as headers write it; types NumPy lacks become their bits.</summary>
    /// <exception cref="ArgumentException">Elements of the type are no numbers.</exception>
    public static string TypeOf(DType dtype)
    {
        string type = dtype switch
        {
            DType.BFloat16 or DType.QUInt16 => "u2",
            DType.QInt8 => "i1",
            DType.QUInt8 => "u1",
            DType.QInt16 => "i2",
            DType.QInt32 => "i4",
            _ => TypeNames.GetValueOrDefault(dtype) ?? throw new ArgumentException($"A tensor of type '{dtype.Name()}' is no array of numbers.", nameof(dtype)),
        };
        return (dtype.Size() == 1 ? '|' : BitConverter.IsLittleEndian ? '<' : '>') + type;
    }

    /// <summary>An error of this file.</summary>
    public static CheckpointFormatException Fault(string shown, string path, CheckpointFault fault, long? offset, string problem)
        => new($"Cannot read the array of '{shown}'{(offset is { } at ? $" at byte {at}" : "")}: {problem}.", fault, path, offset);

    private static NpyHeader Parse(string text, int byteCount, string shown, string path)
    {
        Match found = Pattern().Match(text);
        string kind = found.Groups["type"].Value;
        if (kind.StartsWith('O'))
        {
            throw Fault(
                shown, path, CheckpointFault.Unsupported, null, "it holds Python objects, which are programs to run and never read here. Save it again as numbers or strings");
        }

        bool isBigEndian = found.Groups["order"].Value == ">" || (found.Groups["order"].Value == "=" && !BitConverter.IsLittleEndian);
        bool isFortran = found.Groups["fortran"].Value == "True";
        if (found.Success && Types.TryGetValue(kind, out DType dtype))
            return new NpyHeader(dtype, ReadShape(found, shown, path), null, dtype.Size(), isBigEndian, isFortran, byteCount);
        if (found.Success && kind is ['S' or 'U', ..] && int.TryParse(kind.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int width))
        {
            NpyText form = kind[0] == 'S' ? NpyText.Bytes : NpyText.Characters;
            long itemByteCount = form == NpyText.Bytes ? width : (long)width * sizeof(uint);
            return new NpyHeader(DType.String, ReadShape(found, shown, path), form, itemByteCount, isBigEndian, isFortran, byteCount);
        }

        string beginning = text.Length <= MostShown ? text.Trim() : text[..MostShown] + "...";
        throw Fault(shown, path, CheckpointFault.Unsupported, null, $"its header '{beginning}' tells no array of numbers, booleans or strings");
    }

    private static Shape ReadShape(Match header, string shown, string path)
    {
        string text = header.Groups["shape"].Value;
        string[] words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        long[] sizes = new long[words.Length];
        Int128 count = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (!long.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]))
                throw Fault(shown, path, CheckpointFault.BadStructure, null, $"its shape ({text}) is none");
            count = sizes[i] == 0 ? 0 : count * sizes[i];
            if (count > int.MaxValue)
                throw Fault(shown, path, CheckpointFault.LimitExceeded, null, $"its shape ({text}) has more elements than one tensor can hold");
        }

        return words.Length < byte.MaxValue
            ? Shape.Create(sizes)
            : throw Fault(shown, path, CheckpointFault.LimitExceeded, null, $"its shape has {words.Length} dimensions");
    }

    [GeneratedRegex(
        @"^\{\s*'descr'\s*:\s*'(?<order>[<>|=]?)(?<type>\w+)'\s*,\s*'fortran_order'\s*:\s*(?<fortran>True|False)\s*,\s*'shape'\s*:\s*\((?<shape>[\d,\s]*)\)\s*,?\s*\}\s*$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
