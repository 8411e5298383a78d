using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The hyperbolic sine, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "Sinh".</remarks>
    public static Output Sinh(this Graph graph, Operand x, string? name = null) => graph.Add<SinhOp>(name, x);
}

internal sealed class SinhOp() : FloatUnaryOp("Sinh(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g => g.Dy(0) * g.Graph.Cosh(g.Graph.Conjugate(g.X(0))));

    protected override Func<Complex, Complex>? ComplexRule => Complex.Sinh;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Sinh(x, y);
}
