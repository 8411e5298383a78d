using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The hyperbolic cosine, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "Cosh".</remarks>
    public static Output Cosh(this Graph graph, Operand x, string? name = null) => graph.Add<CoshOp>(name, x);
}

internal sealed class CoshOp() : FloatUnaryOp("Cosh(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g => g.Dy(0) * g.Graph.Sinh(g.Graph.Conjugate(g.X(0))));

    protected override Func<Complex, Complex>? ComplexRule => Complex.Cosh;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Cosh(x, y);
}
