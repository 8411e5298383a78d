using Google.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Execution.Planning;

/// <summary>Makes detached products with what follows them.</summary>
internal static class FusedOperation
{
    /// <summary>A product and what follows it, under the name of the last operation.</summary>
    /// <param name="last">The operation whose result it gives.</param>
    /// <param name="product">A Conv2D, a MatMul, or one of them that is already fused.</param>
    /// <param name="arguments">Inputs of what follows.</param>
    /// <param name="parts">What follows, in TensorFlow's names.</param>
    public static Operation Of(Operation last, Operation product, IEnumerable<Output> arguments, string[] parts)
    {
        bool isConvolution = product.Type is "Conv2D" or "_FusedConv2D";
        Op op = isConvolution ? OpRegistry.BuiltIn.Get<FusedConv2DOp>() : OpRegistry.BuiltIn.Get<FusedMatMulOp>();
        Output[] all = [product.Inputs[0], product.Inputs[1], .. arguments];
        var attributes = new Attributes(last.Name, product.Attributes.Count + 4);
        foreach ((string name, AttrValue value) in product.Attributes)
            attributes.Set(name, value);
        var list = new AttrValue.Types.ListValue();
        list.S.AddRange(parts.Select(ByteString.CopyFromUtf8));
        attributes.Set("fused_ops", new AttrValue { List = list });
        attributes.Set("num_args", new AttrValue { I = all.Length - 2 });
        NodeBuilder.SetDefaults(op.Signature, attributes, last.Name);
        Operation[] controls = [.. product.ControlInputs.Concat(last.ControlInputs).Distinct()];
        Operation fused = last.Detached(op, attributes, all, controls, [(last[0].DType, false)]);
        fused[0].Shape = last[0].Shape;
        return fused;
    }
}
