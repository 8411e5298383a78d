using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Reductions;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The smallest of the rows of each segment.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="data">DType: real numbers. Shape: [rows, ...].</param>
    /// <param name="segmentIds">Segment of each row, ascending. DType: int32 or int64. Shape: [rows].</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [last segment + 1, ...].</returns>
    /// <remarks>Source: TensorFlow op "SegmentMin".</remarks>
    public static Output SegmentMin(this Graph graph, Operand data, Operand segmentIds, string? name = null) => graph.Add<SegmentMinOp>(name, data, segmentIds);
}

internal sealed class SegmentMinOp() : SegmentOp(
    "SegmentMin(data: T, segment_ids: Tindices) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64, Tindices: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [ToChosen(g), null]);

    protected override void Take<T>(ReadOnlySpan<T> row, Span<T> into) => Into<T, SmallestOf<T>>(row, into);
}
