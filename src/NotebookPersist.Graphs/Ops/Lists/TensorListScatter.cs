using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Puts the rows of a tensor at given places of a list.</summary>
internal abstract class ListScatteringOp(string signature) : ListOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        bool existing = g.Operation.Type == "TensorListScatterIntoExistingList";
        Output tensor = g.X(existing ? 1 : 0);
        Output indices = g.X(existing ? 2 : 1);
        Output toTensor = Make(g, "TensorListGather", tensor.DType, g.Dy(0), indices, Rest(g, tensor));
        if (existing)
            return [Make(g, "TensorListScatterIntoExistingList", tensor.DType, g.Dy(0), g.Graph.ZerosLike(tensor), indices), toTensor, null];
        var gradients = new Output?[g.InputCount];
        gradients[0] = toTensor;
        return gradients;
    });

    protected static void Scatter(KernelContext c, Tensor tensor, Tensor indices, Shape elementShape, Tensor?[] items, int fixedCount)
    {
        if (indices.Rank != 1 || tensor.Rank == 0 || tensor.Shape[0] != indices.Count)
            throw c.InvalidArgument($"Invalid number of rows in input tensor. Expected: {indices.Count} Actual: {tensor.Shape}");
        TensorList rows = Slices(c, tensor, elementShape);
        int[] places = indices.ToArray<int>();
        foreach (int place in places)
        {
            if (place < 0)
                throw c.InvalidArgument($"Indices in TensorListScatter must all be positive. Got {place}");
            if (fixedCount >= 0 && place >= fixedCount)
                throw c.InvalidArgument($"TensorListScatter: Trying to scatter at index {place} in list with size {fixedCount}");
        }

        int count = fixedCount >= 0 ? fixedCount : Math.Max(items.Length, places.DefaultIfEmpty(-1).Max() + 1);
        Array.Resize(ref items, count);
        for (int i = 0; i < places.Length; i++)
            items[places[i]] = rows[i];
        Output(c, 0, TensorList.Of(tensor.DType, elementShape, items));
    }
}

internal sealed class TensorListScatterOp() : ListScatteringOp("TensorListScatter(tensor: element_dtype, indices: int32, element_shape: shape_type) -> (output_handle: variant) where element_dtype: type, shape_type: int32 | int64")
{
    public override void Compute(KernelContext c) => Scatter(c, c.Input(0), c.Input(1), ShapeOf(c, 2), [], -1);
}

internal sealed class TensorListScatterV2Op() : ListScatteringOp("TensorListScatterV2(tensor: element_dtype, indices: int32, element_shape: shape_type, num_elements: int32) -> (output_handle: variant) where element_dtype: type, shape_type: int32 | int64")
{
    public override void Compute(KernelContext c)
    {
        int count = c.Input<int>(3)[0];
        if (count < -1)
            throw c.InvalidArgument($"TensorListScatter expects num_elements >= -1, found: {count}");
        Scatter(c, c.Input(0), c.Input(1), ShapeOf(c, 2), [], count);
    }
}

internal sealed class TensorListScatterIntoExistingListOp() : ListScatteringOp("TensorListScatterIntoExistingList(input_handle: variant, tensor: element_dtype, indices: int32) -> (output_handle: variant) where element_dtype: type")
{
    public override void Compute(KernelContext c)
    {
        TensorList list = List(c, 0);
        RequireType(c, list);
        Scatter(c, c.Input(1), c.Input(2), list.ElementShape, list.ToArray(), -1);
    }
}
