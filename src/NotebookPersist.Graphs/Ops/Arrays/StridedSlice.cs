using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Every so many elements of a value, from a place to another, in each dimension.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Any shape and dtype.</param>
    /// <param name="begin">First positions, counted from the end where negative. A vector, int32 or int64, one entry a dimension named.</param>
    /// <param name="end">The positions to stop before.</param>
    /// <param name="strides">Steps, negative to go backwards; by default 1.</param>
    /// <param name="beginMask">Bit i: begin[i] is open.</param>
    /// <param name="endMask">Bit i: end[i] is open.</param>
    /// <param name="ellipsisMask">Bit i: entry i stands for all dimensions not named.</param>
    /// <param name="newAxisMask">Bit i: entry i inserts a dimension of size 1.</param>
    /// <param name="shrinkAxisMask">Bit i: entry i takes the single position begin[i]; its dimension vanishes.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">A position is out of bounds.</exception>
    /// <remarks>Source: TensorFlow op "StridedSlice".</remarks>
    public static Output StridedSlice(
        this Graph graph,
        Operand input,
        Operand begin,
        Operand end,
        Operand strides = default,
        int beginMask = 0,
        int endMask = 0,
        int ellipsisMask = 0,
        int newAxisMask = 0,
        int shrinkAxisMask = 0,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (strides.IsMissing)
            strides = graph.OnesLike(begin);
        var masks = new SliceMasks(beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask);
        return graph.Add<StridedSliceOp>(name, masks.ToAttributes(), input, begin, end, strides);
    }
}

internal sealed class StridedSliceOp() : Op(
    "StridedSlice(input: T, begin: Index, end: Index, strides: Index) -> (output: T) where T: type, Index: int32 | int64, begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0, new_axis_mask: int = 0, shrink_axis_mask: int = 0")
{
    // One bit of each mask an entry.
    private const int MostEntries = 32;

    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output shape = g.Graph.Shape(g.X(0), g.X(1).DType);
        return [g.Graph.Add<StridedSliceGradOp>(null, SliceMasks.Of(g.Attributes).ToAttributes(), shape, g.X(1), g.X(2), g.X(3), g.Dy(0)), null, null, null];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.Input(0);
        Shape entries = c.Merge(c.Merge(c.WithRank(1, 1), c.WithRank(2, 1)), c.WithRank(3, 1));
        long[]? strides = c.InputInts(3);
        if (entries[0] > MostEntries)
            throw c.Fault($"Expected begin, end, and strides to have at most {MostEntries} entries, but got {entries[0]}.");
        if (!input.HasRank || strides is null)
        {
            c.Output(0, input.HasRank && entries[0] >= 0 ? OfRank(c, input.Rank, (int)entries[0]) : Shape.Unknown);
            return;
        }

        try
        {
            c.Output(0, SliceSpec.Resolve(input, c.InputInts(1), c.InputInts(2), strides, SliceMasks.Of(c.Attributes)).Shape);
        }
        catch (ArgumentException fault)
        {
            throw c.Fault($"{fault.Message} Input shape: {input}.");
        }
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        SliceSpec spec = Resolve(c, input.Shape, 1);
        if (spec.Shape.ElementCount == input.Count && Array.TrueForAll(spec.Stride, static s => s == 1))
        {
            c.Output(0, input.Reshaped(spec.Shape));
            return;
        }

        Tensor output = c.AllocateOutput(0, spec.Shape);
        StridedCopy.Run(spec.View(input), StridedView.Of(output, spec.Sizes), spec.Sizes, c.Workers);
    }

    // One size of a shape can be known though the others are not.
    public override Tensor? FoldFromShapes(Operation operation)
    {
        Shape? picked = Picked(operation);
        return picked is { Rank: 1 } && operation.Outputs[0].Shape.Rank == 0 && picked[0] >= 0 && operation.Outputs[0].DType is DType.Int32 or DType.Int64
            ? IntVectors.ToScalar(picked[0], operation.Outputs[0].DType)
            : null;
    }

    public override Shape? ValueAsShape(Operation operation) => operation.Outputs[0].Shape.Rank == 1 ? Picked(operation) : null;

    /// <summary>Works out the slice of a node in a run.</summary>
    /// <exception cref="KernelException">It reaches outside the shape.</exception>
    internal static SliceSpec Resolve(KernelContext c, Shape sliced, int beginInput)
    {
        Tensor begin = c.Input(beginInput);
        Tensor end = c.Input(beginInput + 1);
        Tensor strides = c.Input(beginInput + 2);
        if (begin.Rank != 1 || begin.Shape != end.Shape || begin.Shape != strides.Shape || begin.Count > MostEntries)
            throw c.InvalidArgument($"Expected begin, end, and strides to be 1D equal size tensors, but got shapes {begin.Shape}, {end.Shape}, and {strides.Shape} instead.");
        try
        {
            return SliceSpec.Resolve(sliced, IntVectors.Read(begin), IntVectors.Read(end), IntVectors.Read(strides), SliceMasks.Of(c.Attributes));
        }
        catch (ArgumentException fault)
        {
            throw c.InvalidArgument(fault.Message);
        }
    }

    private static Shape OfRank(ShapeContext c, int rank, int entries)
    {
        SliceMasks masks = SliceMasks.Of(c.Attributes);
        for (int i = 0; i < entries; i++)
            rank += masks.Has(masks.Ellipsis, i) ? 0 : masks.Has(masks.NewAxis, i) ? 1 : masks.Has(masks.ShrinkAxis, i) ? -1 : 0;
        return rank >= 0 ? Shape.OfRank(rank) : Shape.Unknown;
    }

    private static Shape? Picked(Operation operation)
    {
        if (operation.Inputs[0].Shape.Rank != 1 || !operation.Inputs[0].DType.IsInteger() || Ints(1) is not { } begin || Ints(2) is not { } end || Ints(3) is not { } strides)
            return null;
        Shape sizes = ConstantValues.AsShape(operation.Inputs[0]);
        if (!sizes.HasRank)
            return null;
        SliceSpec spec = SliceSpec.Resolve(new long[] { sizes.Rank }, begin, end, strides, SliceMasks.Of(operation.Attributes));
        long[] picked = new long[spec.Sizes[0]];
        for (int i = 0; i < picked.Length; i++)
            picked[i] = sizes[(int)(spec.Begin[0] + (i * spec.Stride[0]))];
        return picked;

        long[]? Ints(int input) => ConstantValues.Of(operation.Inputs[input]) is { Rank: 1 } value ? IntVectors.Read(value) : null;
    }
}

internal sealed class StridedSliceGradOp() : Op(
    "StridedSliceGrad(shape: Index, begin: Index, end: Index, strides: Index, dy: T) -> (output: T) where T: type, Index: int32 | int64, begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0, new_axis_mask: int = 0, shrink_axis_mask: int = 0")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    [
        null, null, null, null,
        g.Graph.Add<StridedSliceOp>(null, SliceMasks.Of(g.Attributes).ToAttributes(), g.Dy(0), g.X(1), g.X(2), g.X(3)),
    ]);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.InputAsShape(0));

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Rank != 1)
            throw c.InvalidArgument($"shape must be 1-D, got shape.shape = {c.Input(0).Shape}");
        Shape whole = IntVectors.Read(c.Input(0));
        SliceSpec spec = StridedSliceOp.Resolve(c, whole, 1);
        Tensor dy = c.Input(4);
        if (dy.Shape != spec.Shape)
            throw c.InvalidArgument($"shape of dy was {dy.Shape} instead of {spec.Shape}");
        Tensor output = c.AllocateOutput(0, whole);
        output.Buffer?.Bytes.Clear();
        StridedCopy.Run(StridedView.Of(dy, spec.Sizes), spec.View(output), spec.Sizes, c.Workers);
    }
}
