using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

/// <summary>Counts how often numbers come, or adds up their weights, in bins of one row or of many.</summary>
internal abstract class RowBincountOp(string signature) : UndifferentiatedOp(signature, "TensorFlow has no gradient for it"), INumberAction
{
    public override void Compute(KernelContext c) => this.RunFor(c.Operation.Outputs[0].DType, c);

    void INumberAction.Run<T>(KernelContext c)
    {
        int last = c.InputCount - 1;
        if (c.Input(last - 1).Rank != 0 || c.Input(last - 1).Item<long>() is not (>= 0 and <= int.MaxValue and var size))
            throw c.InvalidArgument("size must be a scalar that is not negative");
        Tensor values = c.Input(1);
        ReadOnlySpan<T> weights = c.Input<T>(last);
        if (weights.Length != 0 && weights.Length != values.Count)
            throw c.InvalidArgument("`weights` must be the same shape as `values` or a length-0 `Tensor`, in which case it acts as all weights equal to 1.");
        (Shape shape, Func<int, long> row) = Rows(c, size);
        if (shape.ElementCount > Array.MaxLength)
            throw c.InvalidArgument($"{shape} bins are too many");
        bool once = c.Attributes.Bool("binary_output");
        Span<T> bins = c.AllocateOutput(0, shape).MutableData<T>();
        bins.Clear();
        for (int i = 0; i < values.Count; i++)
        {
            long number = values.ItemAt<long>(i);
            if (number < 0)
                throw c.InvalidArgument("Input must be non-negative");
            if (number >= size)
                continue;
            ref T bin = ref bins[checked((int)((row(i) * size) + number))];
            bin = once ? T.One : bin + (weights.IsEmpty ? T.One : weights[i]);
        }
    }

    /// <summary>The shape of all bins, and the row of each number.</summary>
    protected abstract (Shape Shape, Func<int, long> Row) Rows(KernelContext c, long size);
}

/// <summary>Counts the numbers of a sparse vector, or of each row of a sparse matrix.</summary>
internal sealed class SparseBincountOp() : RowBincountOp(
    "SparseBincount(indices: int64, values: Tidx, dense_shape: int64, size: Tidx, weights: T) -> (output: T) "
    + "where Tidx: int32 | int64, T: int32 | int64 | float | double, binary_output: bool = false")
{
    public override void InferShapes(ShapeContext c)
    {
        long size = c.InputInts(3) is [>= 0 and var known] ? known : -1;
        c.Output(0, c.InputInts(2) switch { [_] => [size], [var rows, _] => [rows, size], _ => Shape.Unknown });
    }

    protected override (Shape Shape, Func<int, long> Row) Rows(KernelContext c, long size)
    {
        long[] sizes = IntVectors.Read(c.Input(2));
        if (sizes.Length == 1)
            return ([size], static _ => 0);
        Tensor indices = c.Input(0);
        if (sizes.Length != 2 || sizes[0] < 0 || indices.Rank != 2 || indices.Shape[1] != 2 || indices.Shape[0] != c.Input(1).Count)
            throw c.InvalidArgument($"Expected indices of a vector or a matrix for {c.Input(1).Count} values, got {indices.Shape} and dense_shape of {sizes.Length} elements");
        return ([sizes[0], size], i => indices.Data<long>()[2 * i] is >= 0 and var row && row < sizes[0]
            ? row
            : throw c.InvalidArgument($"Index {indices.Data<long>()[2 * i]} is outside of {sizes[0]} rows"));
    }
}

/// <summary>Counts the numbers of each row of a ragged matrix.</summary>
internal sealed class RaggedBincountOp() : RowBincountOp(
    "RaggedBincount(splits: int64, values: Tidx, size: Tidx, weights: T) -> (output: T) where Tidx: int32 | int64, T: int32 | int64 | float | double, binary_output: bool = false")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape splits = c.WithRank(0, 1);
        c.Output(0, [splits[0] > 0 ? splits[0] - 1 : -1, c.InputInts(2) is [>= 0 and var known] ? known : -1]);
    }

    protected override (Shape Shape, Func<int, long> Row) Rows(KernelContext c, long size)
    {
        long[] splits = IntVectors.Read(c.Input(0));
        if (splits.Length == 0 || splits[0] != 0 || splits[^1] != c.Input(1).Count)
            throw c.InvalidArgument("Splits must start with 0 and end with the number of values");
        for (int i = 1; i < splits.Length; i++)
        {
            if (splits[i] < splits[i - 1])
                throw c.InvalidArgument("Splits must be sorted");
        }

        int row = 0;
        return ([splits.Length - 1, size], i =>
        {
            while (splits[row + 1] <= i)
                row++;
            return row;
        }
        );
    }
}

/// <summary>Counts how often each number comes in a vector, or in each row of a matrix.</summary>
internal sealed class DenseBincountOp() : UndifferentiatedOp("DenseBincount(input: Tidx, size: Tidx, weights: T) "
    + "-> (output: T) "
    + "where Tidx: int32 | int64, T: int32 | int64 | float | double, binary_output: bool = false", "TensorFlow has no gradient for it"), INumberAction
{
    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.Input(0);
        long size = c.InputInts(1) is [>= 0 and var known] ? known : -1;
        c.Output(0, !input.HasRank ? Shape.Unknown : input.Rank == 2 ? [input[0], size] : [size]);
    }

    public override void Compute(KernelContext c) => this.RunFor(c.Operation.Outputs[0].DType, c);

    void INumberAction.Run<T>(KernelContext c)
    {
        Tensor input = c.Input(0);
        if (input.Rank > 2)
            throw c.InvalidArgument($"Shape must be at most rank 2 but is rank {input.Rank}");
        if (c.Input(1).Rank != 0 || c.Input(1).Item<long>() is not (>= 0 and <= int.MaxValue and var size))
            throw c.InvalidArgument("size must be a scalar that is not negative");
        ReadOnlySpan<T> weights = c.Input<T>(2);
        if (weights.Length != 0 && weights.Length != input.Count)
            throw c.InvalidArgument("`weights` must be the same shape as `arr` or a length-0 `Tensor`, in which case it acts as all weights equal to 1.");
        bool once = c.Attributes.Bool("binary_output");
        Span<T> bins = c.AllocateOutput(0, input.Rank == 2 ? [input.Shape[0], size] : [size]).MutableData<T>();
        bins.Clear();
        long row = input.Rank == 2 ? Math.Max(1, input.Shape[1]) : Math.Max(1, input.Count);
        for (int i = 0; i < input.Count; i++)
        {
            long number = input.ItemAt<long>(i);
            if (number < 0)
                throw c.InvalidArgument("Input arr must be non-negative!");
            if (number >= size)
                continue;
            ref T bin = ref bins[(int)((i / row * size) + number)];
            bin = once ? T.One : bin + (weights.IsEmpty ? T.One : weights[i]);
        }
    }
}
