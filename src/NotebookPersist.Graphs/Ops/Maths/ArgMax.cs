using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The position of the largest number along an axis; of equal ones the first.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">DType: real numbers.</param>
    /// <param name="axis">Scalar; negative from the end.</param>
    /// <param name="outputType">int64 or int32.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: that of <paramref name="input"/> without the axis.</returns>
    /// <remarks>Source: TensorFlow op "ArgMax".</remarks>
    public static Output ArgMax(this Graph graph, Operand input, Operand axis = default, DType outputType = DType.Int64, string? name = null) =>
        graph.Add<ArgMaxOp>(name, new AttributeList { { "output_type", outputType } }, input, axis.IsMissing ? 0 : axis);
}

internal sealed class ArgMaxOp() : ArgExtremeOp(
    "ArgMax(input: T, dimension: Tidx) -> (output: output_type) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64 + bool, Tidx: int32 | int64 = int32, output_type: int32 | int64 = int64")
{
    protected override bool IsBetter<T>(T x, T best) => x > best;
}
