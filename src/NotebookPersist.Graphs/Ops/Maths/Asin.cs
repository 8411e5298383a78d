using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The angle of a sine, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Unit: radians. NaN outside [-1, 1].</returns>
    /// <remarks>Source: TensorFlow op "Asin".</remarks>
    public static Output Asin(this Graph graph, Operand x, string? name = null) => graph.Add<AsinOp>(name, x);
}

internal sealed class AsinOp() : FloatUnaryOp("Asin(x: T) -> (y: T) where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
    {
        Output square = g.Graph.Square(g.Graph.Conjugate(g.X(0)));
        Output one = g.Graph.Constant(1, g.Dy(0).DType);
        return g.Dy(0) * g.Graph.Reciprocal(g.Graph.Sqrt(g.Graph.Subtract(one, square)));
    });

    protected override Func<Complex, Complex>? ComplexRule => Complex.Asin;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Asin(x, y);
}
