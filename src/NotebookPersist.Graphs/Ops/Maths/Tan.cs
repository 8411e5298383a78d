using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The tangent, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Unit of x: radians.</returns>
    /// <remarks>Source: TensorFlow op "Tan".</remarks>
    public static Output Tan(this Graph graph, Operand x, string? name = null) => graph.Add<TanOp>(name, x);
}

internal sealed class TanOp() : FloatUnaryOp("Tan(x: T) -> (y: T) where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
    {
        Output secant = g.Graph.Reciprocal(g.Graph.Cos(g.Graph.Conjugate(g.X(0))));
        return g.Graph.Square(secant) * g.Dy(0);
    });

    protected override Func<Complex, Complex>? ComplexRule => Complex.Tan;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Tan(x, y);
}
