namespace NotebookPersist;

/// <summary>A stored tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Full shape.</param>
/// <param name="ByteCount">Unit: bytes in the file; 0 where the format does not tell.</param>
/// <param name="Shard">Which data file holds it; null where the format does not tell, or several do.</param>
/// <param name="Fault">What is wrong with its bytes; null where nothing is, or nobody looked.</param>
/// <param name="IsVerified">True where its checksum was compared.</param>
public sealed record InspectedTensor(string Name, DType DType, Shape Shape, long ByteCount, int? Shard, string? Fault, bool IsVerified)
{
    /// <summary>The name that graphs and people have for it, where that is another one; null for checkpoints of TensorFlow 1.</summary>
    public string? FriendlyName { get; init; }
}
