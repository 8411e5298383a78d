using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The square root, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. NaN for negative numbers.</returns>
    /// <remarks>Source: TensorFlow op "Sqrt".</remarks>
    public static Output Sqrt(this Graph graph, Operand x, string? name = null) => graph.Add<SqrtOp>(name, x);
}

internal sealed class SqrtOp() : FloatUnaryOp("Sqrt(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.Of(static g => g.Graph.SqrtGrad(g.Y(0), g.Dy(0)));

    protected override Func<Complex, Complex>? ComplexRule => Complex.Sqrt;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Sqrt(x, y);
}
