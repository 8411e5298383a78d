using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>1 / (1 + e to the power of -x), element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Between 0 and 1.</returns>
    /// <remarks>Source: TensorFlow op "Sigmoid".</remarks>
    public static Output Sigmoid(this Graph graph, Operand x, string? name = null) => graph.Add<SigmoidOp>(name, x);
}

internal sealed class SigmoidOp() : FloatUnaryOp("Sigmoid(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g => g.Graph.SigmoidGrad(g.Graph.Conjugate(g.Y(0)), g.Dy(0)));

    protected override Func<Complex, Complex>? ComplexRule => static x => 1 / (1 + Complex.Exp(-x));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Sigmoid(x, y);
}
