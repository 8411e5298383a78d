using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Reductions;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The product of the rows of each segment, in whatever order they come.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="data">DType: real numbers. Shape: that of <paramref name="segmentIds"/>, and more.</param>
    /// <param name="segmentIds">Segment of each row; rows of negative ones are dropped. DType: int32 or int64.</param>
    /// <param name="segmentCount">Scalar.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [<paramref name="segmentCount"/>, ...].</returns>
    /// <remarks>Source: TensorFlow op "UnsortedSegmentProd".</remarks>
    public static Output UnsortedSegmentProd(this Graph graph, Operand data, Operand segmentIds, Operand segmentCount, string? name = null) =>
        graph.Add<UnsortedSegmentProdOp>(name, data, segmentIds, segmentCount);
}

internal abstract class UnsortedSegmentProdBase(string signature) : UnsortedSegmentOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output x, Output ids, Output dy) = (g.Graph, g.X(0), g.X(1), g.Dy(0));
        // A segment with one zero sends its gradient to that zero alone; one with more sends none.
        Output isZero = graph.Equal(x, 0);
        Output zeros = graph.UnsortedSegmentSum(graph.Cast(isZero, DType.Int32), ids, g.X(2));
        dy = graph.Where(graph.Greater(zeros, 1), graph.ZerosLike(dy), dy);
        Output others = graph.Where(isZero, graph.OnesLike(x), x);
        Output product = graph.UnsortedSegmentProd(others, ids, g.X(2));
        Output clipped = graph.Maximum(ids, graph.ZerosLike(ids));
        Output whole = graph.AddOperation("GatherV2", null, null, g.Y(0), clipped, 0)[0];
        Output rest = graph.AddOperation("GatherV2", null, null, product, clipped, 0)[0];
        Output slope = graph.Where(isZero, rest, whole / x);
        return [GatherKept(graph, dy, ids, clipped).Rows * slope, null, null];
    });

    protected override T Empty<T>() => EmptyOf<T, ProductOf<T>>();

    protected override void Take<T>(ReadOnlySpan<T> row, Span<T> into) => Into<T, ProductOf<T>>(row, into);

    protected override Complex ComplexEmpty => Complex.One;

    protected override Complex Join(Complex segment, Complex row) => segment * row;
}

internal sealed class UnsortedSegmentProdOp() : UnsortedSegmentProdBase(
    "UnsortedSegmentProd(data: T, segment_ids: Tindices, num_segments: Tnumsegments) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, Tnumsegments: int32 | int64 = int32");

/// <summary>The rows are sorted by their segments, which this operation does not rely on.</summary>
internal sealed class SegmentProdV2Op() : UnsortedSegmentProdBase(
    "SegmentProdV2(data: T, segment_ids: Tindices, num_segments: Tnumsegments) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, Tnumsegments: int32 | int64 = int32");
