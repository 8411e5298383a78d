using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The running sum along an axis.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: numbers.</param>
    /// <param name="axis">Scalar; negative from the end.</param>
    /// <param name="exclusive">True leaves out the element itself.</param>
    /// <param name="reverse">True runs from the end.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "Cumsum".</remarks>
    public static Output Cumsum(this Graph graph, Operand x, Operand axis, bool exclusive = false, bool reverse = false, string? name = null) =>
        graph.Add<CumsumOp>(name, new AttributeList { { "exclusive", exclusive }, { "reverse", reverse } }, x, axis);
}

internal sealed class CumsumOp() : CumulativeOp(
    "Cumsum(x: T, axis: Tidx) -> (out: T) where exclusive: bool = false, reverse: bool = false, T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tidx: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [Back(g), null]);

    protected override T Start<T>() => T.Zero;

    protected override T Next<T>(T total, T x) => total + x;

    private static Output Back(GradientContext g) =>
        g.Graph.Cumsum(g.Dy(0), g.X(1), g.Attributes.Bool("exclusive"), !g.Attributes.Bool("reverse"));
}
