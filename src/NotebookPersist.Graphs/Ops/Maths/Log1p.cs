using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The natural logarithm of 1 + x, exact where x is small, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Minus infinity for -1, NaN below.</returns>
    /// <remarks>Source: TensorFlow op "Log1p".</remarks>
    public static Output Log1p(this Graph graph, Operand x, string? name = null) => graph.Add<Log1pOp>(name, x);
}

internal sealed class Log1pOp() : FloatUnaryOp("Log1p(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g => g.Dy(0) * g.Graph.Reciprocal(1 + g.Graph.Conjugate(g.X(0))));

    protected override Func<Complex, Complex>? ComplexRule => static x => Complex.Log(1 + x);

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, SpecialFunctions.Log1P);
}
