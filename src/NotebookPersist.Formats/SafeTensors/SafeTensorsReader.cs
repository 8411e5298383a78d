using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Formats.SafeTensors;

/// <summary>Reads safetensors files.</summary>
/// <remarks>
/// The format is told in <c>SafeTensors/FORMAT.md</c>. The whole header is checked when the file is opened, as the reference reader does:
/// values lie without holes or overlap, each range has the size of its shape and type, the last ends with the file. No key may come twice.
/// Thread safety: reads may run concurrently.
/// </remarks>
public sealed class SafeTensorsReader : TensorFileReader
{
    /// <summary>The largest header that is read, as in the reference reader. Unit: bytes.</summary>
    public const int MaxHeaderByteCount = 100_000_000;

    private const int ChunkByteCount = 1 << 20;

    // The header, a tensor, its lists; fields of later versions may hold a little more.
    private const int MaxDepth = 8;

    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, long> _starts;

    private SafeTensorsReader(string path, SafeFileHandle file, Header header)
        : base(path, [.. header.Tensors.Select(static t => t.Entry)])
    {
        _file = file;
        _starts = header.Tensors.ToDictionary(static t => t.Entry.Name, t => header.ByteCount + t.Start, StringComparer.Ordinal);
        Metadata = header.Metadata;
    }

    /// <summary>Texts that the writer put beside the tensors, such as <c>format</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">The file is no safetensors file, or is damaged.</exception>
    public static SafeTensorsReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle file = RegularFile.OpenHandle(path);
        try
        {
            return new SafeTensorsReader(path, file, ReadHeader(file, path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file begins as one of this format does; nothing more is checked.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsAt(string path)
    {
        using SafeFileHandle file = RegularFile.OpenHandle(path);
        Span<byte> start = stackalloc byte[sizeof(ulong) + 1];
        return RandomAccess.Read(file, start, 0) == start.Length
            && start[^1] == '{'
            && BinaryPrimitives.ReadUInt64LittleEndian(start) is >= 2 and <= MaxHeaderByteCount;
    }

    private protected override Tensor ReadValues(CheckpointEntry entry, CancellationToken cancellation)
    {
        if (entry.ByteCount > Array.MaxLength)
        {
            throw new CheckpointFormatException(
                $"Cannot read tensor '{entry.Name}' of '{Path}': its {entry.ByteCount} bytes are more than the {Array.MaxLength} that one tensor can hold.",
                CheckpointFault.LimitExceeded,
                Path);
        }

        long start = _starts[entry.Name];
        Tensor tensor = Tensor.Uninitialized(entry.DType, entry.Shape);
        Span<byte> bytes = tensor.MutableBytes;
        for (int position = 0; position < bytes.Length;)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = RandomAccess.Read(_file, bytes[position..Math.Min(bytes.Length, position + ChunkByteCount)], start + position);
            if (count == 0)
            {
                throw new CheckpointFormatException(
                    $"Cannot read tensor '{entry.Name}' of '{Path}': the file ends at byte {start + position}, expected {entry.ByteCount} bytes from byte {start} on.",
                    CheckpointFault.Truncated,
                    Path,
                    start + position);
            }

            position += count;
        }

        if (!BitConverter.IsLittleEndian)
            ElementBytes.Reverse(bytes, entry.DType);
        if (entry.DType == DType.Bool)
            ElementBytes.NormalizeBooleans(bytes);
        return tensor;
    }

    private protected override void CloseFile() => _file.Dispose();

    private static Header ReadHeader(SafeFileHandle file, string path)
    {
        long fileByteCount = RandomAccess.GetLength(file);
        byte[] prefix = new byte[sizeof(ulong)];
        if (fileByteCount < prefix.Length)
            throw Fault(path, CheckpointFault.NotThisFormat, 0, $"its {fileByteCount} bytes are fewer than the 8 that tell the header's length");
        ReadExactly(file, prefix, 0, path);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderByteCount)
            throw Fault(path, CheckpointFault.LimitExceeded, 0, $"it tells a header of {length} bytes, at most {MaxHeaderByteCount} are allowed");
        if (length > (ulong)(fileByteCount - prefix.Length))
            throw Fault(path, CheckpointFault.Truncated, 0, $"it tells a header of {length} bytes, {fileByteCount - prefix.Length} are there");
        byte[] json = new byte[(int)length];
        ReadExactly(file, json, prefix.Length, path);
        if (json is not [(byte)'{', ..])
            throw Fault(path, CheckpointFault.NotThisFormat, prefix.Length, "its header does not begin with '{'");
        HeaderParser parser = new(json, path, prefix.Length);
        (List<Stored> tensors, Dictionary<string, string> metadata) = parser.Parse();
        tensors.Sort(static (a, b) => (a.Start, a.End).CompareTo((b.Start, b.End)));
        long end = 0;
        foreach (Stored tensor in tensors)
        {
            if (tensor.Start != end)
            {
                string problem = tensor.Start < end ? "overlap the tensor before" : "leave a hole before them";
                throw Fault(path, CheckpointFault.BadStructure, null, $"the values of tensor '{tensor.Entry.Name}' {problem}: they start at {tensor.Start}, expected {end}");
            }

            end = tensor.End;
        }

        long headerByteCount = prefix.Length + json.Length;
        if (end != fileByteCount - headerByteCount)
        {
            throw Fault(
                path,
                end > fileByteCount - headerByteCount ? CheckpointFault.Truncated : CheckpointFault.BadStructure,
                fileByteCount,
                $"its header tells {end} bytes of values, {fileByteCount - headerByteCount} follow it");
        }

        return new Header(headerByteCount, tensors, metadata);
    }

    private static void ReadExactly(SafeFileHandle file, Span<byte> bytes, long offset, string path)
    {
        while (!bytes.IsEmpty)
        {
            int count = RandomAccess.Read(file, bytes, offset);
            if (count == 0)
                throw Fault(path, CheckpointFault.Truncated, offset, $"{bytes.Length} more bytes are expected at the end of the file");
            bytes = bytes[count..];
            offset += count;
        }
    }

    private static CheckpointFormatException Fault(string path, CheckpointFault fault, long? offset, string problem, Exception? inner = null)
        => new($"Cannot read '{path}' as safetensors{(offset is { } at ? $" at byte {at}" : "")}: {problem}.", fault, path, offset, inner);

    private sealed record Header(long ByteCount, List<Stored> Tensors, Dictionary<string, string> Metadata);

    private sealed record Stored(CheckpointEntry Entry, long Start, long End);

    private ref struct HeaderParser(ReadOnlySpan<byte> json, string path, long fileOffset)
    {
        private Utf8JsonReader _json = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });

        public (List<Stored> Tensors, Dictionary<string, string> Metadata) Parse()
        {
            List<Stored> tensors = [];
            Dictionary<string, string> metadata = new(StringComparer.Ordinal);
            HashSet<string> names = new(StringComparer.Ordinal);
            try
            {
                _json.Read();
                while (NextKey() is { } name)
                {
                    if (!names.Add(name))
                        throw Fail($"the key '{name}' comes twice");
                    if (name == SafeTensorTypes.MetadataKey)
                        ReadMetadata(metadata);
                    else
                        tensors.Add(ReadTensor(name));
                }

                // What is left can only be blanks; other bytes are an error of the JSON.
                while (_json.Read())
                    throw Fail("text follows the header's end");
            }
            catch (JsonException fault)
            {
                throw Fault(path, CheckpointFault.BadText, fileOffset + _json.BytesConsumed, $"its header is no valid JSON: {FirstSentence(fault.Message)}", fault);
            }
            catch (InvalidOperationException fault)
            {
                // Text that is not UTF-8, or half a surrogate pair, only shows when it is made a string.
                throw Fault(path, CheckpointFault.BadText, fileOffset + _json.TokenStartIndex, "its header holds text that is not valid", fault);
            }

            return (tensors, metadata);
        }

        private void ReadMetadata(Dictionary<string, string> metadata)
        {
            Expect(JsonTokenType.StartObject, $"'{SafeTensorTypes.MetadataKey}'");
            while (NextKey() is { } key)
            {
                Expect(JsonTokenType.String, $"'{key}' of '{SafeTensorTypes.MetadataKey}'");
                if (!metadata.TryAdd(key, _json.GetString()!)) // A string token has a text.
                    throw Fail($"the key '{key}' of '{SafeTensorTypes.MetadataKey}' comes twice");
            }
        }

        private Stored ReadTensor(string name)
        {
            DType? dtype = null;
            List<long>? sizes = null;
            List<long>? offsets = null;
            HashSet<string> keys = new(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, $"tensor '{name}'");
            while (NextKey() is { } key)
            {
                if (!keys.Add(key))
                    throw Fail($"'{key}' of tensor '{name}' comes twice");
                switch (key)
                {
                    case "dtype":
                        dtype = ReadType(name);
                        break;
                    case "shape":
                        sizes = ReadNumbers($"'shape' of tensor '{name}'", byte.MaxValue - 1);
                        break;
                    case "data_offsets":
                        offsets = ReadNumbers($"'data_offsets' of tensor '{name}'", 2);
                        break;
                    default:
                        _json.Read();
                        _json.Skip();
                        break;
                }
            }

            if (dtype is not { } type || sizes is null || offsets is not [long start, long end])
                throw Fail($"tensor '{name}' lacks one of 'dtype', 'shape' and two 'data_offsets'");
            Int128 byteCount = type.Size();
            foreach (long size in sizes)
            {
                byteCount = size == 0 || byteCount == 0 ? 0 : byteCount * size;
                if (byteCount > long.MaxValue)
                    throw Fail($"the size of tensor '{name}' does not fit 63 bits", CheckpointFault.LimitExceeded);
            }

            if (end < start || end - start != byteCount)
                throw Fail($"'data_offsets' [{start},{end}] of tensor '{name}' do not fit the {byteCount} bytes of its type and shape");
            Shape shape = Shape.Create([.. sizes]);
            return new Stored(new CheckpointEntry(name, type, shape, end - start, []), start, end);
        }

        private DType ReadType(string name)
        {
            Expect(JsonTokenType.String, $"'dtype' of tensor '{name}'");
            string type = _json.GetString()!; // A string token has a text.
            return SafeTensorTypes.TryParse(type, out DType? dtype)
                ? dtype.Value
                : throw Fail($"the type '{type}' of tensor '{name}' is not one of those that are read", CheckpointFault.Unsupported);
        }

        private List<long> ReadNumbers(string what, int most)
        {
            Expect(JsonTokenType.StartArray, what);
            List<long> numbers = [];
            while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            {
                if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out long number) || number < 0)
                    throw Fail($"{what} holds something that is no whole number from 0 to 2^63 - 1");
                numbers.Add(number);
                if (numbers.Count > most)
                    throw Fail($"{what} holds more than {most} numbers", CheckpointFault.LimitExceeded);
            }

            return numbers;
        }

        private string? NextKey()
        {
            _json.Read();
            return _json.TokenType == JsonTokenType.PropertyName ? _json.GetString() : null;
        }

        private void Expect(JsonTokenType type, string what)
        {
            _json.Read();
            if (_json.TokenType != type)
                throw Fail($"{what} is of the wrong kind: found {_json.TokenType}, expected {type}");
        }

        private readonly CheckpointFormatException Fail(string problem, CheckpointFault fault = CheckpointFault.BadStructure)
            => Fault(path, fault, fileOffset + _json.TokenStartIndex, problem);

        private static string FirstSentence(string message) => message.Split(". ")[0].TrimEnd('.');
    }
}
