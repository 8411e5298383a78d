using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The larger of x and y, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: real numbers.</param>
    /// <param name="y">DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. NaN where x is; y decides nothing against it.</returns>
    /// <remarks>Source: TensorFlow op "Maximum".</remarks>
    public static Output Maximum(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<MaximumOp>(name, x, y);
}

internal sealed class MaximumOp() : NumberBinaryOp(
    "Maximum(x: T, y: T) -> (z: T) where T: bfloat16 | half | float | double | int32 | int64 + int8 | uint8 | int16 | uint16 | uint32 | uint64")
{
    public override GradientRule Gradient => Extremes.Rule(static (graph, x, y) => graph.GreaterEqual(x, y));

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => ExtremeLoops.Larger(x, y, z);
}
