using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>x * y, and 0 where y is 0, whatever x is, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="y">DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together.</returns>
    /// <remarks>Source: TensorFlow op "MulNoNan".</remarks>
    public static Output MultiplyNoNan(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<MulNoNanOp>(name, x, y);
}

internal sealed class MulNoNanOp() : FloatBinaryOp(
    "MulNoNan(x: T, y: T) -> (z: T) where T: half | float | double | complex64 | complex128 + bfloat16")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output x, Output y, Output dy) = (g.X(0), g.X(1), g.Dy(0));
        var broadcast = BroadcastGradient.Plain(x, y);
        Output dx = broadcast.ToX(g.Graph.MultiplyNoNan(dy, y));
        return [dx, broadcast.ToY(g.Graph.MultiplyNoNan(x, dy))];
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => static (x, y) => y == Complex.Zero ? Complex.Zero : x * y;

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
    {
        for (int i = 0; i < z.Length; i++)
            z[i] = y[i] == T.Zero ? T.Zero : x[i] * y[i];
    }
}
