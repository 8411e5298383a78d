using System.Buffers;
using System.Buffers.Binary;
using NotebookPersist.Formats.Coding;

// table   := data-block*  metaindex-block  index-block  footer
// block   := contents  type: byte (0 none, 1 snappy)  crc: uint32 low first, masked CRC-32C of contents and type
// contents:= entry*  restart: uint32 low first, one for each  restart-count: uint32 low first
// entry   := shared: varint32 (bytes of the key that equal the previous key's)  unshared: varint32  value-length: varint32
//            unshared bytes of key  value bytes
// handle  := offset: varint64  size: varint64 (contents only)
// footer  := metaindex handle  index handle  zeros up to 40 bytes  magic 57 FB 80 8B 24 75 47 DB
//
// A restart is the offset of an entry with shared = 0; the first is 0 even in an empty block. Data blocks restart every 16
// entries, the index block at each. The index has one entry for each data block: a key that is not below the block's last and
// below the next block's first, and the block's handle. The metaindex block is empty.

namespace NotebookPersist.Formats.Tables;

/// <summary>Writes a sorted string table, byte for byte as TensorFlow 1.15 does.</summary>
/// <remarks>Never compresses, as TensorFlow 1.15 does not where it writes checkpoints. Thread safety: none.</remarks>
internal sealed class TableWriter
{
    /// <summary>A data block ends once it would hold this many bytes.</summary>
    public const int DefaultBlockByteCount = 256 * 1024;

    /// <summary>Entries from one restart to the next in data blocks.</summary>
    public const int DefaultRestartInterval = 16;

    private readonly Stream _stream;
    private readonly int _blockByteCount;
    private readonly BlockBuilder _block;
    private readonly BlockBuilder _index = new(restartInterval: 1);
    private byte[] _lastKey = [];
    private bool _anyEntry;
    private bool _indexEntryPending;
    private (long Offset, long Size) _pendingHandle;
    private long _offset;

    /// <summary>Starts a table at the present position of <paramref name="stream"/>, which stays open.</summary>
    /// <param name="stream">Where the bytes go.</param>
    /// <param name="blockByteCount">A data block ends once it would hold this many bytes.</param>
    /// <param name="restartInterval">Entries from one restart to the next in data blocks.</param>
    public TableWriter(Stream stream, int blockByteCount = DefaultBlockByteCount, int restartInterval = DefaultRestartInterval)
    {
        _stream = stream;
        _blockByteCount = blockByteCount;
        _block = new BlockBuilder(restartInterval);
    }

    /// <summary>Adds an entry; keys must ascend strictly in the order of unsigned bytes.</summary>
    /// <exception cref="ArgumentException">The key is not above the last one.</exception>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        RequireAscending(key);

        // A value of that size would make a small block's readers fetch it along.
        if ((long)key.Length + value.Length >= 2L * _blockByteCount)
        {
            FlushBlock();
        }

        if (_indexEntryPending)
        {
            AddIndexEntry(Separator(_lastKey, key));
        }

        _block.Add(key, value);
        _lastKey = key.ToArray();
        _anyEntry = true;
        if (_block.ByteCount >= _blockByteCount)
        {
            FlushBlock();
        }
    }

    /// <summary>Adds an entry whose value is not kept in memory: one that is large enough gets a block of its own, written straight through.</summary>
    /// <param name="key">Above the last one.</param>
    /// <param name="valueByteCount">Unit: bytes; what <paramref name="writeValue"/> writes.</param>
    /// <param name="writeValue">Writes the value.</param>
    /// <exception cref="ArgumentException">The key is not above the last one.</exception>
    public void Add(ReadOnlySpan<byte> key, long valueByteCount, Action<Stream> writeValue)
    {
        if (key.Length + valueByteCount < 2L * _blockByteCount)
        {
            using MemoryStream value = new((int)valueByteCount);
            writeValue(value);
            Add(key, value.GetBuffer().AsSpan(0, (int)value.Length));
            return;
        }

        RequireAscending(key);
        FlushBlock();
        if (_indexEntryPending)
            AddIndexEntry(Separator(_lastKey, key));
        _pendingHandle = WriteBlockOfOne(key, valueByteCount, writeValue);
        _indexEntryPending = true;
        _lastKey = key.ToArray();
        _anyEntry = true;
    }

    /// <summary>Writes what is left, the index and the footer.</summary>
    public void Finish()
    {
        FlushBlock();
        (long Offset, long Size) metaindex = WriteBlock(new BlockBuilder(restartInterval: 1));
        if (_indexEntryPending)
        {
            AddIndexEntry(Successor(_lastKey));
        }

        (long Offset, long Size) index = WriteBlock(_index);
        Span<byte> footer = stackalloc byte[TableLayout.FooterByteCount];
        footer.Clear();
        int count = WriteHandle(footer, metaindex);
        WriteHandle(footer[count..], index);
        BinaryPrimitives.WriteUInt64LittleEndian(footer[^sizeof(ulong)..], TableLayout.Magic);
        _stream.Write(footer);
    }

    private static int WriteHandle(Span<byte> span, (long Offset, long Size) handle)
    {
        int count = Varint.Write(span, (ulong)handle.Offset);
        return count + Varint.Write(span[count..], (ulong)handle.Size);
    }

    // The shortest key not below the first and below the second that TensorFlow finds; shorter ones can exist.
    private static byte[] Separator(byte[] last, ReadOnlySpan<byte> next)
    {
        int common = next.CommonPrefixLength(last);
        if (common < Math.Min(last.Length, next.Length) && last[common] < 0xFF && last[common] + 1 < next[common])
        {
            byte[] separator = last[..(common + 1)];
            separator[common]++;
            return separator;
        }

        return last;
    }

    private static byte[] Successor(byte[] last)
    {
        int first = last.AsSpan().IndexOfAnyExcept((byte)0xFF);
        if (first < 0)
        {
            return last;
        }

        byte[] successor = last[..(first + 1)];
        successor[first]++;
        return successor;
    }

    private void RequireAscending(ReadOnlySpan<byte> key)
    {
        if (_anyEntry && key.SequenceCompareTo(_lastKey) <= 0)
            throw new ArgumentException("Keys must be added in strictly ascending order of their bytes.", nameof(key));
    }

    private void AddIndexEntry(byte[] key)
    {
        Span<byte> handle = stackalloc byte[2 * Varint.MaxByteCount];
        _index.Add(key, handle[..WriteHandle(handle, _pendingHandle)]);
        _indexEntryPending = false;
    }

    private void FlushBlock()
    {
        if (!_block.IsEmpty)
        {
            _pendingHandle = WriteBlock(_block);
            _indexEntryPending = true;
        }
    }

    private (long Offset, long Size) WriteBlock(BlockBuilder block)
    {
        ReadOnlySpan<byte> contents = block.Finish();
        Span<byte> trailer = stackalloc byte[TableLayout.TrailerByteCount];
        trailer[0] = TableLayout.Uncompressed;
        uint crc = Crc32C.Extend(Crc32C.Compute(contents), trailer[..1]);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[1..], Crc32C.Mask(crc));
        _stream.Write(contents);
        _stream.Write(trailer);
        (long, long) handle = (_offset, contents.Length);
        _offset += contents.Length + trailer.Length;
        block.Reset();
        return handle;
    }

    // What a block builder that is flushed after one entry would write.
    private (long Offset, long Size) WriteBlockOfOne(ReadOnlySpan<byte> key, long valueByteCount, Action<Stream> writeValue)
    {
        using ChecksumStream contents = new(_stream);
        Span<byte> lengths = stackalloc byte[3 * Varint.MaxByteCount];
        int count = Varint.Write(lengths, 0);
        count += Varint.Write(lengths[count..], (ulong)key.Length);
        count += Varint.Write(lengths[count..], (ulong)valueByteCount);
        contents.Write(lengths[..count]);
        contents.Write(key);
        writeValue(contents);
        if (contents.Position != count + key.Length + valueByteCount)
            throw new InvalidOperationException($"A value of {valueByteCount} bytes was announced, {contents.Position - count - key.Length} were written.");
        contents.Write([0, 0, 0, 0, 1, 0, 0, 0]);
        (long, long) handle = (_offset, contents.Position);
        contents.Write([TableLayout.Uncompressed]);
        Span<byte> crc = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, Crc32C.Mask(contents.Crc));
        _stream.Write(crc);
        _offset += contents.Position + crc.Length;
        return handle;
    }

    private sealed class BlockBuilder(int restartInterval)
    {
        private readonly ArrayBufferWriter<byte> _buffer = new();
        private readonly List<int> _restarts = [0];
        private byte[] _lastKey = [];
        private int _sinceRestart;

        public bool IsEmpty => _buffer.WrittenCount == 0;

        // With the restarts and their count.
        public long ByteCount => (long)_buffer.WrittenCount + (sizeof(uint) * _restarts.Count) + sizeof(uint);

        public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            int shared = 0;
            if (_sinceRestart < restartInterval)
            {
                shared = key.CommonPrefixLength(_lastKey);
            }
            else
            {
                _restarts.Add(_buffer.WrittenCount);
                _sinceRestart = 0;
            }

            Varint.Write(_buffer, (ulong)shared);
            Varint.Write(_buffer, (ulong)(key.Length - shared));
            Varint.Write(_buffer, (ulong)value.Length);
            _buffer.Write(key[shared..]);
            _buffer.Write(value);
            _lastKey = key.ToArray();
            _sinceRestart++;
        }

        public ReadOnlySpan<byte> Finish()
        {
            Span<byte> number = stackalloc byte[sizeof(uint)];
            foreach (int restart in _restarts)
            {
                BinaryPrimitives.WriteInt32LittleEndian(number, restart);
                _buffer.Write(number);
            }

            BinaryPrimitives.WriteInt32LittleEndian(number, _restarts.Count);
            _buffer.Write(number);
            return _buffer.WrittenSpan;
        }

        public void Reset()
        {
            _buffer.ResetWrittenCount();
            _restarts.Clear();
            _restarts.Add(0);
            _lastKey = [];
            _sinceRestart = 0;
        }
    }
}
