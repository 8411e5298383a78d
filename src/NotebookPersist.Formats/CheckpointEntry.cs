namespace NotebookPersist.Formats;

/// <summary>One tensor that a checkpoint holds.</summary>
/// <param name="Name">
/// Its name. TensorFlow accepts any bytes in V2; those that are not UTF-8 appear as lone surrogates U+DC80 to U+DCFF and are found
/// again under that name.
/// </param>
/// <param name="DType">Element type; a number beyond the known ones if a later release wrote it.</param>
/// <param name="Shape">The full shape, fully known.</param>
/// <param name="ByteCount">Unit: bytes that its values take in the file, all slices together; 0 where V1 does not tell.</param>
/// <param name="Slices">The stored parts of a partitioned tensor in the order of the file; empty for a tensor stored whole.</param>
public sealed record CheckpointEntry(string Name, DType DType, Shape Shape, long ByteCount, IReadOnlyList<TensorSlice> Slices)
{
    /// <summary>Number of the data file that holds it; null for a partitioned tensor and in V1, where files do not tell.</summary>
    public int? Shard { get; init; }

    /// <summary>Whether the tensor is stored in parts.</summary>
    public bool IsPartitioned => Slices.Count > 0;
}
