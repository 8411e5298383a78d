using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Does nothing, but runs also where what it waits for is dead.</summary>
    /// <remarks>Source: TensorFlow op "ControlTrigger".</remarks>
    internal static Operation ControlTrigger(this Graph graph, string? name = null) => graph.AddOperation<ControlTriggerOp>(name, null);
}

internal sealed class ControlTriggerOp() : ControlFlowOp("ControlTrigger() -> ()")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it has no output");

    public override void InferShapes(ShapeContext c)
    {
        // Without outputs there is nothing to tell.
    }

    public override void Compute(KernelContext c)
    {
        // Waiting for its control inputs is all it is for.
    }
}
