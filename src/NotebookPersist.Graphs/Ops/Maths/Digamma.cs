using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The derivative of the logarithm of the gamma function, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "Digamma".</remarks>
    public static Output Digamma(this Graph graph, Operand x, string? name = null) => graph.Add<DigammaOp>(name, x);
}

internal sealed class DigammaOp() : FloatUnaryOp("Digamma(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
    {
        Output x = g.X(0);
        return g.Dy(0) * g.Graph.Polygamma(g.Graph.Constant(1, x.DType), x);
    });

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, SpecialFunctions.Digamma);
}
