using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>t, but not below a least and not above a largest value, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="t">DType: real numbers.</param>
    /// <param name="clipValueMin">Least value. Shape: scalar, or broadcasts with <paramref name="t"/>.</param>
    /// <param name="clipValueMax">Largest value. Shape: scalar, or broadcasts with <paramref name="t"/>.</param>
    /// <param name="name">Name of the last node.</param>
    /// <remarks>Source: TensorFlow's <c>tf.clip_by_value</c>, which makes "Minimum" and "Maximum".</remarks>
    public static Output ClipByValue(this Graph graph, Output t, Operand clipValueMin, Operand clipValueMax, string? name = null) =>
        graph.ClipByValue((Operand)t, clipValueMin, clipValueMax, name);
}

internal sealed class ClipByValueOp() : Op(
    "ClipByValue(t: T, clip_value_min: T, clip_value_max: T) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64"), INumberAction
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output x, Output low, Output high, Output dy) = (g.Graph, g.X(0), g.X(1), g.X(2), g.Dy(0));
        Output sx = graph.Shape(x);
        Output sLow = graph.Shape(low);
        Output sHigh = graph.Shape(high);
        Output zeros = graph.Zeros(graph.Shape(dy), dy.DType);
        Output isBelow = graph.Less(x, low);
        Output isAbove = graph.Greater(x, high);
        BroadcastGradient toLow = BroadcastGradient.OfShapes(graph, sx, sLow);
        BroadcastGradient toHigh = BroadcastGradient.OfShapes(graph, sx, sHigh);
        Output dx = graph.Where(graph.LogicalOr(isBelow, isAbove), zeros, dy);
        Output dLow = toLow.ToY(graph.Where(isBelow, dy, zeros));
        return [dx, dLow, toHigh.ToY(graph.Where(isAbove, dy, zeros))];
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c) => this.RunFor(c.Input(0).DType, c);

    void INumberAction.Run<T>(KernelContext c)
    {
        (Tensor x, Tensor low, Tensor high) = (c.Input(0), c.Input(1), c.Input(2));
        if ((low.Count != 1 && low.Shape != x.Shape) || (high.Count != 1 && high.Shape != x.Shape))
            throw c.InvalidArgument($"clip_value_min and clip_value_max must be either of the same shape as input, or a scalar. input shape: {x.Shape}clip_value_min shape: {low.Shape}clip_value_max shape: {high.Shape}");
        ReadOnlySpan<T> xs = x.Data<T>();
        ReadOnlySpan<T> lows = low.Data<T>();
        ReadOnlySpan<T> highs = high.Data<T>();
        Span<T> ys = c.AllocateOutput(0, x.Shape).MutableData<T>();
        for (int i = 0; i < ys.Length; i++)
        {
            T most = highs[highs.Length == 1 ? 0 : i];
            T least = lows[lows.Length == 1 ? 0 : i];
            T capped = xs[i] < most ? xs[i] : most;
            ys[i] = capped < least ? least : capped;
        }
    }
}
