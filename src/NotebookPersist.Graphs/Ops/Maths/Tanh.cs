using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The hyperbolic tangent, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Between -1 and 1.</returns>
    /// <remarks>Source: TensorFlow op "Tanh".</remarks>
    public static Output Tanh(this Graph graph, Operand x, string? name = null) => graph.Add<TanhOp>(name, x);
}

internal sealed class TanhOp() : FloatUnaryOp("Tanh(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g => g.Graph.TanhGrad(g.Graph.Conjugate(g.Y(0)), g.Dy(0)));

    protected override Func<Complex, Complex>? ComplexRule => Complex.Tanh;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Tanh(x, y);
}
