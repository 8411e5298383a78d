using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same elements in reverse order along some dimensions.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Any shape.</param>
    /// <param name="axis">The dimensions, counted from the end where negative. A vector, int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.reverse</c>, op "ReverseV2".</remarks>
    public static Output Reverse(this Graph graph, Operand tensor, Operand axis, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<ReverseV2Op>(name, tensor, axis);
    }

    /// <summary>Reverses the first so many elements of each row, by a number for each row.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Rank at least 2.</param>
    /// <param name="seqLengths">How many elements to reverse. A vector, int32 or int64, one number for each position along <paramref name="batchAxis"/>.</param>
    /// <param name="seqAxis">The dimension reversed along.</param>
    /// <param name="batchAxis">The dimension that the numbers belong to.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "ReverseSequence".</remarks>
    public static Output ReverseSequence(this Graph graph, Operand input, Operand seqLengths, int seqAxis, int batchAxis = 0, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<ReverseSequenceOp>(name, new AttributeList { { "seq_dim", seqAxis }, { "batch_dim", batchAxis } }, input, seqLengths);
    }
}

internal abstract class ReversingOp(string signature) : Op(signature)
{
    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(1, 1);
        c.Output(0, c.Input(0));
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        bool[] reversed = Reversed(c, input.Rank);
        Tensor output = c.AllocateOutput(0, input.Shape);
        if (input.Count == 0)
            return;
        StridedView source = StridedView.Of(input);
        int start = 0;
        for (int i = 0; i < reversed.Length; i++)
        {
            if (!reversed[i])
                continue;
            start += ((int)input.Shape[i] - 1) * source.Strides[i];
            source.Strides[i] = -source.Strides[i];
        }

        StridedCopy.Run(source.From(start), StridedView.Of(output), input.Shape.Dimensions, c.Workers);
    }

    /// <summary>Which dimensions are reversed.</summary>
    protected abstract bool[] Reversed(KernelContext c, int rank);
}

internal sealed class ReverseOp() : ReversingOp(
    "Reverse(tensor: T, dims: bool) -> (output: T) where T: uint8 | int8 | uint16 | int16 | int32 | int64 | bool | half | float | double | complex64 | complex128 | string")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<ReverseOp>(null, g.Dy(0), g.X(1)), null]);

    protected override bool[] Reversed(KernelContext c, int rank) => c.Input(1).Rank == 1 && c.Input(1).Count == rank
        ? c.Input<bool>(1).ToArray()
        : throw c.InvalidArgument($"'dims' must have one flag for each of {rank} dimensions; it has shape {c.Input(1).Shape}");
}

internal sealed class ReverseV2Op() : ReversingOp(
    "ReverseV2(tensor: T, axis: Tidx) -> (output: T) where Tidx: int32 | int64 = int32, T: uint8 | int8 | uint16 | int16 | int32 | int64 | bool | bfloat16 | half | float | double | complex64 | complex128 | string + uint32 | uint64")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Reverse(g.Dy(0), g.X(1)), null]);

    protected override bool[] Reversed(KernelContext c, int rank)
    {
        bool[] reversed = new bool[rank];
        foreach (long axis in IntVectors.Read(c.Input(1)))
        {
            long at = axis < 0 ? axis + rank : axis;
            if (at < 0 || at >= rank)
                throw c.InvalidArgument($"'axis'[{axis}] is out of valid range [0, {rank - 1}");
            if (reversed[at])
                throw c.InvalidArgument($"axis {at} specified more than once.");
            reversed[at] = true;
        }

        return reversed;
    }
}

internal sealed class ReverseSequenceOp() : Op(
    "ReverseSequence(input: T, seq_lengths: Tlen) -> (output: T) where seq_dim: int, batch_dim: int = 0, T: type, Tlen: int32 | int64 = int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.Graph.ReverseSequence(g.Dy(0), g.X(1), (int)g.Attributes.Int("seq_dim"), (int)g.Attributes.Int("batch_dim")), null]);

    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(1, 1);
        Shape input = c.Input(0);
        if (input.HasRank && (c.Attributes.Int("batch_dim") >= input.Rank || c.Attributes.Int("seq_dim") >= input.Rank))
            throw c.Fault($"batch_dim and seq_dim must be < input rank: {c.Attributes.Int("batch_dim")}, {c.Attributes.Int("seq_dim")} vs. {input.Rank}.");
        c.Output(0, input);
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        int batchDim = (int)c.Attributes.Int("batch_dim");
        int seqDim = (int)c.Attributes.Int("seq_dim");
        long[] lengths = IntVectors.Read(c.Input(1));
        if (batchDim == seqDim || batchDim < 0 || seqDim < 0 || batchDim >= input.Rank || seqDim >= input.Rank)
            throw c.InvalidArgument($"batch_dim == seq_dim == {seqDim}, or not below the input's rank {input.Rank}");
        if (lengths.Length != input.Shape[batchDim])
            throw c.InvalidArgument($"Length of seq_lengths != input.dims({batchDim}), ({lengths.Length} vs. {input.Shape[batchDim]})");
        Tensor output = c.AllocateOutput(0, input.Shape);
        if (input.Count == 0)
            return;
        StridedView source = StridedView.Of(input);
        StridedView target = StridedView.Of(output);
        long[] sizes = input.Shape.ToArray();
        sizes[batchDim] = 1;
        for (int b = 0; b < lengths.Length; b++)
        {
            int length = (int)lengths[b];
            if (lengths[b] < 0 || lengths[b] > input.Shape[seqDim])
                throw c.InvalidArgument($"seq_lengths({b}) = {lengths[b]} is not in [0, input.dims({seqDim}) = {input.Shape[seqDim]}]");
            int start = b * source.Strides[batchDim];
            int step = source.Strides[seqDim];
            int[] backwards = (int[])source.Strides.Clone();
            backwards[seqDim] = -step;
            sizes[seqDim] = length;
            StridedCopy.Run(new StridedView(input, start + ((length - 1) * step), backwards), target.From(start), sizes, c.Workers);
            sizes[seqDim] = input.Shape[seqDim] - length;
            StridedCopy.Run(source.From(start + (length * step)), target.From(start + (length * step)), sizes, c.Workers);
        }
    }
}
