using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Joins the elements of a list along their first dimension.</summary>
internal abstract class ListJoiningOp(string signature) : ListOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Operation split = g.Graph.AddOperation("TensorListSplit", null, null, g.Dy(0), Sizes(g, g.X(0)), g.Y(1));
        var gradients = new Output?[g.InputCount];
        gradients[0] = split[0];
        return gradients;
    });

    protected static void Join(KernelContext c, Shape elementShape, long[] leading)
    {
        TensorList list = List(c, 0);
        RequireType(c, list);
        Shape shape = Merged(c, list.ElementShape, elementShape);
        Shape rest = shape.HasRank ? Shape.Create(shape.Dimensions[1..]) : Shape.Unknown;
        long[] lengths = new long[list.Count];
        for (int i = 0; i < lengths.Length; i++)
        {
            if (list[i] is not { } item)
            {
                lengths[i] = leading.Length > 0 ? (i < leading.Length ? leading[i] : throw c.InvalidArgument($"List contains uninitialized element at index {i} but leading_dims has only {leading.Length} elements."))
                    : shape.Rank > 0 && shape[0] >= 0 ? shape[0]
                    : throw c.InvalidArgument($"List contains uninitialized element at index {i} and its leading size is not known.");
                continue;
            }

            if (item.Rank == 0)
                throw c.InvalidArgument($"Concat saw a scalar shape at index {i} but requires at least vectors.");
            lengths[i] = item.Shape[0];
            rest = Merged(c, rest, Shape.Create(item.Shape.Dimensions[1..]));
        }

        if (!rest.IsFullyKnown)
            throw c.InvalidArgument($"All except the first dimension must be fully defined when concating an empty tensor list. element_shape: {shape}");
        c.Output(0, Joined(c, list, [.. Enumerable.Range(0, list.Count)], Shape.Create([lengths.Sum()]).Concatenate(rest), i => Shape.Create([lengths[i]]).Concatenate(rest)));
        lengths.CopyTo(c.AllocateOutput(1, [lengths.Length]).MutableData<long>());
    }
}

internal sealed class TensorListConcatOp() : ListJoiningOp("TensorListConcat(input_handle: variant) -> (tensor: element_dtype, lengths: int64) where element_dtype: type, element_shape: shape = ?")
{
    public override void Compute(KernelContext c) => Join(c, c.Attributes.Shape("element_shape"), []);
}

internal sealed class TensorListConcatV2Op() : ListJoiningOp("TensorListConcatV2(input_handle: variant, element_shape: shape_type, leading_dims: int64) -> (tensor: element_dtype, lengths: int64) where element_dtype: type, shape_type: int32 | int64")
{
    public override void Compute(KernelContext c) => Join(c, ShapeOf(c, 1), c.Input(2).ToArray<long>());
}

internal sealed class TensorListSplitOp() : ListOp("TensorListSplit(tensor: element_dtype, element_shape: shape_type, lengths: int64) -> (output_handle: variant) where element_dtype: type, shape_type: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output sizes = g.Graph.Concat([new[] { -1 }, Rest(g, g.X(0))], 0);
        return [Make(g, "TensorListConcatV2", g.X(0).DType, g.Dy(0), sizes, g.X(2)), null, null];
    });

    public override void Compute(KernelContext c)
    {
        (Tensor tensor, long[] lengths) = (c.Input(0), c.Input(2).ToArray<long>());
        Shape element = ShapeOf(c, 1);
        if (tensor.Rank == 0)
            throw c.InvalidArgument($"Tensor must be at least a vector, but saw shape: {tensor.Shape}");
        if (lengths.Any(static l => l < 0))
            throw c.InvalidArgument("Invalid value in lengths: they must be at least 0");
        if (lengths.Sum() != tensor.Shape[0])
            throw c.InvalidArgument($"Unused values in tensor. Length of tensor: {tensor.Shape[0]} Values used: {lengths.Sum()}");
        if (!element.IsCompatibleWith(Shape.Create([-1, .. tensor.Shape.Dimensions[1..]])))
            throw c.InvalidArgument($"tensor shape {tensor.Shape} is not compatible with element_shape {element}");
        var pieces = new List<Tensor?>();
        int start = 0;
        foreach (int length in lengths.Select(static l => (int)l))
        {
            pieces.Add(TensorList.Kept(Rows.Take(tensor, 0, [.. Enumerable.Range(start, length)])));
            start += length;
        }

        Output(c, 0, TensorList.Of(tensor.DType, element, pieces));
    }
}
