using NotebookPersist.Graphs.Gradients;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class ConditionalOp(string signature) : FunctionOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => FunctionGradients.OfBranches(
        g,
        [g.Attributes.Function("then_branch"), g.Attributes.Function("else_branch")],
        (branches, types, inputs) => g.Graph.AddOperation(
            g.Operation.Type, null, new AttributeList { { "Tout", types }, { "then_branch", branches[0] }, { "else_branch", branches[1] } }, inputs)));

    public override void Compute(KernelContext c) =>
        Return(c, c.Call(c.Attributes.Function(IsTrue(c.Input(0)) ? "then_branch" : "else_branch"), Arguments(c, 1)));
}

internal sealed class IfOp() : ConditionalOp(
    "If(cond: Tcond, input: [Tin]) -> (output: [Tout]) where Tcond: type, Tin: list(type) >= 0, Tout: list(type) >= 0, then_branch: func, else_branch: func, output_shapes: list(shape) = []; stateful");

internal sealed class StatelessIfOp() : ConditionalOp(
    "StatelessIf(cond: Tcond, input: [Tin]) -> (output: [Tout]) where Tcond: type, Tin: list(type) >= 0, Tout: list(type) >= 0, then_branch: func, else_branch: func, output_shapes: list(shape) = []");
