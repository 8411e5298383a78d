using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class ConditionalOp(string signature) : FunctionOp(signature)
{
    public override void Compute(KernelContext c) =>
        Return(c, c.Call(c.Attributes.Function(IsTrue(c.Input(0)) ? "then_branch" : "else_branch"), Arguments(c, 1)));
}

internal sealed class IfOp() : ConditionalOp(
    "If(cond: Tcond, input: [Tin]) -> (output: [Tout]) where Tcond: type, Tin: list(type) >= 0, Tout: list(type) >= 0, then_branch: func, else_branch: func, output_shapes: list(shape) = []; stateful");

internal sealed class StatelessIfOp() : ConditionalOp(
    "StatelessIf(cond: Tcond, input: [Tin]) -> (output: [Tout]) where Tcond: type, Tin: list(type) >= 0, Tout: list(type) >= 0, then_branch: func, else_branch: func, output_shapes: list(shape) = []");
