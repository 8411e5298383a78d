using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The inverse hyperbolic sine, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "Asinh".</remarks>
    public static Output Asinh(this Graph graph, Operand x, string? name = null) => graph.Add<AsinhOp>(name, x);
}

internal sealed class AsinhOp() : FloatUnaryOp("Asinh(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g => g.Dy(0) / g.Graph.Cosh(g.Graph.Conjugate(g.Y(0))));

    protected override Func<Complex, Complex>? ComplexRule => static x => Complex.Log(x + Complex.Sqrt((x * x) + 1));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Asinh(x, y);
}
