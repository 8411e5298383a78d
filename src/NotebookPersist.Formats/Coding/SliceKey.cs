using System.Buffers;

namespace NotebookPersist.Formats.Coding;

/// <summary>The table key of one stored slice, in V1 files and for partitioned tensors in V2.</summary>
/// <remarks>
/// <code>key := unsigned(0) string(name) unsigned(rank) { signed(start) signed(length) } for each dimension; a whole one is 0, -1</code>
/// Such keys begin with a zero byte, so they sort before all plain names.
/// </remarks>
internal static class SliceKey
{
    // TensorFlow's shapes have at most 254 dimensions.
    private const ulong MaxRank = 254;

    /// <summary>The key of <paramref name="slice"/> of the tensor whose name has these bytes.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> name, TensorSlice slice)
    {
        ArrayBufferWriter<byte> writer = new(name.Length + 16);
        OrderedCode.WriteUnsigned(writer, 0);
        OrderedCode.WriteString(writer, name);
        OrderedCode.WriteUnsigned(writer, (ulong)slice.Rank);
        foreach (SliceExtent extent in slice.Extents)
        {
            OrderedCode.WriteSigned(writer, extent.Start);
            OrderedCode.WriteSigned(writer, extent.Length ?? -1);
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>The name and slice that a key spells.</summary>
    /// <exception cref="CheckpointFormatException">The key is no slice key.</exception>
    public static (byte[] Name, TensorSlice Slice) Decode(ReadOnlySpan<byte> key, string path)
    {
        BoundedReader reader = new(key, path, 0, "slice key");
        if (OrderedCode.ReadUnsigned(ref reader) != 0)
        {
            throw reader.Fail(CheckpointFault.BadStructure, "a slice key starts with 0");
        }

        byte[] name = OrderedCode.ReadString(ref reader);
        ulong rank = OrderedCode.ReadUnsigned(ref reader);
        if (rank > MaxRank)
        {
            throw reader.Fail(CheckpointFault.LimitExceeded, $"a slice of {rank} dimensions is given where {MaxRank} are the most");
        }

        SliceExtent[] extents = new SliceExtent[(int)rank];
        for (int i = 0; i < extents.Length; i++)
        {
            long start = OrderedCode.ReadSigned(ref reader);
            long length = OrderedCode.ReadSigned(ref reader);
            if (start < 0 || length < -1 || (length == -1 && start != 0))
            {
                throw reader.Fail(CheckpointFault.BadSlices, $"the extent {start},{length} is out of range");
            }

            extents[i] = length == -1 ? SliceExtent.Whole : new SliceExtent(start, length);
        }

        return reader.Remaining == 0 ? (name, new TensorSlice(extents)) : throw reader.Fail(CheckpointFault.BadStructure, "bytes follow the last extent");
    }
}
