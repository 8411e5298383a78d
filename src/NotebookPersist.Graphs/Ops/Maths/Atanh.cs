using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The inverse hyperbolic tangent, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. NaN outside [-1, 1].</returns>
    /// <remarks>Source: TensorFlow op "Atanh".</remarks>
    public static Output Atanh(this Graph graph, Operand x, string? name = null) => graph.Add<AtanhOp>(name, x);
}

internal sealed class AtanhOp() : FloatUnaryOp("Atanh(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
    {
        Output square = g.Graph.Square(g.Graph.Conjugate(g.X(0)));
        Output one = g.Graph.Constant(1, g.Dy(0).DType);
        return g.Dy(0) * g.Graph.Reciprocal(g.Graph.Subtract(one, square));
    });

    protected override Func<Complex, Complex>? ComplexRule => static x => 0.5 * (Complex.Log(1 + x) - Complex.Log(1 - x));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Atanh(x, y);
}
