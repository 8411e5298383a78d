using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>1 less the error function, exact where that is small, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Between 0 and 2.</returns>
    /// <remarks>Source: TensorFlow op "Erfc".</remarks>
    public static Output Erfc(this Graph graph, Operand x, string? name = null) => graph.Add<ErfcOp>(name, x);
}

internal sealed class ErfcOp() : FloatUnaryOp("Erfc(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
    {
        Output x = g.X(0);
        return g.Dy(0) * g.Graph.Constant(-2 / Math.Sqrt(Math.PI), x.DType) * g.Graph.Exp(-g.Graph.Square(x));
    });

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, SpecialFunctions.Erfc);
}
