using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A block of a value: so many elements from a place on, in each dimension.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Any shape and dtype.</param>
    /// <param name="begin">The first element. Shape: [rank], int32 or int64.</param>
    /// <param name="size">Number of elements, -1 for all that remain. Shape: [rank], the type of <paramref name="begin"/>.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Slice".</remarks>
    public static Output Slice(this Graph graph, Operand input, Operand begin, Operand size, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<SliceOp>(name, input, begin, size);
    }
}

internal sealed class SliceOp() : Op("Slice(input: T, begin: Index, size: Index) -> (output: T) where T: type, Index: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output rank = g.Graph.Rank(g.X(0));
        Output sliceSize = g.Graph.Shape(g.Y(0), g.X(1).DType);
        Output column = g.Graph.Stack([rank, 1]);
        Output before = g.Graph.Reshape(g.X(1), column);
        Output all = g.Graph.Shape(g.X(0), g.X(1).DType);
        Output rest = g.Graph.AddOperation("Sub", "sub", null, all, sliceSize)[0];
        Output after = g.Graph.Reshape(g.Graph.AddOperation("Sub", "sub", null, rest, g.X(1))[0], column);
        return [g.Graph.Pad(g.Dy(0), g.Graph.Concat([before, after], 1)), null, null];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.Input(0);
        Shape beginShape = c.WithRank(1, 1);
        c.Merge(beginShape, c.WithRank(2, 1));
        long[]? begin = c.InputInts(1);
        long[]? size = c.InputInts(2);
        int rank = input.HasRank ? input.Rank : begin?.Length ?? size?.Length ?? (int)Math.Min(int.MaxValue, beginShape[0]);
        if (rank > Shape.MaxRank)
            throw c.Fault($"Cannot slice along {rank} dimensions; {Shape.MaxRank} are the most.");
        if (rank < 0)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        if ((begin ?? size)?.Length is { } count && count != rank)
            throw c.Fault($"Shape must be rank {count} but is rank {rank} for '{c.Operation.Name}' with input shapes: {input}.");
        // Even sizes that a run computes, such as those of another value's shape, can be partly known.
        Shape partial = size is null ? c.InputAsShape(2) : Shape.Unknown;
        long[] sizes = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            long whole = input.HasRank ? input[i] : -1;
            if (size is null)
            {
                sizes[i] = partial.Rank == rank ? partial[i] : -1;
                continue;
            }

            sizes[i] = size[i] >= 0 ? size[i] : begin is null || whole < 0 ? -1 : whole - begin[i];
            if (size[i] < -1 || (begin is not null && (begin[i] < 0 || (whole >= 0 && begin[i] + sizes[i] > whole)) || sizes[i] < -1))
                throw c.Fault($"Cannot take {size[i]} elements from {begin?[i]} on in dimension {i} of shape {input}.");
        }

        c.Output(0, sizes);
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        long[] begin = IntVectors.Read(c.Input(1));
        long[] size = IntVectors.Read(c.Input(2));
        if (c.Input(1).Rank != 1 || c.Input(2).Rank != 1 || begin.Length != input.Rank || size.Length != input.Rank)
            throw c.InvalidArgument($"Expected begin and size arguments to be 1-D tensors of size {input.Rank}, but got shapes {c.Input(1).Shape} and {c.Input(2).Shape} instead.");
        bool whole = true;
        for (int i = 0; i < size.Length; i++)
        {
            long there = input.Shape[i];
            if (size[i] == -1)
                size[i] = there - begin[i];
            if (begin[i] < 0 || begin[i] > there)
                throw c.InvalidArgument($"Expected begin[{i}] in [0, {there}], but got {begin[i]}");
            if (size[i] < 0 || size[i] > there - begin[i])
                throw c.InvalidArgument($"Expected size[{i}] in [0, {there - begin[i]}], but got {size[i]}");
            whole &= size[i] == there;
        }

        if (whole)
        {
            c.Output(0, input);
            return;
        }

        Tensor output = c.AllocateOutput(0, size);
        StridedView source = StridedView.Of(input);
        int start = 0;
        for (int i = 0; i < size.Length; i++)
            start += (int)begin[i] * source.Strides[i];
        StridedCopy.Run(source.From(start), StridedView.Of(output), size, c.Workers);
    }

    public override Shape? ValueAsShape(Operation operation)
    {
        if (ConstantValues.Of(operation.Inputs[1]) is not { Count: 1 } begin || ConstantValues.Of(operation.Inputs[2]) is not { Count: 1 } size)
            return null;
        Shape whole = ConstantValues.AsShape(operation.Inputs[0]);
        long from = begin.ItemAt<long>(0);
        long count = size.ItemAt<long>(0);
        if (!whole.HasRank || from < 0 || from > whole.Rank || count > whole.Rank - from)
            return null;
        return Shape.Create(whole.Dimensions.Slice((int)from, (int)(count < 0 ? whole.Rank - from : count)));
    }
}
