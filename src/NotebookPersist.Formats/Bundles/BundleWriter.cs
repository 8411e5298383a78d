using Google.Protobuf;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Tables;
using NotebookPersist.Protos;

// PREFIX.data-00000-of-00001 := bytes of each tensor in the order in which they were added, without gaps
// PREFIX.index               := table (grammar in TableWriter.cs) of
//     ""            -> BundleHeaderProto { num_shards: 1  version { producer: 1 } }     always the first key
//     name          -> BundleEntryProto { dtype  shape  shard_id  offset  size  crc32c }
//     name          -> BundleEntryProto { dtype  full shape  slices }                  for a partitioned tensor
//     slice key     -> BundleEntryProto of one slice (key grammar in SliceKey.cs)
//
// Bytes of a tensor are its elements row-major, low byte first, bool one byte, complex real then imaginary; strings have a layout
// and a checksum of their own (BundleStrings.cs). crc32c is masked.

namespace NotebookPersist.Formats.Bundles;

/// <summary>Writes a V2 checkpoint of one data file, byte for byte as TensorFlow 1.15 does.</summary>
/// <remarks>
/// Nothing appears under the checkpoint's names before <see cref="Finish"/>; then the data file does first and the index last,
/// both complete and on disk. Disposing without that leaves no trace.
/// Thread safety: none.
/// </remarks>
public sealed class BundleWriter : IDisposable
{
    private const int ChunkByteCount = 1 << 20;

    private readonly AtomicFile _data;
    private readonly SortedDictionary<byte[], BundleEntryProto> _entries = new(ByteOrder.Instance);
    private readonly int _alignment;
    private long _offset;

    private BundleWriter(string prefix, AtomicFile data, int alignment)
    {
        Prefix = prefix;
        _data = data;
        _alignment = alignment;
    }

    /// <summary>The checkpoint's prefix.</summary>
    public string Prefix { get; }

    /// <summary>Starts a checkpoint; its folder is made if it does not exist.</summary>
    /// <param name="prefix">The path without <c>.index</c>.</param>
    /// <param name="byteCount">Unit: bytes; what the values will take if known, so that the disk can set space aside.</param>
    /// <exception cref="IOException">The data file cannot be created.</exception>
    public static BundleWriter Create(string prefix, long byteCount = 0) => Create(prefix, byteCount, alignment: 1);

    /// <summary>Adds a whole tensor. TensorFlow adds them in the order of their names.</summary>
    /// <exception cref="ArgumentException">The name was added before, is empty, or the type has no stored form.</exception>
    /// <exception cref="IOException">The data file cannot be written.</exception>
    public void Add(string name, Tensor tensor, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        AddStored(KeyOf(name), name, tensor, cancellation);
    }

    /// <summary>Adds one part of a partitioned tensor.</summary>
    /// <param name="name">The name of the whole tensor.</param>
    /// <param name="fullShape">The shape of the whole tensor, the same for all parts.</param>
    /// <param name="slice">Which part; one that is all of the tensor is stored as a whole tensor.</param>
    /// <param name="tensor">The part's values.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="ArgumentException">Shapes or types disagree, or the part was added before.</exception>
    /// <exception cref="IOException">The data file cannot be written.</exception>
    public void Add(string name, Shape fullShape, TensorSlice slice, Tensor tensor, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fullShape);
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(tensor);
        (_, long[] lengths) = slice.Resolve(fullShape.Dimensions);
        if (tensor.Shape != Shape.Create(lengths))
        {
            throw new ArgumentException(
                $"Slice in shape_and_slice specification does not match the shape of the tensor to save: '{slice}' of {fullShape}, tensor '{name}' {tensor.Shape}.",
                nameof(tensor));
        }

        if (slice.IsFull || tensor.Shape == fullShape)
        {
            Add(name, tensor, cancellation);
            return;
        }

        byte[] key = KeyOf(name);
        if (!_entries.TryGetValue(key, out BundleEntryProto? whole))
        {
            whole = new BundleEntryProto { Dtype = (DataType)tensor.DType, Shape = fullShape.ToProto() };
        }
        else if (whole.Slices.Count == 0 || whole.Dtype != (DataType)tensor.DType || whole.Shape.ToShape() != fullShape)
        {
            throw new ArgumentException(
                $"Parts of tensor '{name}' disagree: {tensor.DType.Name()} {fullShape} was given after {((DType)whole.Dtype).Name()} {whole.Shape.ToShape()}.",
                nameof(tensor));
        }

        AddStored(SliceKey.Encode(key, slice), $"{name}' slice '{slice}", tensor, cancellation);
        whole.Slices.Add(slice.ToProto());
        _entries[key] = whole;
    }

    /// <summary>Writes the index and makes both files appear.</summary>
    /// <exception cref="IOException">A file cannot be written; neither appears, unless the failure came between the two renames.</exception>
    public void Finish()
    {
        using AtomicFile index = AtomicFile.Create(Prefix + ".index");
        TableWriter table = new(index.Stream);
        BundleHeaderProto header = new() { NumShards = 1, Version = new VersionDef { Producer = BundleVersions.Current } };
        table.Add([], header.ToByteArray());
        foreach ((byte[] key, BundleEntryProto entry) in _entries)
            table.Add(key, entry.ToByteArray());
        table.Finish();
        index.Flush();
        _data.Commit();
        index.Commit();
    }

    /// <summary>Removes the temporary files of a checkpoint that was not finished.</summary>
    public void Dispose() => _data.Dispose();

    internal static BundleWriter Create(string prefix, long byteCount, int alignment)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        if (Path.GetDirectoryName(Path.GetFullPath(prefix)) is string folder)
            Directory.CreateDirectory(folder);
        return new BundleWriter(prefix, AtomicFile.Create(CheckpointPath.DataPath(prefix, 0, 1), byteCount), alignment);
    }

    private static byte[] KeyOf(string name)
    {
        // The empty key is the header's.
        ArgumentException.ThrowIfNullOrEmpty(name);
        return TensorName.Encode(name);
    }

    private void AddStored(byte[] key, string shown, Tensor tensor, CancellationToken cancellation)
    {
        if (_entries.ContainsKey(key))
            throw new ArgumentException($"Adding duplicate key: '{shown}'.", nameof(key));
        if (!tensor.DType.HasFixedSize() && tensor.DType != DType.String)
            throw new ArgumentException($"Tensor '{shown}' of type '{tensor.DType.Name()}' has no stored form.", nameof(tensor));
        (uint crc, long byteCount) = tensor.DType == DType.String
            ? BundleStrings.Write(_data.Stream, tensor.Strings)
            : WriteElements(tensor, cancellation);
        _entries.Add(key, new BundleEntryProto
        {
            Dtype = (DataType)tensor.DType,
            Shape = tensor.Shape.ToProto(),
            Offset = _offset,
            Size = byteCount,
            Crc32C = Crc32C.Mask(crc),
        });
        _offset += byteCount;
        Align();
    }

    // TensorFlow pads after each tensor, also the last.
    private void Align()
    {
        int over = (int)(_offset % _alignment);
        if (over != 0)
        {
            _data.Stream.Write(new byte[_alignment - over]);
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
            bytes = swapped;
        }

        uint crc = 0;
        for (int position = 0; position < bytes.Length; position += ChunkByteCount)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> chunk = bytes[position..Math.Min(bytes.Length, position + ChunkByteCount)];
            crc = Crc32C.Extend(crc, chunk);
            _data.Stream.Write(chunk);
        }

        return (crc, bytes.Length);
    }
}
