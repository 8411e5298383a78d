using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Marks the value that decides whether a loop goes on.</summary>
    /// <remarks>Source: TensorFlow op "LoopCond".</remarks>
    internal static Output LoopCond(this Graph graph, Output input, string? name = null) => graph.Add<LoopCondOp>(name, input);
}

internal sealed class LoopCondOp() : ControlFlowOp("LoopCond(input: bool) -> (output: bool)")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is true or false");

    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 0);
        c.Output(0, Shape.Scalar);
    }

    public override void Compute(KernelContext c) => Forward(c, 0, 0);
}
