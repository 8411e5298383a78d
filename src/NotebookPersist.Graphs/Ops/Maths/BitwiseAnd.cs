using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The bits that both x and y have, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: integers.</param>
    /// <param name="y">DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together.</returns>
    /// <remarks>Source: TensorFlow op "BitwiseAnd".</remarks>
    public static Output BitwiseAnd(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<BitwiseAndOp>(name, x, y);
}

internal sealed class BitwiseAndOp() : IntegerBinaryOp(
    "BitwiseAnd(x: T, y: T) -> (z: T) where T: int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64; commutative")
{
    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
    {
        for (int i = 0; i < z.Length; i++)
            z[i] = x[i] & y[i];
    }
}
