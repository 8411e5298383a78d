using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Takes a value apart into equal pieces along a dimension.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Rank at least 1.</param>
    /// <param name="count">Number of pieces; divides the dimension's size.</param>
    /// <param name="axis">The dimension, counted from the end where negative. A scalar, int32.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.split</c> with a number, op "Split"; like Python it leaves a constant of the number behind.</remarks>
    public static IReadOnlyList<Output> Split(this Graph graph, Operand value, int count, Operand axis, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        graph.Constant(count);
        return graph.AddOperation<SplitOp>(name ?? "split", new AttributeList { { "num_split", count } }, axis, value).Outputs;
    }

    /// <summary>Takes a value apart into pieces of given sizes along a dimension.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Rank at least 1.</param>
    /// <param name="sizes">A vector, int32 or int64; one size may be -1 and takes what remains.</param>
    /// <param name="axis">The dimension, counted from the end where negative. A scalar, int32.</param>
    /// <param name="count">Number of pieces; by default the known length of <paramref name="sizes"/>.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="ArgumentException">The number is neither given nor known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.split</c> with sizes, op "SplitV".</remarks>
    public static IReadOnlyList<Output> Split(this Graph graph, Operand value, Operand sizes, Operand axis, int? count = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output widths = graph.ToOutput(sizes);
        if (widths.Shape.Rank == 0)
            throw new ArgumentException($"Rank-0 tensors are not supported as the num_or_size_splits argument to split. Argument provided: {widths}", nameof(sizes));
        if (count is null && (widths.Shape.Rank != 1 || widths.Shape[0] < 0))
            throw new ArgumentException($"Cannot infer num from shape {widths.Shape.ToPythonString()}", nameof(sizes));
        return graph.AddOperation<SplitVOp>(name ?? "split", new AttributeList { { "num_split", count ?? widths.Shape[0] } }, value, widths, axis).Outputs;
    }
}

internal abstract class SplittingOp(string signature, int valueInput, int axisInput) : Op(signature)
{
    public override void InferShapes(ShapeContext c)
    {
        Shape value = c.Input(valueInput);
        int count = c.OutputCount;
        if (c.InputInts(axisInput) is not { Length: 1 } axis || !value.HasRank)
        {
            for (int i = 0; i < count; i++)
                c.Output(i, value.HasRank ? Shape.OfRank(value.Rank) : Shape.Unknown);
            return;
        }

        if (axis[0] < -value.Rank || axis[0] >= value.Rank)
            throw c.Fault($"-input rank(-{value.Rank}) <= split_dim < input rank ({value.Rank}), but got {axis[0]}.");
        int at = (int)(axis[0] < 0 ? axis[0] + value.Rank : axis[0]);
        long[] widths = KnownWidths(c, value[at], count);
        for (int i = 0; i < count; i++)
        {
            long[] sizes = value.ToArray();
            sizes[at] = widths[i];
            c.Output(i, sizes);
        }
    }

    public override void Compute(KernelContext c)
    {
        Tensor value = c.Input(valueInput);
        if (c.Input(axisInput).Count != 1)
            throw c.InvalidArgument("split_dim_tensor must have exactly one element.");
        int asked = c.Input<int>(axisInput)[0];
        if (asked < -value.Rank || asked >= value.Rank)
            throw c.InvalidArgument($"-input rank(-{value.Rank}) <= split_dim < input rank ({value.Rank}), but got {asked}");
        int axis = asked < 0 ? asked + value.Rank : asked;
        long[] widths = Widths(c, value.Shape[axis], c.Operation.Outputs.Count);
        Tensor[] parts = new Tensor[widths.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            long[] sizes = value.Shape.ToArray();
            sizes[axis] = widths[i];
            parts[i] = c.AllocateOutput(i, sizes);
        }

        Joining.Split(value, parts, IntVectors.Product(value.Shape.Dimensions[..axis]), c.Workers);
    }

    /// <summary>Size of each piece, -1 where unknown.</summary>
    protected abstract long[] KnownWidths(ShapeContext c, long whole, int count);

    /// <summary>Size of each piece.</summary>
    protected abstract long[] Widths(KernelContext c, long whole, int count);

    protected static Operand[] ArrivingGradients(GradientContext g)
    {
        var parts = new Operand[g.Operation.Outputs.Count];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = g.Dy(i);
        return parts;
    }
}

internal sealed class SplitOp() : SplittingOp("Split(split_dim: int32, value: T) -> (output: num_split * T) where num_split: int >= 1, T: type", 1, 0)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [null, g.Graph.Concat(ArrivingGradients(g), g.X(0))]);

    protected override long[] KnownWidths(ShapeContext c, long whole, int count)
    {
        if (whole % count != 0 && whole >= 0)
            throw c.Fault($"Dimension size must be evenly divisible by {count} but is {whole}. Number of ways to split should evenly divide the split dimension.");
        return [.. Enumerable.Repeat(whole < 0 ? -1 : whole / count, count)];
    }

    protected override long[] Widths(KernelContext c, long whole, int count)
    {
        if (whole % count != 0)
            throw c.InvalidArgument($"Number of ways to split should evenly divide the split dimension, but got split_dim {c.Input<int>(0)[0]} (size = {whole}) and num_split {count}");
        return [.. Enumerable.Repeat(whole / count, count)];
    }
}

internal sealed class SplitVOp() : SplittingOp(
    "SplitV(value: T, size_splits: Tlen, split_dim: int32) -> (output: num_split * T) where num_split: int >= 1, T: type, Tlen: int32 | int64 = int64", 0, 2)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Concat(ArrivingGradients(g), g.X(2)), null, null]);

    protected override long[] KnownWidths(ShapeContext c, long whole, int count)
    {
        if (c.InputInts(1) is not { } widths)
            return [.. Enumerable.Repeat(count == 1 ? whole : -1, count)];
        if (widths.Length != count)
            throw c.Fault($"Length of size_splits should be equal to num_outputs, but {widths.Length} sizes were given for {count} outputs.");
        long given = widths.Where(static w => w >= 0).Sum();
        int open = Array.IndexOf(widths, -1);
        if (whole >= 0 && (open < 0 ? given != whole : given > whole))
            throw c.Fault($"Sum of output sizes must match the size of the original Tensor along the split dimension or the sum of the positive sizes must be less if it contains a -1: {given} of {whole}.");
        if (open >= 0 && whole >= 0)
            widths[open] = whole - given;
        return widths;
    }

    protected override long[] Widths(KernelContext c, long whole, int count)
    {
        long[] widths = IntVectors.Read(c.Input(1));
        if (c.Input(1).Rank != 1 || widths.Length != count)
            throw c.InvalidArgument($"size of the split_tensor must be 1-D and have {count} elements as well as the number of outputs, but got {c.Input(1).Shape}");
        long given = 0;
        int open = -1;
        for (int i = 0; i < count; i++)
        {
            if (widths[i] >= 0)
                given += widths[i];
            else if (widths[i] == -1 && open < 0)
                open = i;
            else
                throw c.InvalidArgument(widths[i] == -1 ? "Only one dimensions can have a value of -1. Second one found at dimension " + i : $"Split size at index {i} must be >= 0. Got: {widths[i]}");
        }

        if (open < 0 ? given != whole : given > whole)
        {
            throw c.InvalidArgument("Determined shape must either match input shape along split_dim exactly if fully specified, or be less than the size of the input along split_dim if not fully specified. "
                + $" Got: {given}");
        }

        if (open >= 0)
            widths[open] = whole - given;
        return widths;
    }
}
