using System.Buffers.Binary;
using Snappier;

namespace NotebookPersist.Fuzzing.Mutation;

/// <summary>The rows of a sorted string table, taken apart and put together again with right checksums.</summary>
internal sealed class TableImage
{
    private const int FooterByteCount = 48;
    private const int TrailerByteCount = 5;
    private const ulong Magic = 0xDB4775248B80FB57;

    public List<(byte[] Key, byte[] Value)> Rows { get; } = [];

    /// <summary>Entries from one restart to the next.</summary>
    public int RestartInterval { get; set; } = 16;

    /// <summary>Rows in a block.</summary>
    public int RowsPerBlock { get; set; } = int.MaxValue;

    public bool IsCompressed { get; set; }

    /// <summary>Last touch on a block's contents before it is sealed.</summary>
    public Func<byte[], byte[]> Block { get; set; } = static b => b;

    /// <summary>Takes a table apart; null where it is none.</summary>
    public static TableImage? Parse(byte[] file)
    {
        if (file.Length < FooterByteCount || BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(file.Length - 8)) != Magic)
            return null;
        int at = file.Length - FooterByteCount;
        if (!WireField.TryVarint(file, ref at, out _) || !WireField.TryVarint(file, ref at, out _)
            || !TryHandle(file, ref at, out byte[]? index) || Entries(index) is not { } handles)
        {
            return null;
        }

        var image = new TableImage();
        foreach ((_, byte[] handle) in handles)
        {
            int position = 0;
            if (!TryVarints(handle, ref position, out ulong offset, out ulong size) || Contents(file, offset, size) is not { } block || Entries(block) is not { } rows)
                return null;
            image.Rows.AddRange(rows);
        }

        return image;
    }

    /// <summary>The table of the rows in the order they have here.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        var handles = new List<(byte[] Key, byte[] Value)>();
        for (int at = 0; at < Rows.Count; at += Math.Max(1, Math.Min(RowsPerBlock, Rows.Count)))
        {
            List<(byte[] Key, byte[] Value)> rows = Rows.GetRange(at, Math.Min(Math.Max(1, RowsPerBlock), Rows.Count - at));
            handles.Add((rows[^1].Key, WriteBlock(stream, Format(rows, RestartInterval), IsCompressed)));
        }

        byte[] meta = WriteBlock(stream, Format([], 1), compressed: false);
        byte[] index = WriteBlock(stream, Format(handles, 1), compressed: false);
        byte[] footer = new byte[FooterByteCount];
        meta.CopyTo(footer, 0);
        index.CopyTo(footer, meta.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(footer.AsSpan(FooterByteCount - 8), Magic);
        stream.Write(footer);
        return stream.ToArray();
    }

    /// <summary>Puts the right checksum on the block at the beginning, whatever it holds; false where its end cannot be told.</summary>
    public static bool SealFirstBlock(byte[] file)
    {
        int at = Math.Max(0, file.Length - FooterByteCount);
        if (file.Length < FooterByteCount || !WireField.TryVarint(file, ref at, out ulong end) || end < TrailerByteCount || end > (ulong)file.Length)
            return false;
        Seal(file, 0, (int)end - TrailerByteCount);
        return true;
    }

    private static void Seal(byte[] file, int offset, int size) =>
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset + size + 1), Crc32C.Mask(Crc32C.Extend(0, file.AsSpan(offset, size + 1))));

    private byte[] WriteBlock(MemoryStream stream, byte[] contents, bool compressed)
    {
        contents = Block(contents);
        byte[] stored = compressed ? Snappy.CompressToArray(contents) : contents;
        byte[] block = [.. stored, (byte)(compressed ? 1 : 0), 0, 0, 0, 0];
        Seal(block, 0, stored.Length);
        using var handle = new MemoryStream();
        WireField.WriteVarint(handle, (ulong)stream.Position);
        WireField.WriteVarint(handle, (ulong)stored.Length);
        stream.Write(block);
        return handle.ToArray();
    }

    private static byte[] Format(List<(byte[] Key, byte[] Value)> rows, int restartInterval)
    {
        using var stream = new MemoryStream();
        var restarts = new List<uint>();
        byte[] last = [];
        for (int i = 0; i < rows.Count; i++)
        {
            (byte[] key, byte[] value) = rows[i];
            bool restart = i % Math.Max(1, restartInterval) == 0;
            if (restart)
                restarts.Add((uint)stream.Position);
            int shared = restart ? 0 : key.AsSpan().CommonPrefixLength(last);
            WireField.WriteVarint(stream, (ulong)shared);
            WireField.WriteVarint(stream, (ulong)(key.Length - shared));
            WireField.WriteVarint(stream, (ulong)value.Length);
            stream.Write(key.AsSpan(shared));
            stream.Write(value);
            last = key;
        }

        if (restarts.Count == 0)
            restarts.Add(0);
        Span<byte> number = stackalloc byte[4];
        foreach (uint restart in restarts.Append((uint)restarts.Count))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(number, restart);
            stream.Write(number);
        }

        return stream.ToArray();
    }

    private static bool TryHandle(byte[] file, ref int at, out byte[] contents)
    {
        contents = [];
        if (!TryVarints(file, ref at, out ulong offset, out ulong size) || Contents(file, offset, size) is not { } found)
            return false;
        contents = found;
        return true;
    }

    private static bool TryVarints(byte[] bytes, ref int at, out ulong first, out ulong second)
    {
        second = 0;
        return WireField.TryVarint(bytes, ref at, out first) && WireField.TryVarint(bytes, ref at, out second);
    }

    private static byte[]? Contents(byte[] file, ulong offset, ulong size)
    {
        if (size > (ulong)file.Length || offset > (ulong)file.Length - size || offset + size + TrailerByteCount > (ulong)file.Length)
            return null;
        byte[] stored = file[(int)offset..(int)(offset + size)];
        try
        {
            return file[(int)(offset + size)] == 1 ? Snappy.DecompressToArray(stored) : stored;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static List<(byte[] Key, byte[] Value)>? Entries(byte[] block)
    {
        if (block.Length < 4)
            return null;
        long end = block.Length - 4 - (4L * BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(block.Length - 4)));
        var rows = new List<(byte[] Key, byte[] Value)>();
        byte[] last = [];
        for (int at = 0; at < end;)
        {
            if (!WireField.TryVarint(block, ref at, out ulong shared) || !TryVarints(block, ref at, out ulong rest, out ulong size)
                || shared > (ulong)last.Length || rest > (ulong)(block.Length - at) || size > (ulong)(block.Length - at) - rest)
            {
                return null;
            }

            last = [.. last[..(int)shared], .. block[at..(at + (int)rest)]];
            at += (int)rest;
            rows.Add((last, block[at..(at + (int)size)]));
            at += (int)size;
        }

        return rows;
    }
}
