using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

/// <summary>Finds where values stand among sorted ones, row by row.</summary>
internal abstract class BoundOp(string signature) : UndifferentiatedOp(signature, "positions are no continuous values"), INumberAction
{
    public override void InferShapes(ShapeContext c)
    {
        Shape sorted = c.WithRank(0, 2);
        Shape values = c.WithRank(1, 2);
        c.Merge(sorted[0], values[0]);
        c.Output(0, values);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor sorted, Tensor values) = (c.Input(0), c.Input(1));
        if (sorted.Rank != 2 || values.Rank != 2)
            throw c.InvalidArgument($"sorted input argument and search values must be matrices, got shapes {sorted.Shape} and {values.Shape}");
        if (sorted.Shape[0] != values.Shape[0])
            throw c.InvalidArgument("Leading dim_size of both tensors must match.");
        this.RunFor(sorted.DType, c);
    }

    void INumberAction.Run<T>(KernelContext c)
    {
        ReadOnlySpan<T> sorted = c.Input<T>(0);
        ReadOnlySpan<T> values = c.Input<T>(1);
        int rows = (int)c.Input(0).Shape[0];
        int width = (int)c.Input(0).Shape[1];
        int asked = (int)c.Input(1).Shape[1];
        long[] places = new long[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < asked; i++)
                places[(row * asked) + i] = Find(sorted.Slice(row * width, width), values[(row * asked) + i]);
        }

        IntVectors.Write(places, c.AllocateOutput(0, c.Input(1).Shape));
    }

    /// <summary>The place of a value.</summary>
    protected abstract int Find<T>(ReadOnlySpan<T> sorted, T value)
        where T : unmanaged, INumber<T>;

    /// <summary>The first place where a value is not smaller.</summary>
    internal static int Lower<T>(ReadOnlySpan<T> sorted, T value)
        where T : INumber<T>
    {
        (int low, int high) = (0, sorted.Length);
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>The first place where a value is larger.</summary>
    internal static int Upper<T>(ReadOnlySpan<T> sorted, T value)
        where T : INumber<T>
    {
        (int low, int high) = (0, sorted.Length);
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (value < sorted[middle])
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}

internal sealed class LowerBoundOp() : BoundOp("LowerBound(sorted_inputs: T, values: T) -> (output: out_type) where T: type, out_type: int32 | int64 = int32")
{
    protected override int Find<T>(ReadOnlySpan<T> sorted, T value) => Lower(sorted, value);
}

internal sealed class UpperBoundOp() : BoundOp("UpperBound(sorted_inputs: T, values: T) -> (output: out_type) where T: type, out_type: int32 | int64 = int32")
{
    protected override int Find<T>(ReadOnlySpan<T> sorted, T value) => Upper(sorted, value);
}

internal sealed class BucketizeOp() : UndifferentiatedOp("Bucketize(input: T) -> (output: int32) where T: int32 | int64 | float | double, boundaries: list(float)", "buckets are no continuous values"), INumberAction
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c) => this.RunFor(c.Input(0).DType, c);

    void INumberAction.Run<T>(KernelContext c)
    {
        double[] boundaries = [.. c.Attributes.Floats("boundaries").Select(static b => (double)b)];
        for (int i = 1; i < boundaries.Length; i++)
        {
            if (boundaries[i] < boundaries[i - 1])
                throw c.InvalidArgument("Expected sorted boundaries");
        }

        ReadOnlySpan<T> x = c.Input<T>(0);
        Span<int> buckets = c.AllocateOutput(0, c.Input(0).Shape).MutableData<int>();
        for (int i = 0; i < x.Length; i++)
            buckets[i] = BoundOp.Upper<double>(boundaries, double.CreateChecked(x[i]));
    }
}
