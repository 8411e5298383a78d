using Google.Protobuf;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Tables;
using NotebookPersist.Protos;

// PREFIX.data-0000K-of-0000N := bytes of each tensor in the order in which they were added, without gaps
// PREFIX.index               := table (grammar in TableWriter.cs) of
//     ""            -> BundleHeaderProto { num_shards: N  version { producer: 1 } }     always the first key
//     name          -> BundleEntryProto { dtype  shape  shard_id  offset  size  crc32c }
//     name          -> BundleEntryProto { dtype  full shape  slices }                  for a partitioned tensor
//     slice key     -> BundleEntryProto of one slice (key grammar in SliceKey.cs)
//
// Bytes of a tensor are its elements row-major, low byte first, bool one byte, complex real then imaginary; strings have a layout
// and a checksum of their own (BundleStrings.cs). crc32c is masked.

namespace NotebookPersist.Formats.Bundles;

/// <summary>Writes a V2 checkpoint, byte for byte as TensorFlow 1.15 does.</summary>
/// <remarks>
/// Nothing appears under the checkpoint's names before <see cref="Finish"/>; then the data files do first and the index last, all
/// complete and on disk. A checkpoint that was there under the same names stays readable until the new one is.
/// Disposing without finishing leaves no trace.
/// Thread safety: tensors may be added to different data files at once; else none.
/// </remarks>
public sealed class BundleWriter : IDisposable
{
    private readonly SortedDictionary<byte[], BundleEntryProto> _entries = new(ByteOrder.Instance);
    private readonly Lock _lock = new();
    private readonly BundleShard?[] _shards;
    private readonly string?[] _linked;
    private readonly int _alignment;
    private readonly bool _durable;
    private int _placedAs;

    private BundleWriter(string prefix, int shardCount, int alignment, bool durable)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(shardCount, 1);
        Prefix = prefix;
        _shards = new BundleShard?[shardCount];
        _linked = new string?[shardCount];
        _alignment = alignment;
        _durable = durable;
        Disk.CreateFolder(Folder);
    }

    /// <summary>The checkpoint's prefix.</summary>
    public string Prefix { get; }

    /// <summary>How many data files it will have.</summary>
    public int ShardCount => _shards.Length;

    /// <summary>Called with the number of bytes of each piece that was written, from the thread that writes it.</summary>
    public Action<long>? Written { get; init; }

    private string Folder => Path.GetDirectoryName(Path.GetFullPath(Prefix))!; // A file has a folder.

    /// <summary>Starts a checkpoint of one data file; its folder is made if it does not exist.</summary>
    /// <param name="prefix">The path without <c>.index</c>.</param>
    /// <param name="byteCount">Unit: bytes; what the values will take if known, so that the disk can set space aside.</param>
    /// <exception cref="IOException">The data file cannot be created.</exception>
    public static BundleWriter Create(string prefix, long byteCount = 0) => Create(prefix, byteCount, alignment: 1);

    /// <summary>Starts a checkpoint of several data files.</summary>
    /// <param name="prefix">The path without <c>.index</c>.</param>
    /// <param name="shardCount">How many data files; each is started by <see cref="StartShard"/> or <see cref="LinkShard"/>.</param>
    /// <param name="durable">False to leave it to the system when the bytes reach the disk.</param>
    /// <param name="written">Called with the number of bytes of each piece that was written.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static BundleWriter CreateSharded(string prefix, int shardCount, bool durable = true, Action<long>? written = null) =>
        new(prefix, shardCount, alignment: 1, durable) { Written = written };

    /// <summary>Starts one of several data files.</summary>
    /// <param name="shard">Its number.</param>
    /// <param name="byteCount">Unit: bytes; what it will hold if known, else 0.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public void StartShard(int shard, long byteCount)
    {
        if (_shards[shard] is not null || _linked[shard] is not null)
            throw new InvalidOperationException($"Data file {shard} of '{Prefix}' was started before.");
        _shards[shard] = new BundleShard(CheckpointPath.DataPath(Prefix, shard, ShardCount), shard, byteCount, _alignment, _durable) { Written = Written };
    }

    /// <summary>Takes a data file of another checkpoint as one of this one, by one more name where that can be, else by a copy.</summary>
    /// <param name="shard">Its number here.</param>
    /// <param name="dataFile">The file; never changed.</param>
    /// <exception cref="IOException">The file can be neither linked nor copied.</exception>
    public void LinkShard(int shard, string dataFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataFile);
        if (_shards[shard] is not null || _linked[shard] is not null)
            throw new InvalidOperationException($"Data file {shard} of '{Prefix}' was started before.");
        string path = AtomicFile.TemporaryName(CheckpointPath.DataPath(Prefix, shard, ShardCount));
        if (!Disk.TryLink(dataFile, path))
            CopyFile(dataFile, path);
        _linked[shard] = path;
    }

    /// <summary>Adds a whole tensor. TensorFlow adds them in the order of their names.</summary>
    /// <exception cref="ArgumentException">The name was added before, is empty, or the type has no stored form.</exception>
    /// <exception cref="IOException">The data file cannot be written.</exception>
    public void Add(string name, Tensor tensor, CancellationToken cancellation = default) => Add(0, name, tensor, cancellation);

    /// <summary>Adds a whole tensor to one of several data files.</summary>
    /// <inheritdoc cref="Add(string, Tensor, CancellationToken)"/>
    public void Add(int shard, string name, Tensor tensor, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        AddStored(shard, KeyOf(name), name, tensor, cancellation);
    }

    /// <summary>Adds one part of a partitioned tensor.</summary>
    /// <param name="name">The name of the whole tensor.</param>
    /// <param name="fullShape">The shape of the whole tensor, the same for all parts.</param>
    /// <param name="slice">Which part; one that is all of the tensor is stored as a whole tensor.</param>
    /// <param name="tensor">The part's values.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="ArgumentException">Shapes or types disagree, or the part was added before.</exception>
    /// <exception cref="IOException">The data file cannot be written.</exception>
    public void Add(string name, Shape fullShape, TensorSlice slice, Tensor tensor, CancellationToken cancellation = default) =>
        Add(0, name, fullShape, slice, tensor, cancellation);

    /// <summary>Adds one part of a partitioned tensor to one of several data files.</summary>
    /// <inheritdoc cref="Add(string, Shape, TensorSlice, Tensor, CancellationToken)"/>
    public void Add(int shard, string name, Shape fullShape, TensorSlice slice, Tensor tensor, CancellationToken cancellation = default)
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
            Add(shard, name, tensor, cancellation);
            return;
        }

        byte[] key = KeyOf(name);
        AddSlice(key, name, tensor.DType, fullShape, slice, shardOfWhole: 0);
        AddStored(shard, SliceKey.Encode(key, slice), $"{name}' slice '{slice}", tensor, cancellation);
    }

    /// <summary>Adds a tensor, or a part of one, whose bytes a linked data file holds.</summary>
    /// <param name="shard">Number of the data file here.</param>
    /// <param name="name">The name of the whole tensor.</param>
    /// <param name="part">Shape of the whole tensor and which part it is; null for a whole tensor.</param>
    /// <param name="stored">Range and checksum, as the other checkpoint tells them.</param>
    /// <exception cref="ArgumentException">The name was added before, or is empty.</exception>
    public void AddLinked(int shard, string name, (Shape FullShape, TensorSlice Slice)? part, BundleEntryProto stored)
    {
        byte[] key = KeyOf(name);
        if (part is var (fullShape, slice) && !slice.IsFull)
        {
            AddSlice(key, name, (DType)stored.Dtype, fullShape, slice, shardOfWhole: shard);
            key = SliceKey.Encode(key, slice);
        }

        Reserve(key, name);
        BundleEntryProto entry = stored.Clone();
        entry.ShardId = shard;
        lock (_lock)
            _entries[key] = entry;
    }

    /// <summary>Writes the index and makes all files appear.</summary>
    /// <exception cref="IOException">A file cannot be written. The new checkpoint, or the one that was there before, is complete.</exception>
    public void Finish()
    {
        for (int i = 0; i < ShardCount; i++)
        {
            if (_shards[i] is null && _linked[i] is null)
                StartShard(i, 0);
        }

        foreach (BundleShard? shard in _shards)
            shard?.Flush();
        HashSet<string> taken = TakenNames();
        if (Enumerable.Range(0, ShardCount).Any(i => taken.Contains(CheckpointPath.DataPath(Prefix, i, ShardCount))))
        {
            Replace(taken);
        }
        else
        {
            using AtomicFile index = PrepareIndex(ShardCount);
            Appear(ShardCount, index);
        }

        Sweep();
    }

    /// <summary>Removes the temporary files of a checkpoint that was not finished.</summary>
    public void Dispose()
    {
        foreach (BundleShard? shard in _shards)
            shard?.Dispose();
        for (int i = 0; i < _linked.Length; i++)
        {
            if (_linked[i] is { } path)
                Disk.Delete(path);
            _linked[i] = null;
        }
    }

    internal static BundleWriter Create(string prefix, long byteCount, int alignment)
    {
        BundleWriter writer = new(prefix, shardCount: 1, alignment, durable: true);
        writer.StartShard(0, byteCount);
        return writer;
    }

    private static byte[] KeyOf(string name)
    {
        // The empty key is the header's.
        ArgumentException.ThrowIfNullOrEmpty(name);
        return TensorName.Encode(name);
    }

    // The entry of a partitioned tensor has no bytes; TensorFlow tells a data file all the same where it merges.
    private void AddSlice(byte[] key, string name, DType dtype, Shape fullShape, TensorSlice slice, int shardOfWhole)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out BundleEntryProto? whole))
            {
                _entries[key] = whole = new BundleEntryProto { Dtype = (DataType)dtype, Shape = fullShape.ToProto(), ShardId = shardOfWhole };
            }
            else if (whole.Slices.Count == 0 || whole.Dtype != (DataType)dtype || whole.Shape.ToShape() != fullShape)
            {
                throw new ArgumentException(
                    $"Parts of tensor '{name}' disagree: {dtype.Name()} {fullShape} was given after {((DType)whole.Dtype).Name()} {whole.Shape.ToShape()}.",
                    nameof(fullShape));
            }

            whole.Slices.Add(slice.ToProto());
        }
    }

    private void Reserve(byte[] key, string shown)
    {
        lock (_lock)
        {
            if (!_entries.TryAdd(key, new BundleEntryProto()))
                throw new ArgumentException($"Adding duplicate key: '{shown}'.", nameof(key));
        }
    }

    private void AddStored(int shard, byte[] key, string shown, Tensor tensor, CancellationToken cancellation)
    {
        if (!tensor.DType.HasFixedSize() && tensor.DType != DType.String)
            throw new ArgumentException($"Tensor '{shown}' of type '{tensor.DType.Name()}' has no stored form.", nameof(tensor));
        BundleShard file = _shards[shard] ?? throw new InvalidOperationException($"Data file {shard} of '{Prefix}' was not started.");
        Reserve(key, shown);
        BundleEntryProto entry = file.Write(tensor, cancellation);
        lock (_lock)
            _entries[key] = entry;
    }

    private void CopyFile(string from, string to)
    {
        using AtomicFile copy = AtomicFile.Create(to, new FileInfo(from).Length, _durable);
        using (FileStream source = File.OpenRead(from))
            source.CopyTo(copy.Stream);
        copy.Rename(to);
    }

    // The names of data files that the index in place may tell of.
    private HashSet<string> TakenNames() => File.Exists(Prefix + ".index") ? [.. CheckpointPath.DataFiles(Prefix)] : [];

    private void Place(int shardCount)
    {
        for (int i = 0; i < ShardCount; i++)
        {
            string path = CheckpointPath.DataPath(Prefix, i, shardCount);
            if (_shards[i] is { } shard)
                shard.Rename(path);
            else
                Disk.Rename(_linked[i]!, path); // Finish started all others.
            _linked[i] = null;
        }

        if (_durable)
            Disk.FlushFolder(Folder);
    }

    // Data files and index cannot be renamed at once. So the data first takes names that no index tells of, as if there were more
    // data files; the index that tells of these is what makes the new checkpoint appear. Then the usual names are set up in the
    // same way. Whenever this stops, the index in place tells of complete files.
    private void Replace(HashSet<string> taken)
    {
        int detour = ShardCount + 1;
        while (Enumerable.Range(0, detour).Any(i => taken.Contains(CheckpointPath.DataPath(Prefix, i, detour))))
            detour++;
        using AtomicFile index = PrepareIndex(detour);
        using AtomicFile usual = PrepareIndex(ShardCount);
        Appear(detour, index);
        try
        {
            for (int i = 0; i < ShardCount; i++)
            {
                string path = CheckpointPath.DataPath(Prefix, i, ShardCount);
                string link = AtomicFile.TemporaryName(path);

                // Without links the unusual names stay: any reader takes them.
                if (!Disk.TryLink(CheckpointPath.DataPath(Prefix, i, detour), link))
                    return;
                Disk.Rename(link, path);
            }

            if (_durable)
                Disk.FlushFolder(Folder);
            usual.Commit();
            _placedAs = ShardCount;
        }
        catch (IOException)
        {
            // As without links: the new checkpoint is complete.
        }
    }

    // Data files without an index are none: where the index cannot follow, they go.
    private void Appear(int shardCount, AtomicFile index)
    {
        try
        {
            Place(shardCount);
            index.Commit();
            _placedAs = shardCount;
        }
        catch (IOException)
        {
            for (int i = 0; i < ShardCount; i++)
                Disk.Delete(CheckpointPath.DataPath(Prefix, i, shardCount));
            throw;
        }
    }

    // On disk under a temporary name, so that a full disk is known before anything has changed.
    private AtomicFile PrepareIndex(int shardCount)
    {
        AtomicFile index = AtomicFile.Create(Prefix + ".index", durable: _durable);
        try
        {
            TableWriter table = new(index.Stream);
            BundleHeaderProto header = new() { NumShards = shardCount, Version = new VersionDef { Producer = BundleVersions.Current } };
            table.Add([], header.ToByteArray());
            foreach ((byte[] key, BundleEntryProto entry) in _entries)
                table.Add(key, entry.ToByteArray());
            table.Finish();
            index.Flush();
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    // What an earlier checkpoint of this name, or a process that died while writing one, left behind.
    private void Sweep()
    {
        HashSet<string> own = [.. Enumerable.Range(0, ShardCount).Select(i => CheckpointPath.DataPath(Prefix, i, _placedAs))];
        foreach (string data in CheckpointPath.DataFiles(Prefix).Where(d => !own.Contains(d)))
            Disk.Delete(data);
        foreach (string orphan in CheckpointPath.TemporaryFiles(Prefix).Where(static t => !AtomicFile.IsInUse(t)))
            Disk.Delete(orphan);
    }
}
