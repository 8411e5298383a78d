using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Reductions;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The mean of the rows of each segment.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="data">DType: real numbers. Shape: [rows, ...].</param>
    /// <param name="segmentIds">Segment of each row, ascending. DType: int32 or int64. Shape: [rows].</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [last segment + 1, ...].</returns>
    /// <remarks>Source: TensorFlow op "SegmentMean".</remarks>
    public static Output SegmentMean(this Graph graph, Operand data, Operand segmentIds, string? name = null) => graph.Add<SegmentMeanOp>(name, data, segmentIds);
}

internal sealed class SegmentMeanOp() : SegmentOp(
    "SegmentMean(data: T, segment_ids: Tindices) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output ids) = (g.Graph, g.X(1));
        Output rank = graph.Rank(g.X(0));
        Output idShape = graph.Shape(ids);
        Output shape = graph.Concat([idShape, graph.Fill(graph.ExpandDims(rank - 1, 0), 1)], 0);
        Output ones = graph.Fill(shape, graph.Constant(1, g.Dy(0).DType));
        Output scaled = graph.Divide(g.Dy(0), graph.SegmentSum(ones, ids));
        return [Gather(g, scaled, ids), null];
    });

    protected override void Take<T>(ReadOnlySpan<T> row, Span<T> into) => Into<T, SumOf<T>>(row, into);

    protected override Complex Finish(Complex segment, int rows) => rows == 0 ? segment : segment / rows;

    protected override void Finish<T>(Span<T> segment, int rows)
    {
        foreach (ref T mean in segment)
            mean /= T.CreateTruncating(rows);
    }
}
