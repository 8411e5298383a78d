using NotebookPersist.Graphs.Gradients;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class CallingOp(string signature) : FunctionOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => FunctionGradients.OfCall(g, g.Attributes.Function("f")));

    public override void Compute(KernelContext c) => Return(c, c.Call(c.Attributes.Function("f"), Arguments(c)));
}

internal sealed class PartitionedCallOp() : CallingOp(
    "PartitionedCall(args: [Tin]) -> (output: [Tout]) where Tin: list(type) >= 0, Tout: list(type) >= 0, f: func, config: string = '', config_proto: string = '', executor_type: string = ''");

internal sealed class StatefulPartitionedCallOp() : CallingOp(
    "StatefulPartitionedCall(args: [Tin]) -> (output: [Tout]) where Tin: list(type) >= 0, Tout: list(type) >= 0, f: func, config: string = '', config_proto: string = '', executor_type: string = ''; stateful");
