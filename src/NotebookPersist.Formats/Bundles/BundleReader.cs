using System.Buffers;
using System.Globalization;
using Google.Protobuf;
using Microsoft.Win32.SafeHandles;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Tables;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Bundles;

/// <summary>Reads V2 checkpoints: an index of tensors and one or more data files.</summary>
/// <remarks>
/// The format is told in <c>Bundles/FORMAT.md</c>. All of the index is verified when it is opened; a tensor's range is checked
/// against its shape and the data file before memory is taken for it.
/// Thread safety: reads may run concurrently.
/// </remarks>
public sealed class BundleReader : CheckpointReader
{
    // Small enough that the checksum finds the bytes in the cache where the read left them.
    private const int ChunkByteCount = 256 * 1024;

    private readonly Index _index;
    private readonly bool _verifyChecksums;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, SafeFileHandle> _dataFiles = [];
    private bool _closed;

    private BundleReader(string prefix, Index index, bool verifyChecksums)
        : base(prefix, CheckpointKind.Bundle, index.Entries)
    {
        _index = index;
        _verifyChecksums = verifyChecksums;
    }

    /// <summary>How many data files the header tells.</summary>
    public int ShardCount => _index.Header.NumShards;

    /// <summary>Whether the values are stored with the high byte first.</summary>
    public bool IsBigEndian => _index.Header.Endianness == BundleHeaderProto.Types.Endianness.Big;

    /// <summary>Opens a bundle and reads its index; no data file is touched.</summary>
    /// <param name="prefix">The checkpoint's prefix: the index is <c>PREFIX.index</c>.</param>
    /// <param name="verifyChecksums">Whether the checksum of every tensor is compared when it is read; those of the index always are.</param>
    /// <exception cref="FileNotFoundException">There is no index.</exception>
    /// <exception cref="CheckpointFormatException">The index is damaged or asks for a newer reader.</exception>
    public static new BundleReader Open(string prefix, bool verifyChecksums = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return new BundleReader(prefix, Index.Read(prefix + ".index"), verifyChecksums);
    }

    /// <summary>Where and how one key is stored, for inspection; also the keys of slices.</summary>
    internal BundleEntryProto Stored(string key) => _index.Stored[key];

    /// <summary>Compares a tensor, or a part of one, with what is stored, up to the first difference.</summary>
    /// <returns>Where it is stored; null where it is not, or differs in a single bit.</returns>
    public BundleEntryProto? HoldsSameBytes(string name, (Shape FullShape, TensorSlice Slice)? part, Tensor tensor, CancellationToken cancellation)
    {
        byte[] key = TensorName.Encode(name);
        if (part is var (fullShape, slice) && !slice.IsFull)
        {
            if (!TryFind(name, out CheckpointEntry? whole) || whole.Shape != fullShape)
                return null;
            key = SliceKey.Encode(key, slice);
        }

        if (!tensor.DType.HasFixedSize() || IsBigEndian == BitConverter.IsLittleEndian || !_index.Stored.TryGetValue(TensorName.Decode(key), out BundleEntryProto? stored)
            || stored.Slices.Count > 0 || (DType)stored.Dtype != tensor.DType || stored.Size != tensor.ByteCount || stored.Shape.ToShape() != tensor.Shape)
        {
            return null;
        }

        SafeFileHandle file = DataFile(stored.ShardId, out _);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkByteCount);
        try
        {
            ReadOnlySpan<byte> bytes = tensor.Bytes;
            for (int position = 0; position < bytes.Length;)
            {
                cancellation.ThrowIfCancellationRequested();
                int count = RandomAccess.Read(file, chunk.AsSpan(0, Math.Min(ChunkByteCount, bytes.Length - position)), stored.Offset + position);
                if (count == 0 || !bytes.Slice(position, count).SequenceEqual(chunk.AsSpan(0, count)))
                    return null;
                position += count;
            }

            return stored;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private protected override Tensor ReadWhole(CheckpointEntry entry, CancellationToken cancellation)
        => entry.IsPartitioned
            ? ReadPart(entry, new long[entry.Shape.Rank], entry.Shape.ToArray(), cancellation)
            : ReadStored(entry.Name, entry.Name, entry.DType, entry.Shape, cancellation);

    private protected override Tensor ReadPart(CheckpointEntry entry, long[] starts, long[] lengths, CancellationToken cancellation)
    {
        if (!entry.IsPartitioned)
            return SliceAssembly.Cut(ReadWhole(entry, cancellation), starts, lengths);
        RequireReadable(entry.Name, entry.DType);
        RequireMemory(entry.Name, entry.DType, Shape.Create(lengths));
        return SliceAssembly.Read(entry, starts, lengths, i => ReadSlice(entry, entry.Slices[i], cancellation), Prefix);
    }

    private protected override void CloseFiles()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (SafeFileHandle file in _dataFiles.Values)
                file.Dispose();
        }
    }

    private Tensor ReadSlice(CheckpointEntry entry, TensorSlice slice, CancellationToken cancellation)
    {
        string key = TensorName.Decode(SliceKey.Encode(TensorName.Encode(entry.Name), slice));
        string shown = $"{entry.Name}' slice '{slice}";
        if (!_index.Stored.TryGetValue(key, out BundleEntryProto? stored))
            throw Fault(CheckpointFault.BadSlices, shown, "the index has no entry for it");
        Shape shape = ShapeProtos.ToConcreteShape(stored.Shape, $"tensor '{shown}'", _index.Path);
        (_, long[] lengths) = slice.Resolve(entry.Shape.Dimensions);
        if ((DType)stored.Dtype != entry.DType || shape != Shape.Create(lengths))
        {
            throw Fault(
                CheckpointFault.BadSlices,
                shown,
                $"it is stored as {((DType)stored.Dtype).Name()} {shape}, expected {entry.DType.Name()} {Shape.Create(lengths)}");
        }

        return ReadStored(key, shown, entry.DType, shape, cancellation);
    }

    private Tensor ReadStored(string key, string shown, DType dtype, Shape shape, CancellationToken cancellation)
    {
        BundleEntryProto stored = _index.Stored[key];
        RequireReadable(shown, dtype);
        RequireMemory(shown, dtype, shape);
        SafeFileHandle file = DataFile(stored.ShardId, out string path);
        long fileByteCount = RandomAccess.GetLength(file);
        if (stored.Offset > fileByteCount || stored.Size > fileByteCount - stored.Offset)
        {
            throw new CheckpointFormatException(
                $"Cannot read tensor '{shown}' of '{path}': Read less bytes than requested: the index tells {stored.Size} bytes at byte {stored.Offset}, "
                + $"the file ends at byte {fileByteCount}.",
                CheckpointFault.Truncated,
                path,
                fileByteCount);
        }

        if (dtype == DType.String)
            return ReadStrings(stored, shown, shape, file, path);
        Int128 expected = (Int128)shape.ElementCount * dtype.Size();
        if (stored.Size != expected)
            throw Fault(CheckpointFault.BadStructure, shown, $"Invalid size in bundle entry: stored size {stored.Size}; expected size {expected}");
        Tensor tensor = Tensor.Uninitialized(dtype, shape);
        Span<byte> bytes = tensor.MutableBytes;
        uint crc = 0;
        for (int position = 0; position < bytes.Length; position += ChunkByteCount)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<byte> chunk = bytes[position..Math.Min(bytes.Length, position + ChunkByteCount)];
            ReadExactly(file, chunk, stored.Offset + position, path);
            if (_verifyChecksums)
                crc = Crc32C.Extend(crc, chunk);
        }

        RequireChecksum(stored, crc, shown, path);
        if (IsBigEndian == BitConverter.IsLittleEndian)
            ElementBytes.Reverse(bytes, dtype);
        if (dtype == DType.Bool)
            ElementBytes.NormalizeBooleans(bytes);
        return tensor;
    }

    private Tensor ReadStrings(BundleEntryProto stored, string shown, Shape shape, SafeFileHandle file, string path)
    {
        if (stored.Size > Array.MaxLength)
            throw Fault(CheckpointFault.LimitExceeded, shown, $"its {stored.Size} bytes are more than the {Array.MaxLength} that one tensor can hold");

        // Readers of TensorFlow skip an entry without bytes; writers emit the length checksum even then.
        if (stored.Size == 0 && shape.ElementCount == 0)
            return Tensor.Zeros(DType.String, shape);
        byte[] data = GC.AllocateUninitializedArray<byte>((int)stored.Size);
        ReadExactly(file, data, stored.Offset, path);
        byte[][] strings = BundleStrings.Read(data, shape.ElementCount, IsBigEndian, path, stored.Offset, out uint crc);
        RequireChecksum(stored, crc, shown, path);
        return Tensor.OfStrings(shape, strings);
    }

    private void RequireChecksum(BundleEntryProto stored, uint crc, string shown, string path)
    {
        uint expected = Crc32C.Unmask(stored.Crc32C);
        if (_verifyChecksums && expected != crc)
        {
            throw new CheckpointFormatException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Cannot read tensor '{shown}' of '{path}' at byte {stored.Offset}: "
                    + $"Checksum does not match: stored {expected:D8} vs. calculated on the restored bytes {crc}."),
                CheckpointFault.ChecksumMismatch,
                path,
                stored.Offset);
        }
    }

    private void RequireReadable(string shown, DType dtype)
    {
        if (!dtype.HasFixedSize() && dtype != DType.String)
            throw Fault(CheckpointFault.Unsupported, shown, $"values of type '{dtype.Name()}' cannot be read");
    }

    private void RequireMemory(string shown, DType dtype, Shape shape)
    {
        Int128 byteCount = (Int128)shape.ElementCount * Math.Max(1, dtype.Size());
        if (byteCount > Array.MaxLength)
            throw Fault(CheckpointFault.LimitExceeded, shown, $"its {byteCount} bytes are more than the {Array.MaxLength} that one tensor can hold");
    }

    private CheckpointFormatException Fault(CheckpointFault fault, string shown, string problem)
        => new($"Cannot read tensor '{shown}' of '{Prefix}': {problem}.", fault, _index.Path);

    private SafeFileHandle DataFile(int shard, out string path)
    {
        path = CheckpointPath.DataPath(Prefix, shard, ShardCount);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (!_dataFiles.TryGetValue(shard, out SafeFileHandle? file))
            {
                if (!File.Exists(path))
                {
                    throw new FileNotFoundException(
                        $"The data file '{path}' is missing; the index '{_index.Path}' tells of {ShardCount}. Copy all files of a checkpoint together.", path);
                }

                file = File.OpenHandle(path, options: FileOptions.SequentialScan);
                _dataFiles.Add(shard, file);
            }

            return file;
        }
    }

    private static void ReadExactly(SafeFileHandle file, Span<byte> bytes, long offset, string path)
    {
        while (!bytes.IsEmpty)
        {
            int count = RandomAccess.Read(file, bytes, offset);
            if (count == 0)
            {
                throw new CheckpointFormatException(
                    $"Cannot read '{path}' at byte {offset}: Read less bytes than requested.", CheckpointFault.Truncated, path, offset);
            }

            bytes = bytes[count..];
            offset += count;
        }
    }

    // The parsed index: what is stored under each key, and the tensors that a reader of the checkpoint sees.
    private sealed record Index(string Path, BundleHeaderProto Header, Dictionary<string, BundleEntryProto> Stored, IReadOnlyList<CheckpointEntry> Entries)
    {
        public static Index Read(string path)
        {
            if (!File.Exists(path))
                throw new FileNotFoundException($"There is no checkpoint index '{path}'.", path);
            BundleHeaderProto? header = null;
            List<(string Key, BundleEntryProto Stored)> all = [];
            HashSet<string> sliceKeys = new(StringComparer.Ordinal);
            using (TableReader table = TableReader.Open(path))
            {
                foreach (TableEntry row in table.Entries())
                {
                    if (header is null)
                    {
                        header = ReadHeader(row, path);
                        continue;
                    }

                    string key = TensorName.Decode(row.Key.Span);
                    BundleEntryProto stored = ReadEntry(key, row, header, path);
                    foreach (TensorSliceProto slice in stored.Slices)
                        sliceKeys.Add(TensorName.Decode(SliceKey.Encode(row.Key.Span, TensorSlice.FromProto(slice))));
                    all.Add((key, stored));
                }
            }

            if (header is null)
                throw BadHeader(path, "the table is empty", CheckpointFault.BadStructure);
            Dictionary<string, BundleEntryProto> byKey = all.ToDictionary(static e => e.Key, static e => e.Stored, StringComparer.Ordinal);
            List<CheckpointEntry> entries = [];
            foreach ((string key, BundleEntryProto stored) in all)
            {
                if (!sliceKeys.Contains(key))
                    entries.Add(Describe(key, stored, byKey, path));
            }

            return new Index(path, header, byKey, entries);
        }

        private static CheckpointEntry Describe(string key, BundleEntryProto stored, Dictionary<string, BundleEntryProto> byKey, string path)
        {
            Shape shape = ShapeProtos.ToConcreteShape(stored.Shape, $"tensor '{key}'", path);
            TensorSlice[] slices = [.. stored.Slices.Select(TensorSlice.FromProto)];
            long byteCount = stored.Size;
            foreach (TensorSlice slice in slices)
            {
                if (slice.Rank != shape.Rank)
                {
                    throw new CheckpointFormatException(
                        $"Cannot read '{path}': the slice '{slice}' of tensor '{key}' has another rank than its shape {shape}.", CheckpointFault.BadSlices, path);
                }

                if (byKey.TryGetValue(TensorName.Decode(SliceKey.Encode(TensorName.Encode(key), slice)), out BundleEntryProto? part))
                    byteCount = part.Size > long.MaxValue - byteCount ? long.MaxValue : byteCount + part.Size;
            }

            return new CheckpointEntry(key, (DType)stored.Dtype, shape, byteCount, slices) { Shard = stored.Slices.Count == 0 ? stored.ShardId : null };
        }

        private static BundleHeaderProto ReadHeader(TableEntry row, string path)
        {
            BundleHeaderProto header;
            if (!row.Key.IsEmpty)
                throw BadHeader(path, "its first key is not the empty one", CheckpointFault.BadStructure);
            try
            {
                header = BundleHeaderProto.Parser.ParseFrom(row.Value.Span);
            }
            catch (InvalidProtocolBufferException e)
            {
                throw BadHeader(path, e.Message, CheckpointFault.BadMessage, e);
            }

            BundleVersions.Require(header.Version, path);
            if (header.NumShards < 0)
                throw BadHeader(path, $"it tells of {header.NumShards} data files", CheckpointFault.BadStructure);
            return header.Endianness is BundleHeaderProto.Types.Endianness.Little or BundleHeaderProto.Types.Endianness.Big
                ? header
                : throw BadHeader(path, $"byte order {(int)header.Endianness} is unknown", CheckpointFault.BadStructure);
        }

        private static BundleEntryProto ReadEntry(string key, TableEntry row, BundleHeaderProto header, string path)
        {
            BundleEntryProto stored;
            try
            {
                stored = BundleEntryProto.Parser.ParseFrom(row.Value.Span);
            }
            catch (InvalidProtocolBufferException e)
            {
                throw new CheckpointFormatException(
                    $"Cannot read '{path}': Entry for key '{key}' not parseable: {e.Message}", CheckpointFault.BadMessage, path, row.BlockOffset, e);
            }

            bool ownBytes = stored.Slices.Count == 0;
            if (stored.Offset < 0 || stored.Size < 0 || stored.Offset > long.MaxValue - stored.Size
                || (ownBytes && (stored.ShardId < 0 || stored.ShardId >= header.NumShards)))
            {
                throw new CheckpointFormatException(
                    $"Cannot read '{path}': the entry for key '{key}' points to {stored.Size} bytes at byte {stored.Offset} "
                    + $"of data file {stored.ShardId} of {header.NumShards}.",
                    CheckpointFault.BadStructure,
                    path,
                    row.BlockOffset);
            }

            return stored;
        }

        private static CheckpointFormatException BadHeader(string path, string problem, CheckpointFault fault, Exception? inner = null)
            => new($"Unable to read file ({path}). Its header entry is wrong: {problem}.", fault, path, innerException: inner);
    }
}
