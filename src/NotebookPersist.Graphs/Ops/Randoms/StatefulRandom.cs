using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

/// <summary>Random numbers whose stream is kept in a resource variable: counter and key of a Philox generator.</summary>
internal abstract class StatefulRandomOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("random numbers do not depend on the inputs");

    /// <summary>The input that holds the shape.</summary>
    protected virtual int ShapeInput => 2;

    public override void InferShapes(ShapeContext c) => c.Output(0, c.InputAsShape(ShapeInput));

    public override void Compute(KernelContext c)
    {
        Tensor output = c.AllocateOutput(0, RandomOp.ShapeOf(c, ShapeInput));
        if (output.Count > 0)
            Fill(c, output, RandomState.Reserve(c, ShapeInput == 1 ? null : c.Input(1), output.Count));
        else
            RandomState.Reserve(c, ShapeInput == 1 ? null : c.Input(1), 0);
    }

    protected abstract void Fill(KernelContext c, Tensor output, Philox generator);
}

/// <summary>The stream of a resource variable.</summary>
internal static class RandomState
{
    private const long PhiloxAlgorithm = 1;

    /// <summary>The stream from where it is now; the variable goes on behind as many elements.</summary>
    /// <param name="c">Input 0 is the variable.</param>
    /// <param name="algorithm">The algorithm; null where it is the first number of the state.</param>
    /// <param name="count">Elements to draw.</param>
    public static Philox Reserve(KernelContext c, Tensor? algorithm, long count)
    {
        Tensor state = c.Value(0);
        if (state.DType != DType.Int64)
            throw c.InvalidArgument($"dtype of RNG state variable must be int64, not {state.DType.Name()}");
        if (state.Rank != 1)
            throw c.InvalidArgument($"RNG state must have one and only one dimension, not {state.Rank}");
        if (algorithm is { Rank: not 0 })
            throw c.InvalidArgument($"input 1 (0-based) must have shape [], not {algorithm.Shape}");
        int skipped = algorithm is null ? 1 : 0;
        if (state.Count < skipped + 3)
            throw c.InvalidArgument($"For the Philox algorithm, the size of state must be at least {skipped + 3}; got {state.Count}");
        long chosen = algorithm is null ? state.Data<long>()[0] : algorithm.Item<long>();
        if (chosen != PhiloxAlgorithm)
            throw c.InvalidArgument($"Unsupported algorithm id: {chosen}");
        ReadOnlySpan<long> words = state.Data<long>()[skipped..];
        (ulong low, ulong high, ulong key) = ((ulong)words[0], (ulong)words[1], (ulong)words[2]);
        Tensor next = state.Clone();
        unchecked
        {
            ulong moved = low + ((ulong)count * 256);
            next.MutableData<long>()[skipped] = (long)moved;
            next.MutableData<long>()[skipped + 1] = (long)(moved < low ? high + 1 : high);
        }

        c.Cell(0).Adopt(next);
        return new Philox(new PhiloxBlock((uint)low, (uint)(low >> 32), (uint)high, (uint)(high >> 32)), (uint)key, (uint)(key >> 32));
    }
}

internal sealed class StatefulStandardNormalOp() : StatefulRandomOp(
    "StatefulStandardNormal(resource: resource, shape: shape_dtype) -> (output: dtype) where dtype: type = float, shape_dtype: type = int64; stateful")
{
    protected override int ShapeInput => 1;

    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomFill.Normal(output, generator, c.Workers);
}

internal sealed class StatefulStandardNormalV2Op() : StatefulRandomOp(
    "StatefulStandardNormalV2(resource: resource, algorithm: int64, shape: shape_dtype) "
    + "-> (output: dtype) "
    + "where dtype: type = float, shape_dtype: type = int64; stateful")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomFill.Normal(output, generator, c.Workers);
}

internal sealed class StatefulTruncatedNormalOp() : StatefulRandomOp(
    "StatefulTruncatedNormal(resource: resource, algorithm: int64, shape: shape_dtype) "
    + "-> (output: dtype) "
    + "where dtype: type = float, shape_dtype: type = int64; stateful")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomFill.TruncatedNormal(output, generator, c.Workers);
}

internal sealed class StatefulUniformOp() : StatefulRandomOp(
    "StatefulUniform(resource: resource, algorithm: int64, shape: shape_dtype) "
    + "-> (output: dtype) "
    + "where dtype: type = float, shape_dtype: type = int64; stateful")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomFill.Uniform(output, generator, c.Workers);
}

internal sealed class StatefulUniformIntOp() : StatefulRandomOp(
    "StatefulUniformInt(resource: resource, algorithm: int64, shape: shape_dtype, minval: dtype, maxval: dtype) "
    + "-> (output: dtype) "
    + "where dtype: type = int64, shape_dtype: type = int64; stateful")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator)
    {
        (Tensor low, Tensor high) = (c.Input(3), c.Input(4));
        if (low.Rank != 0 || high.Rank != 0)
            throw c.InvalidArgument($"minval and maxval must be 0-D, got shapes {low.Shape} and {high.Shape}");
        if (low.Item<long>() >= high.Item<long>())
            throw c.InvalidArgument($"Need minval < maxval, got {low.Item<long>()} >= {high.Item<long>()}");
        RandomFill.UniformInt(output, low.Item<long>(), high.Item<long>(), generator, c.Workers);
    }
}

internal sealed class StatefulUniformFullIntOp() : StatefulRandomOp(
    "StatefulUniformFullInt(resource: resource, algorithm: int64, shape: shape_dtype) "
    + "-> (output: dtype) "
    + "where dtype: type = uint64, shape_dtype: type = int64; stateful")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomBitsOf.Fill(c, output, new PhiloxNumbers(generator));
}

internal sealed class NonDeterministicIntsOp() : UndifferentiatedOp(
    "NonDeterministicInts(shape: shape_dtype) -> (output: dtype) where dtype: type = int64, shape_dtype: type = int64; stateful", "random numbers do not depend on the inputs")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.InputAsShape(0));

    public override void Compute(KernelContext c) => RandomBitsOf.Fill(
        c, c.AllocateOutput(0, RandomOp.ShapeOf(c, 0)), new PhiloxNumbers(new Philox((ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64())));
}

internal sealed class RngSkipOp() : UndifferentiatedOp(
    "RngSkip(resource: resource, algorithm: int64, delta: int64) -> (); stateful", "streams are not differentiated")
{
    public override void Compute(KernelContext c)
    {
        if (c.Input(2).Rank != 0)
            throw c.InvalidArgument($"input 2 (0-based) must have shape [], not {c.Input(2).Shape}");
        RandomState.Reserve(c, c.Input(1), c.Input(2).Item<long>());
    }
}

internal sealed class RngReadAndSkipOp() : UndifferentiatedOp(
    "RngReadAndSkip(resource: resource, alg: int32, delta: uint64) -> (value: int64); stateful", "streams are not differentiated")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, [3]);

    public override void Compute(KernelContext c)
    {
        if (c.Input(2).Rank != 0)
            throw c.InvalidArgument($"delta must have shape [], not {c.Input(2).Shape}");
        // The variable gives its old value up when it moves on.
        long[] before = c.Value(0) is { DType: DType.Int64, Count: >= 3 } state ? [.. state.Data<long>()[..3]] : [];
        RandomState.Reserve(c, c.Input(1), unchecked((long)c.Input<ulong>(2)[0]));
        before.CopyTo(c.AllocateOutput(0, [3]).MutableData<long>());
    }
}

/// <summary>Integers all of whose bits are random.</summary>
internal static class RandomBitsOf
{
    public static void Fill(KernelContext c, Tensor output, PhiloxNumbers numbers)
    {
        switch (output.DType)
        {
            case DType.Int32 or DType.UInt32:
                for (int i = 0; i < output.Count; i++)
                    Bits<uint>(output)[i] = numbers.Next();
                break;
            case DType.Int64 or DType.UInt64:
                for (int i = 0; i < output.Count; i++)
                    Bits<ulong>(output)[i] = numbers.NextLong();
                break;
            default:
                throw c.InvalidArgument($"Unsupported dtype: {output.DType.Name()}");
        }
    }

    private static Span<T> Bits<T>(Tensor output)
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(output.MutableBytes);
}

internal sealed class RandomCropOp() : UndifferentiatedOp(
    "RandomCrop(image: T, size: int64) "
    + "-> (output: T) "
    + "where T: uint8 | int8 | int16 | int32 | int64 | float | double, seed: int = 0, seed2: int = 0; stateful", "TensorFlow has no gradient of it")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape image = c.WithRank(0, 3);
        Shape size = c.Merge(c.InputAsShape(1), Shape.OfRank(2));
        c.Output(0, [size[0], size[1], image[2]]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor image = c.Input(0);
        if (image.Rank != 3)
            throw c.InvalidArgument($"input must be 3-dimensional{image.Shape}");
        if (c.Input(1).Rank != 1 || c.Input(1).Count != 2)
            throw c.InvalidArgument($"shape_t must have two elements{c.Input(1).Shape}");
        (long height, long width) = (c.Input(1).Data<long>()[0], c.Input(1).Data<long>()[1]);
        if (width < 0 || image.Shape[1] < width)
            throw new KernelException(RunErrorCode.FailedPrecondition, $"width must be >= target_width: width = {image.Shape[1]}, target_width = {width}");
        if (height < 0 || image.Shape[0] < height)
            throw new KernelException(RunErrorCode.FailedPrecondition, $"height must be >= target_height: height = {image.Shape[0]}, target_height = {height}");
        var numbers = new PhiloxNumbers(RandomStream.Of(c).Reserve(1));
        long left = image.Shape[1] > width ? numbers.Next() % (image.Shape[1] - width + 1) : 0;
        long top = image.Shape[0] > height ? numbers.Next() % (image.Shape[0] - height + 1) : 0;
        int pixel = (int)image.Shape[2] * image.DType.Size();
        Tensor result = c.AllocateOutput(0, [height, width, image.Shape[2]]);
        for (int y = 0; y < height; y++)
            image.Bytes.Slice((int)((((top + y) * image.Shape[1]) + left) * pixel), (int)width * pixel).CopyTo(result.MutableBytes[(y * (int)width * pixel)..]);
    }
}
