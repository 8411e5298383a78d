using NotebookPersist.Graphs.Gradients.ControlFlow;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Brings a value out of a loop once the loop has ended.</summary>
    /// <remarks>Source: TensorFlow op "Exit"; of a variable's handle "RefExit".</remarks>
    internal static Output Exit(this Graph graph, Output data, string? name = null) =>
        graph.AddOperation(data.IsReference ? "RefExit" : "Exit", name, null, data)[0];
}

internal abstract class PassingOp(string signature) : ControlFlowOp(signature)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c) => Forward(c, 0, 0);
}

internal abstract class ExitingOp(string signature) : PassingOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => ControlFlowGradients.Exit(g));
}

internal sealed class ExitOp() : ExitingOp("Exit(data: T) -> (output: T) where T: type");

internal sealed class RefExitOp() : ExitingOp("RefExit(data: ref(T)) -> (output: ref(T)) where T: type");
