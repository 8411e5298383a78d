using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;
using Snappier;

namespace NotebookPersist.Formats.Tables;

/// <summary>Reads sorted string tables: the index of a V2 checkpoint and the files of a V1 checkpoint.</summary>
/// <remarks>
/// The grammar is in <c>TableWriter.cs</c>. Opening reads the footer and the index; blocks are read when asked for and every
/// checksum is verified. Thread safety: reads may run concurrently.
/// </remarks>
internal sealed class TableReader : IDisposable
{
    // A snappy copy of 3 bytes yields at most 64: no valid block grows further than this.
    private const int MaxSnappyGrowth = 64 / 3 + 1;

    // Keys are tensor names and slice keys.
    private const int MaxKeyByteCount = 1 << 20;

    // A block of many small entries is asked for once for each; one of a large tensor only once.
    private const int MaxKeptBlockByteCount = 1 << 20;

    private readonly SafeFileHandle _file;
    private readonly long _fileByteCount;
    private readonly List<(byte[] Key, long Offset, int Size)> _index = [];

    private KeptBlock? _lastBlock;
    private (long Offset, int Size) _metaIndex;

    private TableReader(string path, SafeFileHandle file)
    {
        Path = path;
        _file = file;
        _fileByteCount = RandomAccess.GetLength(file);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How many data blocks it has.</summary>
    public int BlockCount => _index.Count;

    /// <summary>Whether a block that was read so far is compressed.</summary>
    public bool HasCompressedBlocks { get; private set; }

    /// <summary>Opens a table.</summary>
    /// <exception cref="CheckpointFormatException">The footer or the index is damaged.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static TableReader Open(string path)
    {
        SafeFileHandle file = RegularFile.OpenHandle(path, FileOptions.RandomAccess);
        TableReader reader = new(path, file);
        try
        {
            reader.ReadIndex();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>All entries in order, block by block; each block is verified before its first entry is given.</summary>
    /// <exception cref="CheckpointFormatException">A block is damaged or keys do not ascend.</exception>
    public IEnumerable<TableEntry> Entries()
    {
        ReadOnlyMemory<byte> last = default;
        bool any = false;
        for (int i = 0; i < _index.Count; i++)
        {
            foreach (TableEntry entry in ReadDataBlock(i))
            {
                if (any && entry.Key.Span.SequenceCompareTo(last.Span) <= 0)
                {
                    throw new CheckpointFormatException(
                        $"Cannot read '{Path}': its keys do not ascend in the block at byte {entry.BlockOffset}.", CheckpointFault.BadStructure, Path, entry.BlockOffset);
                }

                last = entry.Key;
                any = true;
                yield return entry;
            }
        }
    }

    /// <summary>Finds one key by the index; only its block is read.</summary>
    /// <exception cref="CheckpointFormatException">The block is damaged.</exception>
    public bool TryGet(ReadOnlySpan<byte> key, out TableEntry found)
    {
        int low = 0, high = _index.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_index[middle].Key.AsSpan().SequenceCompareTo(key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low < _index.Count)
        {
            foreach (TableEntry entry in KeepBlock(low))
            {
                if (entry.Key.Span.SequenceEqual(key))
                {
                    found = entry;
                    return true;
                }
            }
        }

        found = default;
        return false;
    }

    /// <summary>What is wrong with each damaged block of entries; reading goes on after one.</summary>
    public IEnumerable<CheckpointFormatException> Faults(CancellationToken cancellation)
    {
        for (int i = 0; i < _index.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int block = i;
            if (FaultOf(() => ReadDataBlock(block).Count()) is { } fault)
                yield return fault;
        }
    }

    /// <summary>What is wrong with the block that a reader of this format never needs; null where it is whole.</summary>
    public CheckpointFormatException? UnusedBlockFault() => FaultOf(() => ReadBlock(_metaIndex.Offset, _metaIndex.Size).Length);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static CheckpointFormatException? FaultOf(Func<int> read)
    {
        try
        {
            _ = read();
            return null;
        }
        catch (CheckpointFormatException fault)
        {
            return fault;
        }
    }

    private void ReadIndex()
    {
        if (_fileByteCount < TableLayout.FooterByteCount)
        {
            throw new CheckpointFormatException(
                $"Cannot read '{Path}': file is too short to be an sstable ({_fileByteCount} bytes where the footer alone has {TableLayout.FooterByteCount}).",
                CheckpointFault.Truncated,
                Path,
                0);
        }

        long footerOffset = _fileByteCount - TableLayout.FooterByteCount;
        byte[] footer = ReadBytes(footerOffset, TableLayout.FooterByteCount);
        ulong magic = BinaryPrimitives.ReadUInt64LittleEndian(footer.AsSpan(TableLayout.FooterByteCount - sizeof(ulong)));
        if (magic != TableLayout.Magic)
        {
            throw new CheckpointFormatException(
                $"Cannot read '{Path}': not an sstable (bad magic number): found 0x{magic:X16} at byte {_fileByteCount - sizeof(ulong)}, "
                + $"expected 0x{TableLayout.Magic:X16}. The file is damaged, cut short or in a different format.",
                CheckpointFault.NotThisFormat,
                Path,
                _fileByteCount - sizeof(ulong));
        }

        BoundedReader reader = new(footer.AsSpan(0, TableLayout.FooterByteCount - sizeof(ulong)), Path, footerOffset, "table footer");
        _metaIndex = ReadHandle(ref reader, footerOffset);
        (long offset, int size) = ReadHandle(ref reader, footerOffset);
        ReadOnlyMemory<byte> index = ReadBlock(offset, size);
        foreach (TableEntry entry in ParseBlock(index, offset))
        {
            BoundedReader handle = new(entry.Value.Span, Path, offset, "block handle");
            (long blockOffset, int blockSize) = ReadHandle(ref handle, footerOffset);
            byte[] key = entry.Key.ToArray();
            if (_index.Count > 0 && key.AsSpan().SequenceCompareTo(_index[^1].Key) <= 0)
            {
                throw new CheckpointFormatException(
                    $"Cannot read '{Path}': the keys of its index do not ascend.", CheckpointFault.BadStructure, Path, offset);
            }

            _index.Add((key, blockOffset, blockSize));
        }
    }

    private (long Offset, int Size) ReadHandle(ref BoundedReader reader, long limit)
    {
        long offset = reader.ReadLength64();
        long size = reader.ReadLength64();
        if (size > limit - TableLayout.TrailerByteCount || offset > limit - TableLayout.TrailerByteCount - size)
        {
            throw reader.Fail(CheckpointFault.BadStructure, $"bad block handle: {size} bytes at byte {offset} reach beyond byte {limit}");
        }

        return size <= Array.MaxLength - TableLayout.TrailerByteCount
            ? (offset, (int)size)
            : throw reader.Fail(CheckpointFault.LimitExceeded, $"a block of {size} bytes is larger than 2 GiB");
    }

    private TableEntry[] KeepBlock(int i)
    {
        // Replaced as a whole, so that concurrent readers at worst parse a block twice.
        if (_lastBlock is KeptBlock kept && kept.Index == i)
            return kept.Entries;
        TableEntry[] entries = [.. ReadDataBlock(i)];
        if (_index[i].Size <= MaxKeptBlockByteCount)
            _lastBlock = new KeptBlock(i, entries);
        return entries;
    }

    private IEnumerable<TableEntry> ReadDataBlock(int i)
    {
        (byte[] _, long offset, int size) = _index[i];
        return ParseBlock(ReadBlock(offset, size), offset);
    }

    private ReadOnlyMemory<byte> ReadBlock(long offset, int size)
    {
        byte[] block = ReadBytes(offset, size + TableLayout.TrailerByteCount);
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(size + 1));
        uint computed = Crc32C.Mask(Crc32C.Compute(block.AsSpan(0, size + 1)));
        if (stored != computed)
        {
            throw new CheckpointFormatException(
                $"Cannot read '{Path}': block checksum mismatch at byte {offset}: stored 0x{stored:X8}, computed 0x{computed:X8}.",
                CheckpointFault.ChecksumMismatch,
                Path,
                offset);
        }

        switch (block[size])
        {
            case TableLayout.Uncompressed:
                return block.AsMemory(0, size);
            case TableLayout.Snappy:
                HasCompressedBlocks = true;
                return Decompress(block.AsSpan(0, size), offset);
            default:
                throw new CheckpointFormatException(
                    $"Cannot read '{Path}': bad block type {block[size]} at byte {offset + size}.", CheckpointFault.BadStructure, Path, offset + size);
        }
    }

    private byte[] Decompress(ReadOnlySpan<byte> compressed, long offset)
    {
        try
        {
            BoundedReader reader = new(compressed, Path, offset, "compressed block");
            ulong length = reader.ReadVarint64();
            if (length <= (ulong)compressed.Length * MaxSnappyGrowth && length <= int.MaxValue)
            {
                byte[] contents = new byte[(int)length];
                if (Snappy.Decompress(compressed, contents) == contents.Length)
                {
                    return contents;
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            throw CorruptedCompression(offset, e);
        }

        throw CorruptedCompression(offset, null);
    }

    private CheckpointFormatException CorruptedCompression(long offset, Exception? inner)
        => new($"Cannot read '{Path}': corrupted compressed block contents at byte {offset}.", CheckpointFault.BadCompression, Path, offset, inner);

    private IEnumerable<TableEntry> ParseBlock(ReadOnlyMemory<byte> contents, long offset)
    {
        int end = EntriesEnd(contents.Span, offset);
        byte[] previous = [];
        for (int position = 0; position < end;)
        {
            (TableEntry entry, previous, position) = ParseEntry(contents[..end], position, previous, offset);
            yield return entry;
        }
    }

    private int EntriesEnd(ReadOnlySpan<byte> contents, long offset)
    {
        if (contents.Length < sizeof(uint))
        {
            throw BadBlock(offset, "it has no restart count");
        }

        uint restarts = BinaryPrimitives.ReadUInt32LittleEndian(contents[^sizeof(uint)..]);
        long end = contents.Length - sizeof(uint) - ((long)restarts * sizeof(uint));
        return end >= 0 ? (int)end : throw BadBlock(offset, $"its restart count {restarts} does not fit");
    }

    private (TableEntry Entry, byte[] Key, int Next) ParseEntry(ReadOnlyMemory<byte> entries, int position, byte[] previous, long offset)
    {
        BoundedReader reader = new(entries.Span[position..], Path, offset + position, "table block");
        int shared = reader.ReadVarint32(previous.Length);
        int unshared = reader.ReadVarint32(MaxKeyByteCount);
        int valueLength = reader.ReadVarint32(entries.Length);
        if (unshared > reader.Remaining || valueLength > reader.Remaining - unshared)
        {
            throw reader.Fail(CheckpointFault.BadStructure, "an entry reaches beyond its block");
        }

        // A block whose keys only grow would otherwise cost the square of its size.
        if (shared + unshared > MaxKeyByteCount)
        {
            throw reader.Fail(CheckpointFault.LimitExceeded, $"a key is longer than {MaxKeyByteCount} bytes");
        }

        byte[] key = new byte[shared + unshared];
        previous.AsSpan(0, shared).CopyTo(key);
        reader.ReadBytes(unshared).CopyTo(key.AsSpan(shared));
        ReadOnlyMemory<byte> value = entries.Slice(position + reader.Position, valueLength);
        return (new TableEntry(key, value, offset), key, position + reader.Position + valueLength);
    }

    private CheckpointFormatException BadBlock(long offset, string problem)
        => new($"Cannot read the table block of '{Path}' at byte {offset}: {problem}.", CheckpointFault.BadStructure, Path, offset);

    private byte[] ReadBytes(long offset, int count)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(count);
        int read = 0;
        while (read < count)
        {
            int n = RandomAccess.Read(_file, bytes.AsSpan(read), offset + read);
            if (n == 0)
            {
                throw new CheckpointFormatException(
                    $"Cannot read '{Path}': truncated block read at byte {offset + read}; the file became shorter.", CheckpointFault.Truncated, Path, offset + read);
            }

            read += n;
        }

        return bytes;
    }

    private sealed record KeptBlock(int Index, TableEntry[] Entries);
}
