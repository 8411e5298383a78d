using System.Buffers.Binary;
using System.Numerics;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A number below a limit for each string, the same for the same string within one version of TensorFlow.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="stringTensor">Strings.</param>
    /// <param name="numBuckets">The limit; at least 1.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "StringToHashBucket", a 64-bit MurmurHash.</remarks>
    public static Output StringToHashBucket(this Graph graph, Operand stringTensor, long numBuckets, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<StringToHashBucketOp>(name, new AttributeList { { "num_buckets", numBuckets } }, stringTensor);
    }

    /// <summary>A number below a limit for each string, by a hash with a secret key.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Strings.</param>
    /// <param name="numBuckets">The limit; at least 1.</param>
    /// <param name="key">Two numbers.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "StringToHashBucketStrong", SipHash-2-4.</remarks>
    public static Output StringToHashBucketStrong(this Graph graph, Operand input, long numBuckets, IReadOnlyList<long> key, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<StringToHashBucketStrongOp>(name, new AttributeList { { "num_buckets", numBuckets }, { "key", key } }, input);
    }
}

internal sealed class StringToHashBucketOp() : StringReadOp<long>("StringToHashBucket(string_tensor: string) -> (output: int64) where num_buckets: int >= 1")
{
    protected override Func<byte[], long> Map(KernelContext c)
    {
        ulong buckets = (ulong)c.Attributes.Int("num_buckets");
        return text => (long)(StringHashes.Murmur(text, 0xDECAFCAFFE) % buckets);
    }
}

internal sealed class StringToHashBucketStrongOp() : StringReadOp<long>("StringToHashBucketStrong(input: string) -> (output: int64) where num_buckets: int >= 1, key: list(int)")
{
    protected override Func<byte[], long> Map(KernelContext c)
    {
        ulong buckets = (ulong)c.Attributes.Int("num_buckets");
        IReadOnlyList<long> key = c.Attributes.Ints("key");
        if (key.Count != 2)
            throw c.InvalidArgument($"Key must have 2 elements, not {key.Count}");
        return text => (long)(StringHashes.Sip(text, (ulong)key[0], (ulong)key[1]) % buckets);
    }
}

/// <summary>Hashes of bytes that never change.</summary>
internal static class StringHashes
{
    /// <summary>MurmurHash64A, TensorFlow's Hash64.</summary>
    public static ulong Murmur(ReadOnlySpan<byte> text, ulong seed)
    {
        unchecked
        {
            const ulong Factor = 0xc6a4a7935bd1e995;
            ulong hash = seed ^ ((ulong)text.Length * Factor);
            while (text.Length >= sizeof(ulong))
            {
                ulong part = BinaryPrimitives.ReadUInt64LittleEndian(text) * Factor;
                part ^= part >> 47;
                hash = (hash ^ (part * Factor)) * Factor;
                text = text[sizeof(ulong)..];
            }

            if (text.Length > 0)
            {
                ulong rest = 0;
                for (int i = text.Length - 1; i >= 0; i--)
                    rest = (rest << 8) | text[i];
                hash = (hash ^ rest) * Factor;
            }

            hash = (hash ^ (hash >> 47)) * Factor;
            return hash ^ (hash >> 47);
        }
    }

    /// <summary>SipHash-2-4. Source: Aumasson and Bernstein, 2012.</summary>
    public static ulong Sip(ReadOnlySpan<byte> text, ulong key0, ulong key1)
    {
        unchecked
        {
            ulong v0 = key0 ^ 0x736f6d6570736575;
            ulong v1 = key1 ^ 0x646f72616e646f6d;
            ulong v2 = key0 ^ 0x6c7967656e657261;
            ulong v3 = key1 ^ 0x7465646279746573;
            ulong last = (ulong)text.Length << 56;
            while (text.Length >= sizeof(ulong))
            {
                Mix(BinaryPrimitives.ReadUInt64LittleEndian(text));
                text = text[sizeof(ulong)..];
            }

            for (int i = 0; i < text.Length; i++)
                last |= (ulong)text[i] << (8 * i);
            Mix(last);
            v2 ^= 0xff;
            for (int i = 0; i < 4; i++)
                Round();
            return v0 ^ v1 ^ v2 ^ v3;

            void Mix(ulong part)
            {
                v3 ^= part;
                Round();
                Round();
                v0 ^= part;
            }

            void Round()
            {
                v0 += v1;
                v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
                v0 = BitOperations.RotateLeft(v0, 32);
                v2 += v3;
                v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
                v2 = BitOperations.RotateLeft(v2, 32);
            }
        }
    }
}
