using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Google.Protobuf;
using Microsoft.Win32.SafeHandles;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Tables;
using NotebookPersist.Memory;
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

    // Below this a call to the system costs more than the bytes.
    private const int SmallByteCount = 32 * 1024;

    // Large enough that the system reads ahead, small enough that cores finish together. A multiple of every element's size.
    private const int PieceByteCount = 8 << 20;

    private readonly Index _index;
    private readonly bool _verifyChecksums;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, DataFileHandle> _dataFiles = [];
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
    internal BundleEntryProto Stored(string key) => _index.Stored[key].ToProto();

    /// <summary>Where and how one key is stored, if it is.</summary>
    internal bool TryGetStored(string key, [NotNullWhen(true)] out BundleEntryProto? stored)
    {
        stored = _index.Stored.TryGetValue(key, out StoredEntry entry) ? entry.ToProto() : null;
        return stored is not null;
    }

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

        if (!tensor.DType.HasFixedSize() || IsBigEndian == BitConverter.IsLittleEndian || !_index.Stored.TryGetValue(TensorName.Decode(key), out StoredEntry stored)
            || stored.IsPartitioned || stored.DType != tensor.DType || stored.Size != tensor.ByteCount || stored.ToProto().Shape.ToShape() != tensor.Shape)
        {
            return null;
        }

        SafeFileHandle file = DataFile(stored.Shard).Handle;
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

            return stored.ToProto();
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
        string gap = $"Does not have sufficient slices for partitioned tensor {entry.Name} to restore in slice_spec: {TensorSlice.Of(starts, lengths)}";
        return SliceAssembly.Read(entry, starts, lengths, i => ReadSlice(entry, entry.Slices[i], cancellation), i => FindSlice(entry, entry.Slices[i]), Prefix, gap);
    }

    private protected override void CloseFiles()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (DataFileHandle file in _dataFiles.Values)
                file.Handle.Dispose();
        }
    }

    private Tensor ReadSlice(CheckpointEntry entry, TensorSlice slice, CancellationToken cancellation)
    {
        (string key, string shown, Shape shape) = FindSlice(entry, slice);
        return ReadStored(key, shown, entry.DType, shape, cancellation);
    }

    private (string Key, string Shown, Shape Shape) FindSlice(CheckpointEntry entry, TensorSlice slice)
    {
        string key = TensorName.Decode(SliceKey.Encode(TensorName.Encode(entry.Name), slice));
        string shown = $"{entry.Name}' slice '{slice}";
        if (!_index.Stored.TryGetValue(key, out StoredEntry stored))
            throw Fault(CheckpointFault.BadSlices, shown, "the index has no entry for it");
        Shape shape = stored.ConcreteShape(shown, _index.Path);
        (_, long[] lengths) = slice.Resolve(entry.Shape.Dimensions);
        if (stored.DType != entry.DType || shape != Shape.Create(lengths))
        {
            throw Fault(
                CheckpointFault.BadSlices,
                shown,
                $"it is stored as {stored.DType.Name()} {shape}, expected {entry.DType.Name()} {Shape.Create(lengths)}");
        }

        Locate(key, shown, entry.DType, shape);
        return (key, shown, shape);
    }

    private protected override void RequireStored(CheckpointEntry entry)
    {
        if (!entry.IsPartitioned)
            Locate(entry.Name, entry.Name, entry.DType, entry.Shape);
    }

    // The bytes of all tensors are cut into pieces, so that one large tensor keeps every core busy.
    private protected override void ReadMany(IReadOnlyList<TensorRequest> requests, CheckpointEntry[] entries, Tensor[] tensors, CancellationToken cancellation)
    {
        var pieces = new List<(int Tensor, int Start)>();
        var small = new List<int>();
        var others = new List<int>();
        var whole = new List<int>();
        var ranges = new StoredRange[entries.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].IsPartitioned || entries[i].DType == DType.String || requests[i].Slice is { IsFull: false })
            {
                others.Add(i);
                continue;
            }

            ranges[i] = Locate(entries[i].Name, entries[i].Name, entries[i].DType, entries[i].Shape);
            whole.Add(i);
        }

        TensorBuffer[] buffers = TensorBuffer.AllocateMany([.. whole.Select(i => ranges[i].Stored.Size)]);
        for (int b = 0; b < buffers.Length; b++)
        {
            int i = whole[b];
            tensors[i] = new Tensor(entries[i].DType, entries[i].Shape, buffers[b]);
            if (buffers[b].ByteCount <= SmallByteCount)
                small.Add(i);
            else
                pieces.AddRange(Enumerable.Range(0, (buffers[b].ByteCount + PieceByteCount - 1) / PieceByteCount).Select(k => (i, k * PieceByteCount)));
        }

        uint[] checksums = new uint[pieces.Count];
        InParallel(pieces.Count, p =>
        {
            (int i, int start) = pieces[p];
            Span<byte> bytes = tensors[i].MutableBytes;
            checksums[p] = ReadBytes(ranges[i], bytes.Slice(start, Math.Min(PieceByteCount, bytes.Length - start)), start, cancellation);
        }, cancellation);
        for (int p = 0; p < pieces.Count;)
        {
            int i = pieces[p].Tensor;
            uint crc = 0;
            for (; p < pieces.Count && pieces[p].Tensor == i; p++)
                crc = Crc32C.Combine(crc, checksums[p], Math.Min(PieceByteCount, tensors[i].ByteCount - pieces[p].Start));
            Complete(ranges[i], tensors[i], crc);
        }

        List<int[]> groups = Neighbours(small, ranges);
        InParallel(groups.Count, g => ReadGroup(groups[g], ranges, tensors, cancellation), cancellation);
        InParallel(others.Count, o => tensors[others[o]] = Read(requests[others[o]], cancellation), cancellation);
    }

    // Small tensors that lie next to each other are read by one call.
    private static List<int[]> Neighbours(List<int> small, StoredRange[] ranges)
    {
        var groups = new List<int[]>();
        var group = new List<int>();
        int Compare(int a, int b) => (ranges[a].Stored.Shard, ranges[a].Stored.Offset).CompareTo((ranges[b].Stored.Shard, ranges[b].Stored.Offset));
        for (int s = 1; s < small.Count; s++)
        {
            if (Compare(small[s - 1], small[s]) <= 0)
                continue; // Names and places mostly have the same order.
            small.Sort(Compare);
            break;
        }

        foreach (int i in small)
        {
            if (group.Count > 0 && (ranges[i].File != ranges[group[0]].File || End(ranges[i]) - ranges[group[0]].Stored.Offset > ChunkByteCount))
            {
                groups.Add([.. group]);
                group.Clear();
            }

            group.Add(i);
        }

        if (group.Count > 0)
            groups.Add([.. group]);
        return groups;
    }

    private static long End(StoredRange range) => range.Stored.Offset + range.Stored.Size;

    private void ReadGroup(int[] group, StoredRange[] ranges, Tensor[] tensors, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        StoredRange first = ranges[group[0]];
        byte[] rented = ArrayPool<byte>.Shared.Rent(ChunkByteCount);
        try
        {
            Span<byte> bytes = rented.AsSpan(0, (int)(group.Max(i => End(ranges[i])) - first.Stored.Offset));
            ReadExactly(first.File.Handle, bytes, first.Stored.Offset, first.File.Path);
            foreach (int i in group)
            {
                Span<byte> own = bytes.Slice((int)(ranges[i].Stored.Offset - first.Stored.Offset), (int)ranges[i].Stored.Size);
                own.CopyTo(tensors[i].MutableBytes);
                Complete(ranges[i], tensors[i], _verifyChecksums ? Crc32C.Compute(own) : 0);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private Tensor ReadStored(string key, string shown, DType dtype, Shape shape, CancellationToken cancellation)
    {
        StoredRange range = Locate(key, shown, dtype, shape);
        if (dtype == DType.String)
            return ReadStrings(range, shape);
        Tensor tensor = Tensor.Uninitialized(dtype, shape);
        uint crc = ReadBytes(range, tensor.MutableBytes, 0, cancellation);
        Complete(range, tensor, crc);
        return tensor;
    }

    // Where the bytes are; all that can be told without reading them is checked.
    private StoredRange Locate(string key, string shown, DType dtype, Shape shape)
    {
        StoredEntry stored = _index.Stored[key];
        RequireReadable(shown, dtype);
        RequireMemory(shown, dtype, shape);
        DataFileHandle file = DataFile(stored.Shard);
        if (stored.Offset > file.ByteCount || stored.Size > file.ByteCount - stored.Offset)
        {
            throw new CheckpointFormatException(
                $"Cannot read tensor '{shown}' of '{file.Path}': Read less bytes than requested: the index tells {stored.Size} bytes at byte {stored.Offset}, "
                + $"the file ends at byte {file.ByteCount}.",
                CheckpointFault.Truncated,
                file.Path,
                file.ByteCount);
        }

        Int128 expected = (Int128)shape.ElementCount * dtype.Size();
        if (dtype != DType.String && stored.Size != expected)
            throw Fault(CheckpointFault.BadStructure, shown, $"Invalid size in bundle entry: stored size {stored.Size}; expected size {expected}");
        if (dtype == DType.String && shape.ElementCount > stored.Size)
            throw Fault(CheckpointFault.BadStructure, shown, $"{shape.ElementCount} strings cannot be in {stored.Size} bytes");
        return new StoredRange(shown, stored, file);
    }

    // The checksum, if it is asked for, of what was read.
    private uint ReadBytes(StoredRange range, Span<byte> bytes, long start, CancellationToken cancellation)
    {
        uint crc = 0;
        for (int position = 0; position < bytes.Length; position += ChunkByteCount)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<byte> chunk = bytes[position..Math.Min(bytes.Length, position + ChunkByteCount)];
            ReadExactly(range.File.Handle, chunk, range.Stored.Offset + start + position, range.File.Path);
            if (_verifyChecksums)
                crc = Crc32C.Extend(crc, chunk);
        }

        return crc;
    }

    private void Complete(StoredRange range, Tensor tensor, uint crc)
    {
        RequireChecksum(range, crc);
        if (IsBigEndian == BitConverter.IsLittleEndian)
            ElementBytes.Reverse(tensor.MutableBytes, tensor.DType);
        if (tensor.DType == DType.Bool)
            ElementBytes.NormalizeBooleans(tensor.MutableBytes);
    }

    private Tensor ReadStrings(StoredRange range, Shape shape)
    {
        StoredEntry stored = range.Stored;
        if (stored.Size > Array.MaxLength)
            throw Fault(CheckpointFault.LimitExceeded, range.Shown, $"its {stored.Size} bytes are more than the {Array.MaxLength} that one tensor can hold");

        // Readers of TensorFlow skip an entry without bytes; writers emit the length checksum even then.
        if (stored.Size == 0 && shape.ElementCount == 0)
            return Tensor.Zeros(DType.String, shape);
        byte[] data = GC.AllocateUninitializedArray<byte>((int)stored.Size);
        ReadExactly(range.File.Handle, data, stored.Offset, range.File.Path);
        byte[][] strings = BundleStrings.Read(data, shape.ElementCount, IsBigEndian, range.File.Path, stored.Offset, out uint crc);
        RequireChecksum(range, crc);
        return Tensor.OfStrings(shape, strings);
    }

    private void RequireChecksum(StoredRange range, uint crc)
    {
        uint expected = Crc32C.Unmask(range.Stored.Crc32C);
        if (_verifyChecksums && expected != crc)
        {
            throw new CheckpointFormatException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Cannot read tensor '{range.Shown}' of '{range.File.Path}' at byte {range.Stored.Offset}: "
                    + $"Checksum does not match: stored {expected:D8} vs. calculated on the restored bytes {crc} (0x{expected:X8}, 0x{crc:X8})."),
                CheckpointFault.ChecksumMismatch,
                range.File.Path,
                range.Stored.Offset);
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

    private DataFileHandle DataFile(int shard)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (!_dataFiles.TryGetValue(shard, out DataFileHandle? file))
            {
                string path = DataPath(shard);
                if (!File.Exists(path))
                {
                    throw new FileNotFoundException(
                        $"The data file '{path}' is missing; the index '{_index.Path}' tells of {ShardCount}. Copy all files of a checkpoint together.", path);
                }

                SafeFileHandle handle = RegularFile.OpenHandle(path, FileOptions.SequentialScan);
                file = new DataFileHandle(path, handle, RandomAccess.GetLength(handle));
                _dataFiles.Add(shard, file);
            }

            return file;
        }
    }

    // Where TensorFlow merged an input without tensors, its header counts more data files than it gave names to.
    private string DataPath(int shard)
    {
        string path = CheckpointPath.DataPath(Prefix, shard, ShardCount);
        if (File.Exists(path))
            return path;
        IReadOnlyList<string> there = CheckpointPath.DataFiles(Prefix);
        int told = 1 + _index.Stored.Values.Max(static s => s.Shard);
        return told < ShardCount && there.SequenceEqual(Enumerable.Range(0, told).Select(i => CheckpointPath.DataPath(Prefix, i, told)))
            ? there[shard]
            : path;
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

    private sealed record DataFileHandle(string Path, SafeFileHandle Handle, long ByteCount);

    private readonly record struct StoredRange(string Shown, StoredEntry Stored, DataFileHandle File);

    // The parsed index: what is stored under each key, and the tensors that a reader of the checkpoint sees.
    private sealed record Index(string Path, BundleHeaderProto Header, Dictionary<string, StoredEntry> Stored, IReadOnlyList<CheckpointEntry> Entries)
    {
        public static Index Read(string path)
        {
            if (!File.Exists(path))
                throw new FileNotFoundException($"There is no checkpoint index '{path}'.", path);
            BundleHeaderProto? header = null;
            List<(string Key, StoredEntry Stored)> all = [];
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
                    StoredEntry stored = ReadEntry(key, row, all.Count > 0 ? all[^1].Stored : default, header, path);
                    foreach (TensorSliceProto slice in stored.Slices)
                        sliceKeys.Add(TensorName.Decode(SliceKey.Encode(row.Key.Span, TensorSlice.FromProto(slice))));
                    all.Add((key, stored));
                }
            }

            if (header is null)
                throw BadHeader(path, "the table is empty", CheckpointFault.BadStructure);
            Dictionary<string, StoredEntry> byKey = all.ToDictionary(static e => e.Key, static e => e.Stored, StringComparer.Ordinal);
            List<CheckpointEntry> entries = new(all.Count);
            foreach ((string key, StoredEntry stored) in all)
            {
                if (sliceKeys.Count == 0 || !sliceKeys.Contains(key))
                    entries.Add(Describe(key, stored, byKey, path));
            }

            return new Index(path, header, byKey, entries);
        }

        private static CheckpointEntry Describe(string key, in StoredEntry stored, Dictionary<string, StoredEntry> byKey, string path)
        {
            Shape shape = stored.ConcreteShape(key, path);
            TensorSlice[] slices = !stored.IsPartitioned ? [] : [.. stored.Slices.Select(TensorSlice.FromProto)];
            long byteCount = stored.Size;
            foreach (TensorSlice slice in slices)
            {
                if (slice.Rank != shape.Rank)
                {
                    throw new CheckpointFormatException(
                        $"Cannot read '{path}': the slice '{slice}' of tensor '{key}' has another rank than its shape {shape}.", CheckpointFault.BadSlices, path);
                }

                if (byKey.TryGetValue(TensorName.Decode(SliceKey.Encode(TensorName.Encode(key), slice)), out StoredEntry part))
                    byteCount = part.Size > long.MaxValue - byteCount ? long.MaxValue : byteCount + part.Size;
            }

            return new CheckpointEntry(key, stored.DType, shape, byteCount, slices) { Shard = stored.IsPartitioned ? null : stored.Shard };
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

        private static StoredEntry ReadEntry(string key, TableEntry row, in StoredEntry previous, BundleHeaderProto header, string path)
        {
            StoredEntry stored;
            try
            {
                stored = StoredEntry.Parse(row.Value.Span, previous);
            }
            catch (InvalidProtocolBufferException e)
            {
                throw new CheckpointFormatException(
                    $"Cannot read '{path}': Entry for key '{key}' not parseable: {e.Message}", CheckpointFault.BadMessage, path, row.BlockOffset, e);
            }

            bool ownBytes = !stored.IsPartitioned;
            if (stored.Offset < 0 || stored.Size < 0 || stored.Offset > long.MaxValue - stored.Size
                || (ownBytes && (stored.Shard < 0 || stored.Shard >= header.NumShards)))
            {
                throw new CheckpointFormatException(
                    $"Cannot read '{path}': the entry for key '{key}' points to {stored.Size} bytes at byte {stored.Offset} "
                    + $"of data file {stored.Shard} of {header.NumShards}.",
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
