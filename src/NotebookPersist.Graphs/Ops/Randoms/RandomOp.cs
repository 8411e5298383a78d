using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

/// <summary>An operation that fills a tensor of a given shape with random numbers.</summary>
internal abstract class RandomOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("random numbers do not depend on the inputs");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.InputAsShape(0));

    public override void Compute(KernelContext c)
    {
        Tensor output = c.AllocateOutput(0, ShapeOf(c, 0));
        if (output.Count > 0)
            Fill(c, output, Generator(c, output.Count));
    }

    /// <summary>The shape that an input, a vector of sizes, asks for.</summary>
    internal static Shape ShapeOf(KernelContext c, int input)
    {
        Tensor sizes = c.Input(input);
        if (sizes.Rank != 1)
            throw c.InvalidArgument($"shape must be a vector of {{int32,int64}}, got shape {sizes.Shape}");
        long[] shape = new long[sizes.Count];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = sizes.ItemAt<long>(i);
            if (shape[i] < 0)
                throw c.InvalidArgument($"Dimension {shape[i]} must be >= 0");
        }

        return shape;
    }

    /// <summary>The limits of a range of integers, checked.</summary>
    protected static (long Low, long High) Range(KernelContext c, int low, int high)
    {
        (Tensor minimum, Tensor maximum) = (c.Input(low), c.Input(high));
        if (minimum.Rank != 0)
            throw c.InvalidArgument($"minval must be 0-D, got shape {minimum.Shape}");
        if (maximum.Rank != 0)
            throw c.InvalidArgument($"maxval must be 0-D, got shape {maximum.Shape}");
        (long l, long h) = (minimum.Item<long>(), maximum.Item<long>());
        return l < h ? (l, h) : throw c.InvalidArgument($"Need minval < maxval, got {l} >= {h}");
    }

    protected virtual Philox Generator(KernelContext c, int count) => RandomStream.Of(c).ReserveOutputs(count);

    protected abstract void Fill(KernelContext c, Tensor output, Philox generator);

    /// <summary>The stream that the two seeds of an input choose.</summary>
    internal static Philox Seeded(KernelContext c, int input)
    {
        Tensor seed = c.Input(input);
        return seed.Rank == 1 && seed.Count == 2
            ? Philox.Scrambled((ulong)seed.ItemAt<long>(0), (ulong)seed.ItemAt<long>(1))
            : throw c.InvalidArgument($"seed must have shape [2], not {seed.Shape}");
    }
}
