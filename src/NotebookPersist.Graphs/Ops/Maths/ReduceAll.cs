using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Reductions;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Whether all elements are true, along the given axes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">DType: bool.</param>
    /// <param name="axis">One axis or several, negative ones from the end; by default all.</param>
    /// <param name="keepDims">True leaves reduced dimensions with size 1.</param>
    /// <param name="name">Node name.</param>
    /// <returns>DType: bool.</returns>
    /// <exception cref="GraphException">An axis is outside the input's rank.</exception>
    /// <remarks>Source: TensorFlow op "All".</remarks>
    public static Output ReduceAll(this Graph graph, Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
        ReductionOp.Build<AllOp>(graph, input, axis, keepDims, name);
}

internal sealed class AllOp() : ReductionOp("All(input: bool, reduction_indices: Tidx) -> (output: bool) where keep_dims: bool = false, Tidx: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("truth values are not differentiated");

    public override void Compute(KernelContext c)
    {
        ReductionPlan plan = PlanFor(c);
        ReductionLoops.Reduce<bool, AllOf>(c.Input(0), c.AllocateOutput(0, ResultShape(c, plan)), plan, c.Workers);
    }
}
