using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>An operation that runs functions of the graph's library.</summary>
internal abstract class FunctionOp : Op
{
    protected FunctionOp(string signature)
        : base(signature)
    {
    }

    protected FunctionOp(OpSignature signature)
        : base(signature)
    {
    }

    // What a function does is not known before it is called.
    public sealed override bool IsPure => false;

    public override void InferShapes(ShapeContext c)
    {
        bool told = c.Attributes.TryGetShared("output_shapes", out AttrValue? shapes) && shapes.List is { Shape.Count: > 0 } list && list.Shape.Count == c.OutputCount;
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, told ? c.Attributes.Shapes("output_shapes")[i] : Shape.Unknown);
    }

    /// <summary>The inputs from one on.</summary>
    protected static Tensor[] Arguments(KernelContext c, int first = 0)
    {
        var arguments = new Tensor[c.InputCount - first];
        for (int i = 0; i < arguments.Length; i++)
            arguments[i] = c.Input(first + i);
        return arguments;
    }

    /// <summary>Sets the outputs to a function's results.</summary>
    protected static void Return(KernelContext c, Tensor[] results)
    {
        int count = c.Operation.Outputs.Count;
        if (results.Length != count)
            throw c.InvalidArgument($"A function gave {results.Length} values where {count} are expected.");
        for (int i = 0; i < count; i++)
        {
            if (results[i].DType != c.Operation.Outputs[i].DType)
                throw c.InvalidArgument($"Expected type {c.Operation.Outputs[i].DType.Name()} for return value {i} but got {results[i].DType.Name()}.");
            c.Output(i, results[i]);
        }
    }

    /// <summary>What a value means as a condition: a scalar is true unless zero or empty, an array unless it has no elements.</summary>
    protected static bool IsTrue(Tensor value) => value.Rank > 0 ? value.Count > 0 : value.DType switch
    {
        DType.Bool => value.Data<bool>()[0],
        DType.String => value.Strings[0].Length > 0,
        _ => value.ItemAt<double>(0) != 0,
    };
}
