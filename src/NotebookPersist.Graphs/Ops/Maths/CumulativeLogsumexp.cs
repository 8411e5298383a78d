using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The logarithm of the running sum of exponentials along an axis.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: half, float or double.</param>
    /// <param name="axis">The dimension to run along.</param>
    /// <param name="exclusive">Whether an element itself is left out; the first one is then the lowest number of its type.</param>
    /// <param name="reverse">Whether to run from the end.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "CumulativeLogsumexp".</remarks>
    public static Output CumulativeLogsumexp(this Graph graph, Operand x, Operand axis = default, bool exclusive = false, bool reverse = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<CumulativeLogsumexpOp>(
            name, new AttributeList { { "exclusive", exclusive }, { "reverse", reverse } }, x, axis.IsMissing ? 0 : axis);
    }
}

internal sealed class CumulativeLogsumexpOp() : CumulativeOp("CumulativeLogsumexp(x: T, axis: Tidx) -> (out: T) where exclusive: bool = false, reverse: bool = false, T: half | float | double, Tidx: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output dy) = (g.Graph, g.Dy(0));
        bool exclusive = g.Attributes.Bool("exclusive");
        bool reverse = g.Attributes.Bool("reverse");
        Output lowest = graph.Fill(graph.Shape(dy), Lowest(dy.DType));
        Output zeros = graph.ZerosLike(dy);
        // The positive and the negative part are summed apart, so that logarithms can be taken.
        Output up = Part(graph.Where(graph.Greater(dy, zeros), graph.Log(dy), lowest));
        Output down = Part(graph.Where(graph.Less(dy, zeros), graph.Log(-dy), lowest));
        return [up - down, null];

        Output Part(Output logs) => graph.Exp(graph.CumulativeLogsumexp(logs - g.Y(0), g.X(1), exclusive, !reverse) + g.X(0));
    });

    protected override T Start<T>() => typeof(T) == typeof(Half) ? T.CreateChecked(Half.MinValue)
        : typeof(T) == typeof(float) ? T.CreateChecked(float.MinValue)
        : T.CreateChecked(double.MinValue);

    protected override T Next<T>(T total, T x)
    {
        double a = double.CreateChecked(total);
        double b = double.CreateChecked(x);
        double larger = Math.Max(a, b);
        return T.CreateSaturating(double.LogP1(Math.Exp(Math.Min(a, b) - larger)) + larger);
    }

    private static Tensor Lowest(DType type) => type switch
    {
        DType.Float64 => Tensor.Scalar(double.MinValue),
        DType.Float16 => Tensor.Scalar(Half.MinValue),
        _ => Tensor.Scalar(float.MinValue),
    };
}
