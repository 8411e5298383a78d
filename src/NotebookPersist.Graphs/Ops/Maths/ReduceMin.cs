using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Reductions;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The smallest number along the given axes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">DType: numbers.</param>
    /// <param name="axis">One axis or several, negative ones from the end; by default all.</param>
    /// <param name="keepDims">True leaves reduced dimensions with size 1.</param>
    /// <param name="name">Node name.</param>
    /// <returns>DType: that of <paramref name="input"/>. The largest number of the type for no elements.</returns>
    /// <exception cref="GraphException">An axis is outside the input's rank.</exception>
    /// <remarks>Source: TensorFlow op "Min".</remarks>
    public static Output ReduceMin(this Graph graph, Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
        ReductionOp.Build<MinOp>(graph, input, axis, keepDims, name);
}

internal sealed class MinOp() : NumberReductionOp(
    "Min(input: T, reduction_indices: Tidx) -> (output: T) where keep_dims: bool = false, T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tidx: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [ReductionGradients.OfExtreme(g), null]);

    protected override void Reduce<T>(Tensor x, Tensor y, ReductionPlan plan, KernelContext c) => ReductionLoops.Reduce<T, SmallestOf<T>>(x, y, plan, c.Workers);
}
