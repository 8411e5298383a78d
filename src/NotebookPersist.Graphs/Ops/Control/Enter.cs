using NotebookPersist.Graphs.Gradients.ControlFlow;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Brings a value into a loop: once, or for every iteration.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="data">The value; a handle of a variable stays one.</param>
    /// <param name="frame">Name of the loop.</param>
    /// <param name="isConstant">True where every iteration sees the value.</param>
    /// <param name="parallelIterations">Kept for TensorFlow; iterations run one after the other here.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Enter"; of a variable's handle "RefEnter".</remarks>
    internal static Output Enter(this Graph graph, Output data, string frame, bool isConstant = false, int parallelIterations = 10, string? name = null)
    {
        var attributes = new AttributeList { { "frame_name", frame }, { "is_constant", isConstant }, { "parallel_iterations", parallelIterations } };
        Output entered = graph.AddOperation(data.IsReference ? "RefEnter" : "Enter", name, attributes, data)[0];
        entered.SetShape(data.Shape);
        return entered;
    }
}

internal abstract class EnteringOp(string signature) : ControlFlowOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => ControlFlowGradients.Enter(g));

    // A loop's variable may change its shape from one iteration to the next.
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Attributes.Bool("is_constant") || Signature.Outputs[0].IsReference ? c.Input(0) : Shape.Unknown);

    public override void Compute(KernelContext c) => Forward(c, 0, 0);
}

internal sealed class EnterOp() : EnteringOp(
    "Enter(data: T) -> (output: T) where T: type, frame_name: string, is_constant: bool = false, parallel_iterations: int = 10");

internal sealed class RefEnterOp() : EnteringOp(
    "RefEnter(data: ref(T)) -> (output: ref(T)) where T: type, frame_name: string, is_constant: bool = false, parallel_iterations: int = 10");
