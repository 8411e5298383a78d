using NotebookPersist.Graphs.Gradients;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>A node whose type is the name of a function of the graph.</summary>
internal sealed class FunctionCallOp(OpSignature signature) : FunctionOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => FunctionGradients.OfCall(g, Called(g.Operation)));

    public override void InferShapes(ShapeContext c)
    {
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, Shape.Unknown);
    }

    public override void Compute(KernelContext c) => Return(c, c.Call(Called(c.Operation), Arguments(c)));

    private static NameAttrList Called(Operation operation)
    {
        var function = new NameAttrList { Name = operation.Type };
        foreach (AttrSignature attr in operation.Signature.Attrs)
        {
            if (operation.Attributes.TryGetShared(attr.Name, out AttrValue? value))
                function.Attr.Add(attr.Name, value);
        }

        return function;
    }
}
