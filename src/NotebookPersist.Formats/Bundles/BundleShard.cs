using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Bundles;

/// <summary>One data file of a bundle on its way.</summary>
/// <remarks>Thread safety: none; the shards of one bundle are independent of each other.</remarks>
internal sealed class BundleShard : IDisposable
{
    private const int ChunkByteCount = 4 << 20;

    // Below this a task costs more than the checksum.
    private const int ParallelFrom = 1 << 20;

    private readonly AtomicFile _file;
    private readonly int _number;
    private readonly int _alignment;
    private long _offset;

    public BundleShard(string path, int number, long byteCount, int alignment, bool durable)
    {
        _file = AtomicFile.Create(path, byteCount, durable);
        _number = number;
        _alignment = alignment;
    }

    /// <summary>Called with the bytes of each piece that was written.</summary>
    public Action<long>? Written { get; init; }

    /// <summary>Writes a tensor's bytes.</summary>
    /// <returns>Where and how they are stored.</returns>
    public BundleEntryProto Write(Tensor tensor, CancellationToken cancellation)
    {
        (uint crc, long byteCount) = tensor.DType == DType.String
            ? BundleStrings.Write(_file.Stream, tensor.Strings)
            : WriteElements(tensor, cancellation);
        var entry = new BundleEntryProto
        {
            Dtype = (DataType)tensor.DType,
            Shape = tensor.Shape.ToProto(),
            ShardId = _number,
            Offset = _offset,
            Size = byteCount,
            Crc32C = Crc32C.Mask(crc),
        };
        _offset += byteCount;
        Align();
        return entry;
    }

    /// <summary>Brings the bytes to disk, still under a temporary name.</summary>
    public void Flush() => _file.Flush();

    /// <summary>Makes the file appear under a name.</summary>
    public void Rename(string path) => _file.Rename(path);

    /// <summary>Removes the file if it was not renamed.</summary>
    public void Dispose() => _file.Dispose();

    // TensorFlow pads after each tensor, also the last.
    private void Align()
    {
        int over = (int)(_offset % _alignment);
        if (over != 0)
        {
            _file.Stream.Write(new byte[_alignment - over]);
            _offset += _alignment - over;
        }
    }

    private (uint Crc, long ByteCount) WriteElements(Tensor tensor, CancellationToken cancellation)
    {
        ReadOnlySpan<byte> bytes = tensor.Bytes;
        if (!BitConverter.IsLittleEndian)
        {
            byte[] swapped = bytes.ToArray();
            ElementBytes.Reverse(swapped, tensor.DType);
            uint crc = Crc32C.Compute(swapped);
            Copy(swapped, cancellation);
            return (crc, swapped.Length);
        }

        if (bytes.Length < ParallelFrom)
        {
            Copy(bytes, cancellation);
            return (Crc32C.Compute(bytes), bytes.Length);
        }

        // The checksum is computed on another core while this one is in the system's copy.
        Task<uint> checksum = Task.Run(() => Crc32C.Compute(tensor.Bytes), CancellationToken.None);
        Copy(bytes, cancellation);
        return (checksum.GetAwaiter().GetResult(), bytes.Length);
    }

    private void Copy(ReadOnlySpan<byte> bytes, CancellationToken cancellation)
    {
        for (int position = 0; position < bytes.Length; position += ChunkByteCount)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> chunk = bytes.Slice(position, Math.Min(ChunkByteCount, bytes.Length - position));
            _file.Stream.Write(chunk);
            Written?.Invoke(chunk.Length);
        }
    }
}
