using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class TemporaryVariableOp() : UndifferentiatedOp("TemporaryVariable() -> (ref: ref(dtype)) where shape: shape, dtype: type, var_name: string = ''; stateful", "a variable depends on nothing in the graph")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Attributes.Shape("shape"));

    // It lives for one run: each run has a cell of its own. TensorFlow leaves the first value open; here it is 0.
    public override void Compute(KernelContext c)
    {
        DType dtype = c.Attributes.Type("dtype");
        string name = c.Attributes.String("var_name");
        var cell = new VariableCell(name.Length > 0 ? name : c.Operation.Name, dtype);
        Shape shape = c.Attributes.Shape("shape");
        if (!shape.IsFullyKnown)
            throw c.InvalidArgument($"The shape of a temporary variable must be fully known, not {shape}.");
        cell.Adopt(Tensor.Zeros(dtype, shape));
        c.OutputReference(0, cell);
    }
}

internal sealed class DestroyTemporaryVariableOp() : UndifferentiatedOp("DestroyTemporaryVariable(ref: ref(T)) -> (value: T) where T: type, var_name: string", "a variable's last value is not differentiated")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c) => c.Output(0, c.Reference(0).Read());
}
