using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class EmptyTensorListOp() : ListOp("EmptyTensorList(element_shape: shape_type, max_num_elements: int32) -> (handle: variant) where element_dtype: type, shape_type: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("an empty list depends on nothing differentiable");

    public override void Compute(KernelContext c)
    {
        if (c.Input(1).Count != 1)
            throw c.InvalidArgument($"max_num_elements expected to be a scalar; got shape: {c.Input(1).Shape}");
        Output(c, 0, TensorList.Of(c.Attributes.Type("element_dtype"), ShapeOf(c, 0), [], c.Input<int>(1)[0]));
    }
}

internal sealed class TensorListReserveOp() : ListOp("TensorListReserve(element_shape: shape_type, num_elements: int32) -> (handle: variant) where element_dtype: type, shape_type: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a reserved list depends on nothing differentiable");

    public override void Compute(KernelContext c)
    {
        int count = c.Input<int>(1)[0];
        if (count < 0)
            throw c.InvalidArgument($"The num_elements to reserve must be a non negative number, but got {count}");
        Output(c, 0, TensorList.Of(c.Attributes.Type("element_dtype"), ShapeOf(c, 0), new Tensor?[count]));
    }
}

internal sealed class TensorListResizeOp() : ListOp("TensorListResize(input_handle: variant, size: int32) -> (output_handle: variant); stateful")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [Make(g, "TensorListResize", null, g.Dy(0), Make(g, "TensorListLength", null, g.X(0))), null]);

    public override void Compute(KernelContext c)
    {
        TensorList list = List(c, 0);
        int size = c.Input<int>(1)[0];
        if (size < 0)
            throw c.InvalidArgument($"TensorListSlice expects size to be non-negative. Got: {size}");
        Tensor?[] items = list.ToArray();
        Array.Resize(ref items, size);
        Output(c, 0, list.With(items));
    }
}

internal sealed class TensorListLengthOp() : ListOp("TensorListLength(input_handle: variant) -> (length: int32)")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a length is no continuous value");

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<int>()[0] = List(c, 0).Count;
}

internal sealed class TensorListElementShapeOp() : ListOp("TensorListElementShape(input_handle: variant) -> (element_shape: shape_type) where shape_type: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a shape is no continuous value");

    public override void Compute(KernelContext c)
    {
        Shape shape = List(c, 0).ElementShape;
        if (shape.HasRank)
            IntVectors.Write(shape.Dimensions, c.AllocateOutput(0, [shape.Rank]));
        else
            IntVectors.Write([-1], c.AllocateOutput(0, Shape.Scalar));
    }
}
