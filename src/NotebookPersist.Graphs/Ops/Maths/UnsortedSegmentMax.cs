using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Reductions;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The largest of the rows of each segment, in whatever order they come.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="data">DType: real numbers. Shape: that of <paramref name="segmentIds"/>, and more.</param>
    /// <param name="segmentIds">Segment of each row; rows of negative ones are dropped. DType: int32 or int64.</param>
    /// <param name="segmentCount">Scalar.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [<paramref name="segmentCount"/>, ...].</returns>
    /// <remarks>Source: TensorFlow op "UnsortedSegmentMax".</remarks>
    public static Output UnsortedSegmentMax(this Graph graph, Operand data, Operand segmentIds, Operand segmentCount, string? name = null) =>
        graph.Add<UnsortedSegmentMaxOp>(name, data, segmentIds, segmentCount);
}

internal abstract class UnsortedSegmentMaxBase(string signature) : UnsortedSegmentOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [ToChosen(g), null, null]);

    protected override T Empty<T>() => LeastOf<T>();

    protected override void Take<T>(ReadOnlySpan<T> row, Span<T> into) => Into<T, LargestOf<T>>(row, into);
}

internal sealed class UnsortedSegmentMaxOp() : UnsortedSegmentMaxBase(
    "UnsortedSegmentMax(data: T, segment_ids: Tindices, num_segments: Tnumsegments) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64, Tindices: int32 | int64, Tnumsegments: int32 | int64 = int32");

/// <summary>The rows are sorted by their segments, which this operation does not rely on.</summary>
internal sealed class SegmentMaxV2Op() : UnsortedSegmentMaxBase(
    "SegmentMaxV2(data: T, segment_ids: Tindices, num_segments: Tnumsegments) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64, Tindices: int32 | int64, Tnumsegments: int32 | int64 = int32");
