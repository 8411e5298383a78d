using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same value under another name.</summary>
    /// <returns>Shape and dtype of <paramref name="input"/>; the bytes are shared.</returns>
    /// <remarks>Source: TensorFlow op "Identity"; the gradient passes through.</remarks>
    public static Output Identity(this Graph graph, Operand input, string? name = null) => graph.Add<IdentityOp>(name, input);
}

internal sealed class IdentityOp() : Op("Identity(input: T) -> (output: T) where T: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Dy(0)]);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c) => c.Output(0, c.Input(0));

    public override Shape? ValueAsShape(Operation operation) => ConstantValues.AsShape(operation.Inputs[0]);
}
