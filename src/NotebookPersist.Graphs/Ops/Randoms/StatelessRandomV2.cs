using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

/// <summary>Random numbers that follow from the key and the counter of a generator alone, as releases after 2.4 draw them.</summary>
internal abstract class KeyedRandomOp(string signature) : RandomOp(signature)
{
    protected override Philox Generator(KernelContext c, int count) => KeyedStream.Of(c, 1, 2, 3);
}

/// <summary>Streams that keys and counters choose.</summary>
internal static class KeyedStream
{
    public const int PhiloxAlgorithm = 1;
    private const int ChosenByDevice = 3;

    /// <summary>The stream that three inputs tell.</summary>
    /// <exception cref="KernelException">They are of other shapes, or of another algorithm.</exception>
    public static Philox Of(KernelContext c, int key, int counter, int algorithm)
    {
        if (c.Input(algorithm).Rank != 0)
            throw c.InvalidArgument($"alg must be of shape [], not {c.Input(algorithm).Shape}");
        int chosen = c.Input(algorithm).Item<int>();
        if (chosen is not (PhiloxAlgorithm or ChosenByDevice))
            throw new KernelException(RunErrorCode.Unimplemented, $"Random numbers of algorithm {chosen} cannot be drawn; only 1 (Philox) can.");
        if (c.Input(key).Rank != 1 || c.Input(key).Count != 1)
            throw c.InvalidArgument($"key must have shape [1], not {c.Input(key).Shape}");
        // Algorithms with a shorter counter take its first word.
        if (c.Input(counter).Rank != 1 || c.Input(counter).Count < 2)
            throw c.InvalidArgument($"counter must be a vector with length at least 2; got shape: {c.Input(counter).Shape}");
        (ulong k, ulong low, ulong high) = (c.Input<ulong>(key)[0], c.Input<ulong>(counter)[0], c.Input<ulong>(counter)[1]);
        return new Philox(new PhiloxBlock((uint)low, (uint)(low >> 32), (uint)high, (uint)(high >> 32)), (uint)k, (uint)(k >> 32));
    }

    /// <summary>Key and counter that two seeds choose: the same stream as that of operations that take the seeds.</summary>
    public static (ulong Key, ulong Counter) Scrambled(KernelContext c)
    {
        Tensor seed = c.Input(0);
        if (seed.Rank != 1 || seed.Count != 2)
            throw c.InvalidArgument($"seed must have shape [2], not {seed.Shape}");
        (ulong first, ulong second) = ((ulong)seed.ItemAt<long>(0), (ulong)seed.ItemAt<long>(1));
        PhiloxBlock mix = Philox.Mix(first, second);
        return (mix.X | ((ulong)mix.Y << 32), mix.Z | ((ulong)mix.W << 32));
    }
}

internal sealed class StatelessRandomUniformV2Op() : KeyedRandomOp(
    "StatelessRandomUniformV2(shape: Tshape, key: uint64, counter: uint64, alg: int32) -> (output: dtype) where dtype: half | bfloat16 | float | double = float, Tshape: int32 | int64 = int32")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomFill.Uniform(output, generator, c.Workers);
}

internal sealed class StatelessRandomNormalV2Op() : KeyedRandomOp(
    "StatelessRandomNormalV2(shape: Tshape, key: uint64, counter: uint64, alg: int32) -> (output: dtype) where dtype: half | bfloat16 | float | double = float, Tshape: int32 | int64 = int32")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomFill.Normal(output, generator, c.Workers);
}

internal sealed class StatelessTruncatedNormalV2Op() : KeyedRandomOp(
    "StatelessTruncatedNormalV2(shape: Tshape, key: uint64, counter: uint64, alg: int32) -> (output: dtype) where dtype: half | bfloat16 | float | double = float, Tshape: int32 | int64 = int32")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomFill.TruncatedNormal(output, generator, c.Workers);
}

internal sealed class StatelessRandomUniformIntV2Op() : KeyedRandomOp(
    "StatelessRandomUniformIntV2(shape: Tshape, key: uint64, counter: uint64, alg: int32, minval: dtype, maxval: dtype) -> (output: dtype) "
    + "where dtype: int32 | int64 | uint32 | uint64, Tshape: int32 | int64 = int32")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator)
    {
        (Tensor low, Tensor high) = (c.Input(4), c.Input(5));
        if (low.Rank != 0 || high.Rank != 0)
            throw c.InvalidArgument($"minval and maxval must be 0-D, got shapes {low.Shape} and {high.Shape}");
        if (low.Item<Int128>() >= high.Item<Int128>())
            throw c.InvalidArgument($"Need minval < maxval, got {low.Item<Int128>()} >= {high.Item<Int128>()}");
        // Numbers are the lower limit plus a remainder, the same bits whether they have a sign or not.
        bool isShort = output.DType is DType.Int32 or DType.UInt32;
        DType signed = isShort ? DType.Int32 : DType.Int64;
        long Bits(Tensor limit) => isShort ? limit.Reinterpreted(signed).Item<int>() : limit.Reinterpreted(signed).Item<long>();
        RandomFill.UniformInt(output.Reinterpreted(signed), Bits(low), Bits(high), generator, c.Workers);
    }
}

internal sealed class StatelessRandomUniformFullIntV2Op() : KeyedRandomOp(
    "StatelessRandomUniformFullIntV2(shape: Tshape, key: uint64, counter: uint64, alg: int32) -> (output: dtype) "
    + "where dtype: int32 | int64 | uint32 | uint64 = uint64, Tshape: int32 | int64 = int32")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomBitsOf.Fill(c, output, new PhiloxNumbers(generator));
}

internal sealed class StatelessRandomUniformFullIntOp() : RandomOp(
    "StatelessRandomUniformFullInt(shape: T, seed: Tseed) -> (output: dtype) "
    + "where dtype: int32 | int64 | uint32 | uint64 = uint64, T: int32 | int64 = int32, Tseed: int32 | int64 | uint32 | uint64 = int64")
{
    protected override Philox Generator(KernelContext c, int count) => Seeded(c, 1);

    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomBitsOf.Fill(c, output, new PhiloxNumbers(generator));
}

internal sealed class StatelessRandomGetAlgOp() : UndifferentiatedOp("StatelessRandomGetAlg() -> (alg: int32); stateful", "an algorithm is no number")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<int>()[0] = KeyedStream.PhiloxAlgorithm;
}

internal abstract class KeyCounterOp(string signature) : UndifferentiatedOp(signature, "random numbers do not depend on the inputs")
{
    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 1);
        c.Output(0, [1]);
        c.Output(1, [2]);
        if (c.OutputCount > 2)
            c.Output(2, Shape.Scalar);
    }

    public override void Compute(KernelContext c)
    {
        (ulong key, ulong counter) = KeyedStream.Scrambled(c);
        c.AllocateOutput(0, [1]).MutableData<ulong>()[0] = key;
        Span<ulong> words = c.AllocateOutput(1, [2]).MutableData<ulong>();
        (words[0], words[1]) = (0, counter);
        if (c.Operation.Outputs.Count > 2)
            c.AllocateOutput(2, Shape.Scalar).MutableData<int>()[0] = KeyedStream.PhiloxAlgorithm;
    }
}

internal sealed class StatelessRandomGetKeyCounterOp() : KeyCounterOp(
    "StatelessRandomGetKeyCounter(seed: Tseed) -> (key: uint64, counter: uint64) where Tseed: int32 | int64 = int64");

internal sealed class StatelessRandomGetKeyCounterAlgOp() : KeyCounterOp(
    "StatelessRandomGetKeyCounterAlg(seed: Tseed) -> (key: uint64, counter: uint64, alg: int32) where Tseed: int32 | int64 = int64; stateful");

internal sealed class StatelessShuffleOp() : UndifferentiatedOp(
    "StatelessShuffle(value: T, key: uint64, counter: uint64, alg: int32) -> (output: T) where T: type", "the order is random")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        Tensor value = c.Input(0);
        Philox generator = KeyedStream.Of(c, 1, 2, 3);
        if (value.Count <= 1 || value.Shape[0] <= 1)
            c.Output(0, value);
        else
            RandomShuffleOp.Write(c, value, RandomFill.Permutation((int)value.Shape[0], generator));
    }
}
