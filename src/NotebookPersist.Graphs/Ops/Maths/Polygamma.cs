using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The derivative of order a of digamma, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">DType: float, double.</param>
    /// <param name="x">DType: that of <paramref name="a"/>. Shape: broadcasts with that of <paramref name="a"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. NaN where a is no whole number.</returns>
    /// <remarks>Source: TensorFlow op "Polygamma".</remarks>
    public static Output Polygamma(this Graph graph, Operand a, Operand x, string? name = null) => graph.Add<PolygammaOp>(name, a, x);
}

internal sealed class PolygammaOp() : FloatBinaryOp(
    "Polygamma(a: T, x: T) -> (z: T) where T: float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output a, Output x) = (g.X(0), g.X(1));
        var broadcast = BroadcastGradient.Plain(a, x);
        using (g.Graph.ControlDependencies(g.Dy(0)))
        {
            Output slope = g.Graph.Polygamma(a + 1, x);
            return [null, broadcast.ToY(slope * g.Dy(0))];
        }
    });

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => SpecialFunctions.Map(x, y, z, SpecialFunctions.Polygamma);
}
