using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>What operations on lists of tensors have in common.</summary>
internal abstract class ListOp(string signature) : Op(signature)
{
    // No constant holds a list, so that those who compute ahead must leave it to the run.
    public override bool IsPure => base.IsPure && !Signature.Outputs.Any(static o => o.Type == DType.Variant);

    public override void InferShapes(ShapeContext c)
    {
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, c.Operation.Outputs[i].DType == DType.Variant ? Shape.Scalar : Shape.Unknown);
    }

    /// <summary>The list that an input holds.</summary>
    protected static TensorList List(KernelContext c, int input) => c.Input(input) is { DType: DType.Variant, Count: 1 } handle && handle.Objects[0] is TensorList list
        ? list
        : throw c.InvalidArgument($"Input handle is not a list. Input {input} of node '{c.Operation.Name}' of shape {c.Input(input).Shape} holds none.");

    /// <summary>Sets an output to a list.</summary>
    protected static void Output(KernelContext c, int output, TensorList list) => c.Output(output, Tensor.OfObjects(DType.Variant, Shape.Scalar, [list]));

    /// <summary>A shape given as a vector, -1 for what is unknown; a scalar -1 for a shape of unknown rank.</summary>
    protected static Shape ShapeOf(KernelContext c, int input)
    {
        Tensor sizes = c.Input(input);
        long[] values = IntVectors.Read(sizes);
        if (sizes.Rank == 0)
            return values[0] == -1 ? Shape.Unknown : throw c.InvalidArgument("The only valid scalar shape tensor is the fully unknown shape specified as -1.");
        return values.All(static v => v >= -1) ? values : throw c.InvalidArgument($"A shape has sizes of at least -1, not [{string.Join(',', values)}]");
    }

    /// <summary>What is known of a shape that must fit two others.</summary>
    protected static Shape Merged(KernelContext c, Shape list, Shape given) => list.IsCompatibleWith(given)
        ? list.MergeWith(given)
        : throw c.InvalidArgument($"Tried to use elements of shape {given} with a list whose element shape is {list}: Incompatible shapes");

    protected static void RequireType(KernelContext c, TensorList list)
    {
        DType wanted = c.Attributes.Type("element_dtype");
        if (list.DType != wanted)
            throw c.InvalidArgument($"Invalid data types; op elements {wanted.SignatureName()} but list elements {list.DType.SignatureName()}");
    }

    /// <summary>An element, or zeros where it was never set.</summary>
    protected static Tensor Element(KernelContext c, TensorList list, int index, Shape shape) => list[index] ?? (shape.IsFullyKnown
        ? Tensor.Zeros(list.DType, shape)
        : throw c.InvalidArgument($"Trying to read an uninitialized element but element_shape is not fully defined: {shape}. Initialise the element, or give its shape."));

    protected static TensorList Slices(KernelContext c, Tensor tensor, Shape elementShape)
    {
        if (tensor.Rank == 0)
            throw c.InvalidArgument($"Tensor must be at least a vector, but saw shape: {tensor.Shape}");
        Shape slice = Shape.Create(tensor.Shape.Dimensions[1..]);
        if (!elementShape.IsCompatibleWith(slice))
            throw c.InvalidArgument($"Specified a list with shape {elementShape} from a tensor with shape {slice}");
        return TensorList.Of(tensor.DType, elementShape, Enumerable.Range(0, (int)tensor.Shape[0]).Select(i => TensorList.Kept(Rows.Take(tensor, 0, [i]).Reshaped(slice))));
    }

    /// <summary>Elements of equal shape one after another.</summary>
    protected static Tensor Stacked(KernelContext c, TensorList list, IReadOnlyList<int> indices, Shape elementShape)
    {
        Shape shape = Merged(c, list.ElementShape, elementShape);
        foreach (int index in indices)
        {
            if (index < 0 || index >= list.Count)
                throw c.InvalidArgument($"Trying to gather element {index} in a list with {list.Count} elements.");
            if (list[index] is { } item)
                shape = Merged(c, shape, item.Shape);
        }

        if (!shape.IsFullyKnown)
            throw c.InvalidArgument($"Tried to stack or gather elements of a list with non-fully-defined element_shape: {shape}, of which none is set.");
        Shape whole = Shape.Create([indices.Count]).Concatenate(shape);
        return Joined(c, list, indices, whole, _ => shape);
    }

    /// <summary>Elements one after another, in a tensor of a given shape.</summary>
    protected static Tensor Joined(KernelContext c, TensorList list, IReadOnlyList<int> indices, Shape whole, Func<int, Shape> unset)
    {
        if (list.DType == DType.String)
            return Tensor.OfStrings(whole, [.. indices.SelectMany(i => Element(c, list, i, unset(i)).Strings.ToArray())]);
        if (!list.DType.HasFixedSize())
            return Tensor.OfObjects(list.DType, whole, [.. indices.SelectMany(i => (list[i] ?? throw c.InvalidArgument("An element was never set.")).Objects.ToArray())]);
        Tensor joined = c.Allocate(list.DType, whole);
        int at = 0;
        foreach (int i in indices)
        {
            Tensor element = Element(c, list, i, unset(i));
            element.Bytes.CopyTo(joined.MutableBytes[at..]);
            at += element.Bytes.Length;
        }

        return joined;
    }

    protected static Output Make(GradientContext g, string type, DType? elements, params ReadOnlySpan<Operand> inputs) =>
        g.Graph.AddOperation(type, null, elements is { } dtype ? new AttributeList { { "element_dtype", dtype } } : null, inputs)[0];

    protected static Output Sizes(GradientContext g, Output list) =>
        g.Graph.AddOperation("TensorListElementShape", null, new AttributeList { { "shape_type", DType.Int32 } }, list)[0];

    protected static Output Rest(GradientContext g, Output tensor) => g.Graph.Slice(g.Graph.Shape(tensor), new[] { 1 }, new[] { -1 });
}
