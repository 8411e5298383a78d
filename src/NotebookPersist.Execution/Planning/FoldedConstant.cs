using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Execution.Planning;

/// <summary>A constant that a plan computed ahead.</summary>
internal sealed class FoldedConstant : Op
{
    private FoldedConstant(Tensor value)
        : base("Const() -> (output: dtype) where value: tensor, dtype: type")
    {
        // Whoever gets it out of a run gets a copy.
        value.Buffer?.Track();
        Value = value;
    }

    /// <summary>The elements.</summary>
    public Tensor Value { get; }

    public override GradientRule Gradient => GradientRule.NotDifferentiable("a constant depends on nothing");

    /// <summary>A detached constant in the place of an output.</summary>
    public static Output Of(Output output, Tensor value)
    {
        var op = new FoldedConstant(value);
        Operation constant = output.Operation.Detached(op, new Attributes(output.Operation.Name, 0), [], [], [(value.DType, false)]);
        constant[0].Shape = value.Shape;
        return constant[0];
    }

    public override void InferShapes(ShapeContext c) => c.Output(0, Value.Shape);

    public override void Compute(KernelContext c) => c.Output(0, Value);
}
