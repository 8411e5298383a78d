using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same values under another name, all at once.</summary>
    /// <remarks>Source: TensorFlow op "IdentityN"; the gradients pass through.</remarks>
    public static IReadOnlyList<Output> IdentityN(this Graph graph, ReadOnlySpan<Operand> inputs, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.AddOperation<IdentityNOp>(name, null, inputs).Outputs;
    }
}

internal sealed class IdentityNOp() : Op("IdentityN(input: [T]) -> (output: [T]) where T: list(type) >= 1")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        var gradients = new Output?[g.InputCount];
        for (int i = 0; i < gradients.Length; i++)
            gradients[i] = g.HasDy(i) ? g.Dy(i) : null;
        return gradients;
    });

    public override void InferShapes(ShapeContext c)
    {
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, c.Input(i));
    }

    public override void Compute(KernelContext c)
    {
        for (int i = 0; i < c.InputCount; i++)
            c.Output(i, c.Input(i));
    }
}

internal sealed class SnapshotOp() : ForwardingOp("Snapshot(input: T) -> (output: T) where T: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Dy(0)]);
}

internal sealed class GuaranteeConstOp() : ForwardingOp("GuaranteeConst(input: T) -> (output: T) where T: type; stateful")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Dy(0)]);
}

internal sealed class DeepCopyOp() : Op("DeepCopy(x: T) -> (y: T) where T: type; stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c) => c.Output(0, c.Input(0).Clone());
}
