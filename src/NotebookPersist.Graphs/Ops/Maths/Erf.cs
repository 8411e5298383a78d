using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The error function, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Between -1 and 1.</returns>
    /// <remarks>Source: TensorFlow op "Erf".</remarks>
    public static Output Erf(this Graph graph, Operand x, string? name = null) => graph.Add<ErfOp>(name, x);
}

internal sealed class ErfOp() : FloatUnaryOp("Erf(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
    {
        Output x = g.X(0);
        return g.Dy(0) * g.Graph.Constant(2 / Math.Sqrt(Math.PI), x.DType) * g.Graph.Exp(-g.Graph.Square(x));
    });

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, SpecialFunctions.Erf);
}
