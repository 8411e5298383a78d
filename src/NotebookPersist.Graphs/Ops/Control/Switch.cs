using NotebookPersist.Graphs.Gradients.ControlFlow;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Sends a value one of two ways; the other way is dead, and what depends on it does not run.</summary>
    /// <remarks>Source: TensorFlow op "Switch"; of a variable's handle "RefSwitch".</remarks>
    internal static Operation Switch(this Graph graph, Output data, Output predicate, string? name = null) =>
        graph.AddOperation(data.IsReference ? "RefSwitch" : "Switch", name, null, data, predicate);
}

internal abstract class SwitchingOp(string signature) : ControlFlowOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => ControlFlowGradients.Switch(g));

    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(1, 0);
        c.Output(0, c.Input(0));
        c.Output(1, c.Input(0));
    }

    public override void Compute(KernelContext c)
    {
        Tensor predicate = c.Input(1);
        if (predicate.Count != 1 || predicate.Rank != 0)
            throw c.InvalidArgument($"The second input must be a scalar, but it has shape {predicate.Shape}");
        Forward(c, 0, predicate.Data<bool>()[0] ? 1 : 0);
    }
}

internal sealed class SwitchOp() : SwitchingOp("Switch(data: T, pred: bool) -> (output_false: T, output_true: T) where T: type");

internal sealed class RefSwitchOp() : SwitchingOp("RefSwitch(data: ref(T), pred: bool) -> (output_false: ref(T), output_true: ref(T)) where T: type; allows_uninitialized_input");
