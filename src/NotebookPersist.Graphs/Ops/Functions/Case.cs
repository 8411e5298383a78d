using Google.Protobuf.Collections;
using NotebookPersist.Graphs.Gradients;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

internal abstract class CaseBase(string signature) : FunctionOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => FunctionGradients.OfBranches(
        g,
        Branches(g.Attributes),
        (branches, types, inputs) => g.Graph.AddOperation(
            g.Operation.Type, null, new AttributeList { { "Tout", types }, { "branches", new AttrValue { List = new AttrValue.Types.ListValue { Func = { branches } } } } }, inputs)));

    public override void Compute(KernelContext c)
    {
        RepeatedField<NameAttrList> branches = Branches(c.Attributes);
        if (branches.Count == 0)
            throw c.InvalidArgument("There are no branches.");
        int index = c.Input(0).Item<int>();
        // Whatever is out of range means the last branch.
        Return(c, c.Call(branches[index >= 0 && index < branches.Count ? index : branches.Count - 1], Arguments(c, 1)));
    }

    private static RepeatedField<NameAttrList> Branches(Attributes attributes) => attributes.TryGet("branches", out AttrValue? value) && value.List is { } list ? list.Func : [];
}

internal sealed class CaseOp() : CaseBase(
    "Case(branch_index: int32, input: [Tin]) -> (output: [Tout]) where Tin: list(type) >= 0, Tout: list(type) >= 0, branches: list(func) >= 1, output_shapes: list(shape) = []; stateful");

internal sealed class StatelessCaseOp() : CaseBase(
    "StatelessCase(branch_index: int32, input: [Tin]) -> (output: [Tout]) where Tin: list(type) >= 0, Tout: list(type) >= 0, branches: list(func) >= 1, output_shapes: list(shape) = []");
