using NotebookPersist.Graphs.Gradients.ControlFlow;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Hands a value to the loop's next iteration.</summary>
    /// <remarks>Source: TensorFlow op "NextIteration"; of a variable's handle "RefNextIteration".</remarks>
    internal static Output NextIteration(this Graph graph, Output data, string? name = null) =>
        graph.AddOperation(data.IsReference ? "RefNextIteration" : "NextIteration", name, null, data)[0];
}

internal abstract class IteratingOp(string signature) : PassingOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => ControlFlowGradients.NextIteration(g));
}

internal sealed class NextIterationOp() : IteratingOp("NextIteration(data: T) -> (output: T) where T: type");

internal sealed class RefNextIterationOp() : IteratingOp("RefNextIteration(data: ref(T)) -> (output: ref(T)) where T: type");
