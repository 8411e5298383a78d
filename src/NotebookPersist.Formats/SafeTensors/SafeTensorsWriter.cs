using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;

// file   := length: uint64, low byte first   header: length bytes   values
// header := '{' ['"__metadata__":{"key":"text",...}'] '"name":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}' , ... '}' blanks
//           length is a multiple of 8; offsets count from the first byte of the values
// values := elements of each tensor row-major, low byte first, bool one byte, complex real then imaginary, without gaps

namespace NotebookPersist.Formats.SafeTensors;

/// <summary>Writes safetensors files, byte for byte as the reference writer does.</summary>
public static class SafeTensorsWriter
{
    private const int Alignment = 8;

    private const int ChunkByteCount = 1 << 22;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a file whose tensors are fetched one after the other, whole or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensors">Names, types and shapes, in any order. In the file larger element types come first, then names in their order.</param>
    /// <param name="read">Called once a tensor, in the order of the file; only one tensor need be in memory at a time.</param>
    /// <param name="metadata">Texts to go with them; null for none.</param>
    /// <param name="cancellation">Stops the writing; no file is left.</param>
    /// <returns>Unit: bytes of the file.</returns>
    /// <exception cref="ArgumentException">A tensor has no form in this format, a name comes twice, or a value does not have the type and shape told before.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is unchanged.</exception>
    public static long Write(
        string path,
        IReadOnlyCollection<CheckpointEntry> tensors,
        Func<CheckpointEntry, Tensor> read,
        IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(read);
        CheckpointEntry[] ordered = Order(tensors);
        byte[] header = Header(ordered, metadata, out long valueByteCount);
        byte[] length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        long byteCount = length.Length + header.Length + valueByteCount;
        using AtomicFile file = AtomicFile.Create(path, byteCount);
        file.Stream.Write(length);
        file.Stream.Write(header);
        foreach (CheckpointEntry entry in ordered)
            WriteValues(file.Stream, entry, read(entry), cancellation);
        file.Commit();
        return byteCount;
    }

    /// <summary>Writes tensors that are in memory.</summary>
    /// <inheritdoc cref="Write(string, IReadOnlyCollection{CheckpointEntry}, Func{CheckpointEntry, Tensor}, IReadOnlyDictionary{string, string}?, CancellationToken)"/>
    public static long Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return Write(path, [.. tensors.Select(static t => new CheckpointEntry(t.Key, t.Value.DType, t.Value.Shape, t.Value.ByteCount, []))], t => tensors[t.Name], metadata);
    }

    private static CheckpointEntry[] Order(IReadOnlyCollection<CheckpointEntry> tensors)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (CheckpointEntry tensor in tensors)
        {
            if (SafeTensorTypes.WhyNot(tensor.Name, tensor.DType) is { } reason)
                throw new ArgumentException($"Tensor '{tensor.Name}' cannot be written as safetensors: {reason}.", nameof(tensors));
            if (!names.Add(tensor.Name))
                throw new ArgumentException($"Two tensors are called '{tensor.Name}'.", nameof(tensors));
        }

        // The reference compares names by their UTF-8 bytes, which UTF-16 orders otherwise beyond the basic plane.
        return
        [
            .. tensors
                .Select(static t => (Tensor: t, Bytes: Encoding.UTF8.GetBytes(t.Name)))
                .OrderByDescending(static t => SafeTensorTypes.Rank(t.Tensor.DType))
                .ThenBy(static t => t.Bytes, ByteOrder.Instance)
                .Select(static t => t.Tensor),
        ];
    }

    private static byte[] Header(CheckpointEntry[] tensors, IReadOnlyDictionary<string, string>? metadata, out long valueByteCount)
    {
        StringBuilder json = new("{");
        if (metadata is not null)
        {
            AppendText(json, SafeTensorTypes.MetadataKey).Append(":{");
            foreach ((string key, string text) in metadata.OrderBy(static m => m.Key, StringComparer.Ordinal))
                AppendText(AppendText(Separate(json), key).Append(':'), text);
            json.Append('}');
        }

        long end = 0;
        foreach (CheckpointEntry tensor in tensors)
        {
            long start = end;
            end = checked(start + (tensor.Shape.ElementCount * tensor.DType.Size()));
            AppendText(Separate(json), tensor.Name).Append(":{\"dtype\":\"").Append(SafeTensorTypes.NameOf(tensor.DType)).Append("\",\"shape\":[");
            json.AppendJoin(',', tensor.Shape.ToArray()).Append(CultureInfo.InvariantCulture, $"],\"data_offsets\":[{start},{end}]}}");
        }

        valueByteCount = end;
        byte[] utf8 = Strict.GetBytes(json.Append('}').ToString());
        byte[] header = new byte[(utf8.Length + Alignment - 1) / Alignment * Alignment];
        header.AsSpan().Fill((byte)' ');
        utf8.CopyTo(header, 0);
        return header.Length <= SafeTensorsReader.MaxHeaderByteCount
            ? header
            : throw new ArgumentException($"The header of {tensors.Length} tensors would take {header.Length} bytes; readers accept {SafeTensorsReader.MaxHeaderByteCount}.", nameof(tensors));
    }

    private static StringBuilder Separate(StringBuilder json) => json[^1] == '{' ? json : json.Append(',');

    // As serde_json does: only what must be escaped is.
    private static StringBuilder AppendText(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' or '\\' => json.Append('\\').Append(c),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }

        return json.Append('"');
    }

    private static void WriteValues(Stream stream, CheckpointEntry entry, Tensor tensor, CancellationToken cancellation)
    {
        if (tensor.DType != entry.DType || tensor.Shape != entry.Shape)
        {
            throw new ArgumentException(
                $"Tensor '{entry.Name}' was announced as {entry.DType.Name()} {entry.Shape}, given is {tensor.DType.Name()} {tensor.Shape}.", nameof(tensor));
        }

        if (!BitConverter.IsLittleEndian)
        {
            tensor = tensor.Clone();
            ElementBytes.Reverse(tensor.MutableBytes, tensor.DType);
        }

        ReadOnlySpan<byte> bytes = tensor.Bytes;
        for (int position = 0; position < bytes.Length; position += ChunkByteCount)
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Write(bytes[position..Math.Min(bytes.Length, position + ChunkByteCount)]);
        }
    }
}
