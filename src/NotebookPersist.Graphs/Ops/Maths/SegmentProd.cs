using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Reductions;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The product of the rows of each segment.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="data">DType: real numbers. Shape: [rows, ...].</param>
    /// <param name="segmentIds">Segment of each row, ascending. DType: int32 or int64. Shape: [rows].</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [last segment + 1, ...].</returns>
    /// <remarks>Source: TensorFlow op "SegmentProd".</remarks>
    public static Output SegmentProd(this Graph graph, Operand data, Operand segmentIds, string? name = null) => graph.Add<SegmentProdOp>(name, data, segmentIds);
}

internal sealed class SegmentProdOp() : SegmentOp(
    "SegmentProd(data: T, segment_ids: Tindices) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow 1.15 has no gradient for it");

    protected override void Take<T>(ReadOnlySpan<T> row, Span<T> into) => Into<T, ProductOf<T>>(row, into);

    protected override T Gap<T>() => T.One;

    protected override Complex ComplexGap => Complex.One;

    protected override Complex Join(Complex segment, Complex row) => segment * row;
}
