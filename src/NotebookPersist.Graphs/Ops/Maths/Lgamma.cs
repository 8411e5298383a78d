using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The logarithm of the magnitude of the gamma function, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Infinity for 0 and negative integers.</returns>
    /// <remarks>Source: TensorFlow op "Lgamma".</remarks>
    public static Output Lgamma(this Graph graph, Operand x, string? name = null) => graph.Add<LgammaOp>(name, x);
}

internal sealed class LgammaOp() : FloatUnaryOp("Lgamma(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g => g.Dy(0) * g.Graph.Digamma(g.X(0)));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, SpecialFunctions.LogGamma);
}
