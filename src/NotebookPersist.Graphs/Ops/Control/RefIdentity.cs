using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class RefIdentityOp() : PassingOp("RefIdentity(input: ref(T)) -> (output: ref(T)) where T: type; allows_uninitialized_input")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Dy(0)]);
}

internal sealed class RefSelectOp() : ControlFlowOp("RefSelect(index: int32, inputs: N * ref(T)) -> (output: ref(T)) where T: type, N: int >= 1")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 0);
        Shape first = c.Input(1);
        for (int i = 2; i < c.InputCount; i++)
            first = c.Input(i).Equals(first) ? first : Shape.Unknown;
        c.Output(0, first);
    }

    public override void Compute(KernelContext c)
    {
        int index = c.Input(0).Item<int>();
        if (index < 0 || index >= c.InputCount - 1)
            throw c.InvalidArgument($"Index must be in the range [0, {c.InputCount - 1}) but got {index}");
        Forward(c, index + 1, 0);
    }
}
