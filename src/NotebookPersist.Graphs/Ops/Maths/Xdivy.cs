using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>x / y, and 0 where x is 0, whatever y is, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="y">DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together.</returns>
    /// <remarks>Source: TensorFlow op "Xdivy".</remarks>
    public static Output Xdivy(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<XdivyOp>(name, x, y);
}

internal sealed class XdivyOp() : FloatBinaryOp(
    "Xdivy(x: T, y: T) -> (z: T) where T: half | float | double | complex64 | complex128 + bfloat16")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output x, Output y, Output dy) = (g.X(0), g.X(1), g.Dy(0));
        var broadcast = BroadcastGradient.Plain(x, y);
        using (g.Graph.ControlDependencies(dy))
        {
            Output isNotZero = g.Graph.Cast(g.Graph.NotEqual(x, 0), x.DType);
            Output slopeX = g.Graph.Xdivy(isNotZero, y);
            Output slopeY = g.Graph.Xdivy(g.Graph.Negative(x), g.Graph.Power(y, 2, "pow"));
            Output dx = broadcast.ToX(slopeX * dy);
            return [dx, broadcast.ToY(slopeY * dy)];
        }
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => static (x, y) => x == Complex.Zero ? Complex.Zero : x / y;

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
    {
        for (int i = 0; i < z.Length; i++)
            z[i] = x[i] == T.Zero ? T.Zero : x[i] / y[i];
    }
}
