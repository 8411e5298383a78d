using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;

// npy    := 93 'NUMPY'  major: byte  minor: byte  length: uint16 (version 1) or uint32 (2, 3), low first
//           header: length bytes of text, padded with spaces so that the elements start at a multiple of 64, ends in a line feed
//           elements
// header := {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }

namespace NotebookPersist.Formats.Npy;

/// <summary>NumPy's file of one array.</summary>
/// <remarks>Source: NumPy, <c>numpy.lib.format</c>. Versions 1, 2 and 3 are read, version 1 is written.</remarks>
public static partial class NpyFile
{
    // Of a header in messages.
    private const int MostShown = 100;

    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

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

    /// <summary>Reads an array of numbers or booleans, in C or Fortran order, of either byte order.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">The file is no array of numbers, or is damaged.</exception>
    public static Tensor Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] file = File.ReadAllBytes(path);
        BoundedReader reader = new(file, path, 0, "array");
        if (!file.AsSpan().StartsWith(Magic))
            throw reader.Fail(CheckpointFault.NotThisFormat, "it does not begin as a .npy file does");
        reader.ReadBytes(Magic.Length);
        int major = reader.ReadByte();
        reader.ReadByte();
        if (major is < 1 or > 3)
            throw reader.Fail(CheckpointFault.UnsupportedVersion, $"version {major} is unknown");
        uint length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(reader.ReadBytes(sizeof(ushort))) : reader.ReadUInt32();
        if (length > reader.Remaining)
            throw reader.Fail(CheckpointFault.Truncated, $"its header of {length} bytes is cut short");
        string text = Encoding.UTF8.GetString(reader.ReadBytes((int)length));
        Match header = Header().Match(text);
        if (!header.Success || !Types.TryGetValue(header.Groups["type"].Value, out DType dtype))
            throw reader.Fail(CheckpointFault.Unsupported, $"its header '{Beginning(text)}' tells no array of numbers or booleans");
        Shape shape = ReadShape(header.Groups["shape"].Value, ref reader);
        Tensor tensor = ReadElements(dtype, shape, header.Groups["order"].Value == ">", ref reader);
        return header.Groups["fortran"].Value == "True" ? FromFortranOrder(tensor) : tensor;
    }

    /// <summary>Writes a tensor of numbers or booleans; bfloat16 as its raw 16 bits, quantized types as plain integers.</summary>
    /// <exception cref="ArgumentException">The tensor holds no numbers.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Tensor tensor)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensor);
        string type = tensor.DType switch
        {
            DType.BFloat16 or DType.QUInt16 => "u2",
            DType.QInt8 => "i1",
            DType.QUInt8 => "u1",
            DType.QInt16 => "i2",
            DType.QInt32 => "i4",
            _ => Types.FirstOrDefault(pair => pair.Value == tensor.DType).Key
                ?? throw new ArgumentException($"A tensor of type '{tensor.DType.Name()}' is no array of numbers.", nameof(tensor)),
        };
        char order = tensor.DType.Size() == 1 ? '|' : BitConverter.IsLittleEndian ? '<' : '>';
        string shape = tensor.Rank == 1 ? $"({tensor.Shape[0]},)" : $"({string.Join(", ", tensor.Shape.ToArray())})";
        string header = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{order}{type}', 'fortran_order': False, 'shape': {shape}, }}");
        const int Alignment = 64;
        int start = Magic.Length + 2 + sizeof(ushort);
        int padded = ((start + header.Length + 1 + Alignment - 1) / Alignment * Alignment) - start;
        byte[] prologue = [.. Magic, 1, 0, (byte)(padded & 0xFF), (byte)(padded >> 8), .. Encoding.ASCII.GetBytes(header.PadRight(padded - 1) + "\n")];
        using AtomicFile file = AtomicFile.Create(path, prologue.Length + tensor.ByteCount);
        file.Stream.Write(prologue);
        file.Stream.Write(tensor.Bytes);
        file.Commit();
    }

    private static Shape ReadShape(string text, ref BoundedReader reader)
    {
        string[] words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        long[] sizes = new long[words.Length];
        Int128 count = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (!long.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]))
                throw reader.Fail(CheckpointFault.BadStructure, $"its shape ({text}) is none");
            count = sizes[i] == 0 ? 0 : count * sizes[i];
            if (count > int.MaxValue)
                throw reader.Fail(CheckpointFault.LimitExceeded, $"its shape ({text}) has more elements than one tensor can hold");
        }

        return Shape.Create(sizes);
    }

    private static Tensor ReadElements(DType dtype, Shape shape, bool bigEndian, ref BoundedReader reader)
    {
        long byteCount = shape.ElementCount * dtype.Size();
        if (byteCount != reader.Remaining)
            throw reader.Fail(CheckpointFault.Truncated, $"{byteCount} bytes of elements are expected where {reader.Remaining} are left");
        Tensor tensor = Tensor.Uninitialized(dtype, shape);
        Span<byte> bytes = tensor.MutableBytes;
        reader.ReadBytes(bytes.Length).CopyTo(bytes);
        if (bigEndian == BitConverter.IsLittleEndian)
            ElementBytes.Reverse(bytes, dtype);
        if (dtype == DType.Bool)
            ElementBytes.NormalizeBooleans(bytes);
        return tensor;
    }

    private static Tensor FromFortranOrder(Tensor source)
    {
        Tensor result = Tensor.Uninitialized(source.DType, source.Shape);
        int size = source.DType.Size();
        ReadOnlySpan<byte> from = source.Bytes;
        Span<byte> to = result.MutableBytes;
        for (int i = 0; i < source.Count; i++)
        {
            long rest = i, position = 0, step = 1;
            long[] index = new long[source.Rank];
            for (int d = source.Rank - 1; d >= 0; d--)
                (index[d], rest) = (rest % source.Shape[d], rest / source.Shape[d]);
            for (int d = 0; d < source.Rank; d++)
                (position, step) = (position + (index[d] * step), step * source.Shape[d]);
            from.Slice((int)position * size, size).CopyTo(to[(i * size)..]);
        }

        return result;
    }

    private static string Beginning(string header) => header.Length <= MostShown ? header.Trim() : header[..MostShown] + "...";

    [GeneratedRegex(
        @"^\{\s*'descr'\s*:\s*'(?<order>[<>|=]?)(?<type>\w+)'\s*,\s*'fortran_order'\s*:\s*(?<fortran>True|False)\s*,\s*'shape'\s*:\s*\((?<shape>[\d,\s]*)\)\s*,?\s*\}",
        RegexOptions.CultureInvariant)]
    private static partial Regex Header();
}
