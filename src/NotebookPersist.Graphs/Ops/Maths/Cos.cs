using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The cosine, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Unit of x: radians.</returns>
    /// <remarks>Source: TensorFlow op "Cos".</remarks>
    public static Output Cos(this Graph graph, Operand x, string? name = null) => graph.Add<CosOp>(name, x);
}

internal sealed class CosOp() : FloatUnaryOp("Cos(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
    {
        Output x = g.Graph.Conjugate(g.X(0));
        Output negative = -g.Dy(0);
        return negative * g.Graph.Sin(x);
    });

    protected override Func<Complex, Complex>? ComplexRule => Complex.Cos;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Cos(x, y);
}
