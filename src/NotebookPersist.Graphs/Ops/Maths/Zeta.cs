using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The Hurwitz zeta function, the sum of (q + k) to the power of -x for k = 0, 1, 2 ..., element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: float, double.</param>
    /// <param name="q">DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. NaN for x below 1.</returns>
    /// <remarks>Source: TensorFlow op "Zeta".</remarks>
    public static Output Zeta(this Graph graph, Operand x, Operand q, string? name = null) => graph.Add<ZetaOp>(name, x, q);
}

internal sealed class ZetaOp() : FloatBinaryOp(
    "Zeta(x: T, q: T) -> (z: T) where T: float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output x, Output q) = (g.X(0), g.X(1));
        var broadcast = BroadcastGradient.Plain(x, q);
        using (g.Graph.ControlDependencies(g.Dy(0)))
        {
            Output slope = -x * g.Graph.Zeta(x + 1, q);
            return [null, broadcast.ToY(slope * g.Dy(0))];
        }
    });

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => SpecialFunctions.Map(x, y, z, SpecialFunctions.Zeta);
}
