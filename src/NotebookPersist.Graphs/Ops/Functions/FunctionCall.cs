using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>A node whose type is the name of a function of the graph.</summary>
internal sealed class FunctionCallOp(OpSignature signature) : FunctionOp(signature)
{
    public override void InferShapes(ShapeContext c)
    {
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, Shape.Unknown);
    }

    public override void Compute(KernelContext c)
    {
        var function = new NameAttrList { Name = Signature.Name };
        foreach (AttrSignature attr in Signature.Attrs)
        {
            if (c.Attributes.TryGet(attr.Name, out AttrValue? value))
                function.Attr.Add(attr.Name, value);
        }

        Return(c, c.Call(function, Arguments(c)));
    }
}
