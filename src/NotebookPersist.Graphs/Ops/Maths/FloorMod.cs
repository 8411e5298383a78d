using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Remainder of x / y with the sign of y, element by element, as Python's <c>%</c>.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Dividend. DType: real numbers.</param>
    /// <param name="y">Divisor. DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together.</returns>
    /// <remarks>Source: TensorFlow op "FloorMod". An integer division by 0 fails the run.</remarks>
    public static Output FloorMod(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<FloorModOp>(name, x, y);
}

internal sealed class FloorModOp() : NumberBinaryOp("FloorMod(x: T, y: T) -> (z: T) where T: int32 | int64 | bfloat16 | half | float | double + int8 | uint8 | int16 | uint16 | uint32 | uint64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output x, Output y, Output dy) = (g.X(0), g.X(1), g.Dy(0));
        var broadcast = BroadcastGradient.Plain(x, y);
        Output floor = g.Graph.FloorDivide(x, y, "FloorDiv");
        Output dx = broadcast.ToX(dy);
        return [dx, broadcast.ToY(dy * g.Graph.Negative(floor))];
    });

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => IntegerDivision.Guarded(x, y, z, static (x, y, z) =>
    {
        for (int i = 0; i < z.Length; i++)
        {
            // The least integer has no quotient by -1, but a remainder.
            T remainder = T.IsInteger(y[i]) && y[i] == -T.One && T.IsInteger(x[i]) ? T.Zero : x[i] % y[i];
            z[i] = remainder != T.Zero && T.IsNegative(remainder) != T.IsNegative(y[i]) ? remainder + y[i] : remainder;
        }
    });
}
