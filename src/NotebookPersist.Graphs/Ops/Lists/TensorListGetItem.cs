using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class TensorListGetItemOp() : ListOp("TensorListGetItem(input_handle: variant, index: int32, element_shape: int32) -> (item: element_dtype) where element_dtype: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        DType elements = g.Attributes.Type("element_dtype");
        Output length = Make(g, "TensorListLength", null, g.X(0));
        Output zeros = Make(g, "TensorListReserve", elements, Sizes(g, g.X(0)), length);
        return [Make(g, "TensorListSetItem", elements, zeros, g.X(1), g.Dy(0)), null, null];
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, c.InputAsShape(2));

    public override void Compute(KernelContext c)
    {
        TensorList list = List(c, 0);
        RequireType(c, list);
        int index = c.Input<int>(1)[0];
        if (index < 0 || index >= list.Count)
            throw c.InvalidArgument($"Trying to access element {index} in a list with {list.Count} elements.");
        Shape shape = Merged(c, list.ElementShape, ShapeOf(c, 2));
        if (list[index] is null && !shape.IsFullyKnown)
        {
            // As in TensorFlow, elements that are set tell the shape of those that are not.
            foreach (Tensor? item in list.ToArray())
                shape = item is null ? shape : Merged(c, shape, item.Shape);
        }

        c.Output(0, Element(c, list, index, shape));
    }
}

internal sealed class TensorListSetItemOp() : ListOp("TensorListSetItem(input_handle: variant, index: int32, item: element_dtype) -> (output_handle: variant) where element_dtype: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        DType elements = g.Attributes.Type("element_dtype");
        Output toList = Make(g, "TensorListSetItem", elements, g.Dy(0), g.X(1), g.Graph.ZerosLike(g.X(2)));
        return [toList, null, Make(g, "TensorListGetItem", elements, g.Dy(0), g.X(1), g.Graph.Shape(g.X(2)))];
    });

    public override void Compute(KernelContext c)
    {
        TensorList list = List(c, 0);
        RequireType(c, list);
        int index = c.Input<int>(1)[0];
        if (index < 0 || index >= list.Count)
            throw c.InvalidArgument($"Trying to modify element {index} in a list with {list.Count} elements.");
        Tensor item = c.Input(2);
        if (!list.ElementShape.IsCompatibleWith(item.Shape))
            throw c.InvalidArgument($"Tried to set a tensor with incompatible shape at a list index. Item element shape: {item.Shape} list shape: {list.ElementShape}");
        Tensor?[] items = list.ToArray();
        items[index] = TensorList.Kept(item);
        Output(c, 0, list.With(items));
    }
}
