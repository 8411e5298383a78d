using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>1 / x, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Infinity for 0.</returns>
    /// <remarks>Source: TensorFlow op "Reciprocal".</remarks>
    public static Output Reciprocal(this Graph graph, Operand x, string? name = null) => graph.Add<ReciprocalOp>(name, x);
}

internal sealed class ReciprocalOp() : FloatUnaryOp("Reciprocal(x: T) -> (y: T) where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.Of(static g => g.Graph.ReciprocalGrad(g.Y(0), g.Dy(0)));

    protected override Func<Complex, Complex>? ComplexRule => static x => 1 / x;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Reciprocal(x, y);
}
