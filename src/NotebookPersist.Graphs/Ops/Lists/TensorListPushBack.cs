using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class TensorListPushBackOp() : ListOp("TensorListPushBack(input_handle: variant, tensor: element_dtype) -> (output_handle: variant) where element_dtype: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Operation pop = g.Graph.AddOperation("TensorListPopBack", null, g.Copy("element_dtype"), g.Dy(0), g.Graph.Shape(g.X(1)));
        return [pop[0], pop[1]];
    });

    public override void Compute(KernelContext c)
    {
        TensorList list = List(c, 0);
        Check(c, list, c.Input(1).Shape);
        Output(c, 0, list.Push(TensorList.Kept(c.Input(1))));
    }

    internal static void Check(KernelContext c, TensorList list, Shape item)
    {
        RequireType(c, list);
        if (!list.ElementShape.IsCompatibleWith(item))
            throw c.InvalidArgument($"Tried to append a tensor with incompatible shape to a list. Op element shape: {item} list shape: {list.ElementShape}");
        if (list.Limit >= 0 && list.Count >= list.Limit)
            throw c.InvalidArgument($"Tried to push item into a full list. list size: {list.Count} max_num_elements: {list.Limit}");
    }
}

internal sealed class TensorListPopBackOp() : ListOp("TensorListPopBack(input_handle: variant, element_shape: int32) -> (output_handle: variant, tensor: element_dtype) where element_dtype: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [Make(g, "TensorListPushBack", g.Attributes.Type("element_dtype"), g.Dy(0), g.Dy(1)), null]);

    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, Shape.Scalar);
        c.Output(1, c.InputAsShape(1));
    }

    public override void Compute(KernelContext c)
    {
        TensorList list = List(c, 0);
        RequireType(c, list);
        if (list.Count == 0)
            throw c.InvalidArgument("Trying to pop from an empty list.");
        Tensor last = Element(c, list, list.Count - 1, Merged(c, list.ElementShape, ShapeOf(c, 1)));
        Output(c, 0, list.Pop());
        c.Output(1, last);
    }
}

internal sealed class TensorListPushBackBatchOp() : ListOp("TensorListPushBackBatch(input_handles: variant, tensor: element_dtype) -> (output_handles: variant) where element_dtype: type")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        (Tensor handles, Tensor tensor) = (c.Input(0), c.Input(1));
        if (tensor.Rank < handles.Rank || !tensor.Shape.Dimensions[..handles.Rank].SequenceEqual(handles.Shape.Dimensions))
            throw c.InvalidArgument($"tensor must have prefix with input_handles.shape, but saw shapes {tensor.Shape} vs. {handles.Shape}");
        Shape item = Shape.Create(tensor.Shape.Dimensions[handles.Rank..]);
        Tensor rows = tensor.Reshaped(Shape.Create([handles.Count]).Concatenate(item));
        object?[] pushed = new object?[handles.Count];
        for (int i = 0; i < pushed.Length; i++)
        {
            TensorList list = handles.Objects[i] as TensorList ?? throw c.InvalidArgument($"Input handle at index {i} is not a list.");
            TensorListPushBackOp.Check(c, list, item);
            pushed[i] = list.Push(TensorList.Kept(Rows.Take(rows, 0, [i]).Reshaped(item)));
        }

        c.Output(0, Tensor.OfObjects(DType.Variant, handles.Shape, pushed));
    }
}

internal sealed class TensorListConcatListsOp() : ListOp("TensorListConcatLists(input_a: variant, input_b: variant) -> (output: variant) where element_dtype: type")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.Input(0), c.Input(1)));

    public override void Compute(KernelContext c)
    {
        (Tensor a, Tensor b) = (c.Input(0), c.Input(1));
        if (a.Shape != b.Shape)
            throw c.InvalidArgument($"input_a and input_b must have the same shape, but saw {a.Shape} vs. {b.Shape}");
        object?[] joined = new object?[a.Count];
        for (int i = 0; i < joined.Length; i++)
        {
            if (a.Objects[i] is not TensorList left || b.Objects[i] is not TensorList right)
                throw c.InvalidArgument($"input at index {i} is not a TensorList");
            RequireType(c, left);
            RequireType(c, right);
            joined[i] = TensorList.Of(left.DType, Merged(c, left.ElementShape, right.ElementShape), [.. left.ToArray(), .. right.ToArray()]);
        }

        c.Output(0, Tensor.OfObjects(DType.Variant, a.Shape, joined));
    }
}
