using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>1 / sqrt(x), element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Infinity for 0, NaN for negative numbers.</returns>
    /// <remarks>Source: TensorFlow op "Rsqrt".</remarks>
    public static Output Rsqrt(this Graph graph, Operand x, string? name = null) => graph.Add<RsqrtOp>(name, x);
}

internal sealed class RsqrtOp() : FloatUnaryOp("Rsqrt(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.Of(static g => g.Graph.RsqrtGrad(g.Y(0), g.Dy(0)));

    protected override Func<Complex, Complex>? ComplexRule => static x => 1 / Complex.Sqrt(x);

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.ReciprocalSqrt(x, y);
}
