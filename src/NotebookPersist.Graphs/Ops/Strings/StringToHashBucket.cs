using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A number below a limit for each string, the same for the same string.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Strings.</param>
    /// <param name="numBuckets">The limit; at least 1.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "StringToHashBucketFast", the 64-bit FarmHash fingerprint.</remarks>
    public static Output StringToHashBucketFast(this Graph graph, Operand input, long numBuckets, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<StringToHashBucketFastOp>(name, new AttributeList { { "num_buckets", numBuckets } }, input);
    }
}

internal sealed class StringToHashBucketFastOp() : StringReadOp<long>("StringToHashBucketFast(input: string) -> (output: int64) where num_buckets: int >= 1")
{
    protected override Func<byte[], long> Map(KernelContext c)
    {
        ulong buckets = (ulong)c.Attributes.Int("num_buckets");
        return text => (long)(FarmHash.Fingerprint64(text) % buckets);
    }
}
