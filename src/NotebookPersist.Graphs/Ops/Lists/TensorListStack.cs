using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class TensorListStackOp() : ListOp("TensorListStack(input_handle: variant, element_shape: int32) -> (tensor: element_dtype) where element_dtype: type, num_elements: int = -1")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output sizes = Rest(g, g.Dy(0));
        Operation list = g.Graph.AddOperation("TensorListFromTensor", null, null, g.Dy(0), sizes);
        return [list[0], null];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape element = c.InputAsShape(1);
        c.Output(0, Shape.Create([c.Attributes.Int("num_elements")]).Concatenate(element));
    }

    public override void Compute(KernelContext c)
    {
        TensorList list = List(c, 0);
        RequireType(c, list);
        long expected = c.Attributes.Int("num_elements");
        if (expected >= 0 && expected != list.Count)
            throw c.InvalidArgument($"Operation expected a list with {expected} elements but got a list with {list.Count} elements.");
        c.Output(0, Stacked(c, list, [.. Enumerable.Range(0, list.Count)], ShapeOf(c, 1)));
    }
}

internal sealed class TensorListGatherOp() : ListOp("TensorListGather(input_handle: variant, indices: int32, element_shape: int32) -> (values: element_dtype) where element_dtype: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        DType elements = g.Attributes.Type("element_dtype");
        Output length = Make(g, "TensorListLength", null, g.X(0));
        Output zeros = Make(g, "TensorListReserve", elements, Sizes(g, g.X(0)), length);
        return [Make(g, "TensorListScatterIntoExistingList", elements, zeros, g.Dy(0), g.X(1)), null, null];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape indices = c.Input(1);
        c.Output(0, Shape.Create([indices.Rank == 1 ? indices[0] : -1]).Concatenate(c.InputAsShape(2)));
    }

    public override void Compute(KernelContext c)
    {
        TensorList list = List(c, 0);
        RequireType(c, list);
        c.Output(0, Stacked(c, list, c.Input(1).ToArray<int>(), ShapeOf(c, 2)));
    }
}

internal sealed class TensorListFromTensorOp() : ListOp("TensorListFromTensor(tensor: element_dtype, element_shape: shape_type) -> (output_handle: variant) where element_dtype: type, shape_type: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Shape tensor = g.X(0).Shape;
        var attributes = new AttributeList { { "element_dtype", g.X(0).DType }, { "num_elements", tensor.Rank > 0 ? tensor[0] : -1 } };
        return [g.Graph.AddOperation("TensorListStack", null, attributes, g.Dy(0), Rest(g, g.X(0)))[0], null];
    });

    public override void Compute(KernelContext c) => Output(c, 0, Slices(c, c.Input(0), ShapeOf(c, 1)));
}
