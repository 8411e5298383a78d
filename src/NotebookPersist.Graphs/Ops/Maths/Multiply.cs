using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>x * y, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Left operand. DType: numbers.</param>
    /// <param name="y">Right operand. DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. Integers wrap around.</returns>
    /// <remarks>Source: TensorFlow op "Mul".</remarks>
    public static Output Multiply(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<MulOp>(name, x, y);
}

internal sealed class MulOp() : NumberBinaryOp(
    "Mul(x: T, y: T) -> (z: T) where T: bfloat16 | half | float | double | uint8 | int8 | uint16 | int16 | int32 | int64 | complex64 | complex128 + uint32 | uint64; commutative")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output x, Output y, Output dy) = (g.X(0), g.X(1), g.Dy(0));
        if (BroadcastGradient.IsTrivial(x, y, dy) && dy.DType is DType.Int32 or DType.Float32)
            return [g.Graph.Multiply(dy, y), g.Graph.Multiply(dy, x)];
        var broadcast = BroadcastGradient.Smart(x, y, dy);
        (x, y) = (g.Graph.Conjugate(x), g.Graph.Conjugate(y));
        Output dx = broadcast.ToX(g.Graph.Multiply(dy, y));
        return [dx, broadcast.ToY(g.Graph.Multiply(x, dy))];
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => static (x, y) => x * y;

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Multiply(x, y, z);
}
