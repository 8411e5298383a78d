using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

/// <summary>Two tensors of integers combined, broadcast together.</summary>
internal abstract class QuantizedPairOp(string name) : QuantizedOp(
    $"{name}(x: T1, y: T2, min_x: float, max_x: float, min_y: float, max_y: float) -> (z: Toutput, min_z: float, max_z: float) "
    + $"where T1: {Types}, T2: {Types}, Toutput: {Types} = qint32")
{
    public override void InferShapes(ShapeContext c) => Infer(c, c.Broadcast(c.Input(0), c.Input(1)));

    public override void Compute(KernelContext c)
    {
        if (c.Operation.Outputs[0].DType != DType.QInt32)
            throw c.Unsupported(c.Operation.Outputs[0].DType);
        QuantizedRange x = QuantizedRange.Of(c, 0, 2, 3), y = QuantizedRange.Of(c, 1, 4, 5);
        if (!(x.Max > x.Min))
            throw c.InvalidArgument("max_x must be larger than min_x.");
        if (!(y.Max > y.Min))
            throw c.InvalidArgument("max_y must be larger than min_y.");
        (Shape xShape, Shape yShape) = (c.Input(0).Shape, c.Input(1).Shape);
        BroadcastPlan plan = BroadcastPlan.TryCreate(xShape, yShape) ?? throw c.InvalidArgument($"Incompatible shapes: {xShape} vs. {yShape}");
        QuantizedRange z = Range(x, y);
        int[] left = Terms(Ints(c.Input(0)), x, z), right = Terms(Ints(c.Input(1)), y, z);
        int[] leftAt = Spread(xShape, plan.Shape), rightAt = Spread(yShape, plan.Shape);
        Span<int> result = c.AllocateOutput(0, plan.Shape).MutableData<int>();
        for (int i = 0; i < result.Length; i++)
            result[i] = Combine(left[leftAt[i]], right[rightAt[i]]);
        z.Write(c, 1, 2);
    }

    protected abstract QuantizedRange Range(QuantizedRange x, QuantizedRange y);

    /// <summary>What goes into the results for each integer.</summary>
    protected abstract int[] Terms(int[] stored, QuantizedRange range, QuantizedRange result);

    protected abstract int Combine(int x, int y);
}

internal sealed class QuantizedAddOp() : QuantizedPairOp("QuantizedAdd")
{
    protected override QuantizedRange Range(QuantizedRange x, QuantizedRange y)
    {
        // The inputs take the lower 18 bits; the others are for sums.
        float widest = Math.Max(Math.Abs(Math.Min(x.Min, y.Min)), Math.Abs(Math.Max(x.Max, y.Max))) * (1 << 14);
        return new QuantizedRange(DType.QInt32, -widest, widest);
    }

    protected override int[] Terms(int[] stored, QuantizedRange range, QuantizedRange result)
    {
        if (stored.Length == 1)
            return [result.ToStored(range.ToFloat(stored[0]))];
        long zero = result.ToUnclamped(range.ToFloat(0));
        long step = (int)(result.ToUnclamped(range.ToFloat(1)) - zero);
        return Array.ConvertAll(stored, s => (int)Math.Clamp(zero + (s * step), int.MinValue, int.MaxValue));
    }

    protected override int Combine(int x, int y) => unchecked(x + y);
}
