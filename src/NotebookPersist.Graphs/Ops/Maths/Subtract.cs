using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>x - y, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Left operand. DType: numbers.</param>
    /// <param name="y">Right operand. DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. Integers wrap around.</returns>
    /// <remarks>Source: TensorFlow op "Sub".</remarks>
    public static Output Subtract(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<SubOp>(name, x, y);
}

internal sealed class SubOp() : NumberBinaryOp(
    "Sub(x: T, y: T) -> (z: T) where T: bfloat16 | half | float | double | uint8 | int8 | uint16 | int16 | int32 | int64 | complex64 | complex128 + uint32 | uint64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output dy = g.Dy(0);
        if (BroadcastGradient.IsTrivial(g.X(0), g.X(1), dy))
            return [dy, g.Graph.Negative(dy)];
        var broadcast = BroadcastGradient.Smart(g.X(0), g.X(1), dy);
        Output dx = broadcast.ToX(dy);
        return [dx, broadcast.ToY(g.Graph.Negative(dy))];
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => static (x, y) => x - y;

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Subtract(x, y, z);
}
