using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same value, through which no gradient flows.</summary>
    /// <remarks>Source: TensorFlow op "StopGradient".</remarks>
    public static Output StopGradient(this Graph graph, Operand input, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<StopGradientOp>(name, input);
    }

    /// <summary>The same value, of which no gradient may be asked.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Any shape and dtype.</param>
    /// <param name="message">What the error says.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "PreventGradient".</remarks>
    public static Output PreventGradient(this Graph graph, Operand input, string message = "", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<PreventGradientOp>(name, new AttributeList { { "message", message } }, input);
    }
}

/// <summary>An operation whose output 0 is its input 0, bytes shared.</summary>
internal abstract class ForwardingOp(string signature) : Op(signature)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c) => c.Output(0, c.Input(0));

    public override Shape? ValueAsShape(Operation operation) => ConstantValues.AsShape(operation.Inputs[0]);
}

internal sealed class StopGradientOp() : ForwardingOp("StopGradient(input: T) -> (output: T) where T: type")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is there to stop the gradient");
}

internal sealed class PreventGradientOp() : ForwardingOp("PreventGradient(input: T) -> (output: T) where T: type, message: string = ''")
{
    public override GradientRule Gradient => GradientRule.Via(static g => throw new GraphException(
        $"Gradient explicitly disabled. Reason: {g.Attributes.String("message")}", g.Operation.Name, g.Operation.Type));
}
