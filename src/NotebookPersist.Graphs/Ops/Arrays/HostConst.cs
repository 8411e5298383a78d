using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>A constant that other machines keep apart from their accelerators.</summary>
internal sealed class HostConstOp() : Op("HostConst() -> (output: dtype) where value: tensor, dtype: type")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a constant depends on nothing");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Attributes.Tensor("value").Shape);

    public override void Compute(KernelContext c) => c.Output(0, c.Attributes.Tensor("value").Clone());
}

/// <summary>Stands for a value that the other branch of a condition gives and nobody reads: zeros.</summary>
internal sealed class FakeParamOp() : Op("FakeParam() -> (output: dtype) where dtype: type, shape: shape")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it depends on nothing");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Attributes.Shape("shape"));

    public override void Compute(KernelContext c)
    {
        Shape shape = c.Attributes.Shape("shape");
        DType type = c.Attributes.Type("dtype");
        // A size that is not known is none: whoever read the value would find it empty.
        Shape known = shape.HasRank ? Shape.Create([.. shape.ToArray().Select(static d => Math.Max(d, 0))]) : Shape.Scalar;
        c.Output(0, type is DType.Variant or DType.Resource ? Tensor.OfObjects(type, known, new object?[known.ElementCount]) : Tensor.Zeros(type, known));
    }
}

internal sealed class FactOp() : Op("Fact() -> (fact: string)")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a text is no number");

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.Output(0, Tensor.OfStrings(Shape.Scalar, ["0! == 1"u8.ToArray()]));
}
