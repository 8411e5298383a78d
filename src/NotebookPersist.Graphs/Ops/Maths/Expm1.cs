using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>e to the power of x, less 1, exact where x is small, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "Expm1".</remarks>
    public static Output Expm1(this Graph graph, Operand x, string? name = null) => graph.Add<Expm1Op>(name, x);
}

internal sealed class Expm1Op() : FloatUnaryOp("Expm1(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g => g.Dy(0) * g.Graph.Exp(g.Graph.Conjugate(g.X(0))));

    protected override Func<Complex, Complex>? ComplexRule => static x => Complex.Exp(x) - 1;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, SpecialFunctions.ExpM1);
}
