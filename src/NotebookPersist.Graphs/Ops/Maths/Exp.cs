using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>e to the power of x, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "Exp".</remarks>
    public static Output Exp(this Graph graph, Operand x, string? name = null) => graph.Add<ExpOp>(name, x);
}

internal sealed class ExpOp() : FloatUnaryOp("Exp(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g => g.Dy(0) * g.Graph.Conjugate(g.Y(0)));

    protected override Func<Complex, Complex>? ComplexRule => Complex.Exp;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Exp(x, y);
}
