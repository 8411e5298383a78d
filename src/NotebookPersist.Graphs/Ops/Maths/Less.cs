using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Whether x is less than y, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Left operand. DType: real numbers.</param>
    /// <param name="y">Right operand. DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>DType: bool. Shape: both broadcast together. False where either is NaN.</returns>
    /// <remarks>Source: TensorFlow op "Less".</remarks>
    public static Output Less(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<LessOp>(name, x, y);
}

internal sealed class LessOp() : ComparisonOp(
    "Less(x: T, y: T) -> (z: bool) where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64")
{
    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<bool> z)
    {
        for (int i = 0; i < z.Length; i++)
            z[i] = x[i] < y[i];
    }
}
