using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Reductions;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The sum of the rows of each segment, in whatever order they come.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="data">DType: real numbers. Shape: that of <paramref name="segmentIds"/>, and more.</param>
    /// <param name="segmentIds">Segment of each row; rows of negative ones are dropped. DType: int32 or int64.</param>
    /// <param name="segmentCount">Scalar.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [<paramref name="segmentCount"/>, ...].</returns>
    /// <remarks>Source: TensorFlow op "UnsortedSegmentSum".</remarks>
    public static Output UnsortedSegmentSum(this Graph graph, Operand data, Operand segmentIds, Operand segmentCount, string? name = null) =>
        graph.Add<UnsortedSegmentSumOp>(name, data, segmentIds, segmentCount);
}

internal abstract class UnsortedSegmentSumBase(string signature) : UnsortedSegmentOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [GatherKept(g.Graph, g.Dy(0), g.X(1)).Rows, null, null]);

    protected override T Empty<T>() => EmptyOf<T, SumOf<T>>();

    protected override void Take<T>(ReadOnlySpan<T> row, Span<T> into) => Into<T, SumOf<T>>(row, into);
}

internal sealed class UnsortedSegmentSumOp() : UnsortedSegmentSumBase(
    "UnsortedSegmentSum(data: T, segment_ids: Tindices, num_segments: Tnumsegments) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, Tnumsegments: int32 | int64 = int32");

/// <summary>The rows are sorted by their segments, which this operation does not rely on.</summary>
internal sealed class SegmentSumV2Op() : UnsortedSegmentSumBase(
    "SegmentSumV2(data: T, segment_ids: Tindices, num_segments: Tnumsegments) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, Tnumsegments: int32 | int64 = int32");
