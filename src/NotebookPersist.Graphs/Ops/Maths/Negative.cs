using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>-x, element by element.</summary>
    /// <returns>Shape and dtype of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "Neg".</remarks>
    public static Output Negative(this Graph graph, Operand x, string? name = null) => graph.Add<NegOp>(name, x);
}

internal sealed class NegOp() : NumberUnaryOp("Neg(x: T) -> (y: T) where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128 + int8 | int16")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Negative(g.Dy(0))]);

    protected override Func<Complex, Complex>? ComplexRule => static x => -x;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Negate(x, y);
}
