using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>Counts numbers of one row or of many into a sparse tensor, which has an element for each number that comes.</summary>
internal abstract class SparseCountOp(string signature) : UndifferentiatedOp(signature, "TensorFlow has no gradient for it"), INumberAction
{
    /// <summary>Which input holds the numbers.</summary>
    protected abstract int Values { get; }

    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, [-1, -1]);
        c.Output(1, [-1]);
        c.Output(2, [-1]);
    }

    public override void Compute(KernelContext c) => this.RunFor(c.Operation.Outputs[1].DType, c);

    void INumberAction.Run<T>(KernelContext c)
    {
        Tensor values = c.Input(Values);
        ReadOnlySpan<T> weights = c.Input<T>(c.InputCount - 1);
        if (weights.Length != 0 && weights.Length != values.Count)
            throw c.InvalidArgument($"Weights and values must have the same shape. Weight shape: {c.Input(c.InputCount - 1).Shape}; values shape: {values.Shape}");
        (bool isVector, long rows, Func<int, long> row) = Rows(c, values);
        long least = c.Attributes.Int("minlength");
        long most = c.Attributes.Int("maxlength");
        bool once = c.Attributes.Bool("binary_output");
        var counts = new SortedDictionary<(long Row, long Number), T>();
        long largest = -1;
        for (int i = 0; i < values.Count; i++)
        {
            Interruption.Check(i);
            long number = values.ItemAt<long>(i);
            if (number < 0)
                throw c.InvalidArgument($"Input values must all be non-negative, got {number}");
            if (most >= 0 && number >= most)
                continue;
            (long, long) key = (row(i), number);
            largest = Math.Max(largest, number);
            counts[key] = once ? T.One : counts.GetValueOrDefault(key, T.Zero) + (weights.IsEmpty ? T.One : weights[i]);
        }

        int rank = isVector ? 1 : 2;
        Span<long> indices = c.AllocateOutput(0, [counts.Count, rank]).MutableData<long>();
        Span<T> found = c.AllocateOutput(1, [counts.Count]).MutableData<T>();
        int at = 0;
        foreach (((long of, long number), T count) in counts)
        {
            indices[(at * rank) + rank - 1] = number;
            if (!isVector)
                indices[at * rank] = of;
            found[at++] = count;
        }

        Span<long> shape = c.AllocateOutput(2, [rank]).MutableData<long>();
        shape[0] = rows;
        shape[^1] = most > 0 ? most : Math.Max(largest + 1, least);
    }

    /// <summary>Whether the result has no rows; how many there are, and the row of each number.</summary>
    protected abstract (bool IsVector, long Rows, Func<int, long> Row) Rows(KernelContext c, Tensor values);
}

internal sealed class DenseCountSparseOutputOp() : SparseCountOp(
    "DenseCountSparseOutput(values: T, weights: output_type) -> (output_indices: int64, output_values: output_type, output_dense_shape: int64) "
    + "where T: int32 | int64, minlength: int >= -1 = -1, maxlength: int >= -1 = -1, binary_output: bool, output_type: int32 | int64 | float | double")
{
    protected override int Values => 0;

    protected override (bool IsVector, long Rows, Func<int, long> Row) Rows(KernelContext c, Tensor values) => values.Rank switch
    {
        1 => (true, 1, static _ => 0),
        2 => (false, values.Shape[0], i => i / Math.Max(1, values.Shape[1])),
        _ => throw c.InvalidArgument($"Input tensor must be a 1 or 2-D tensor, got shape {values.Shape}"),
    };
}

internal sealed class SparseCountSparseOutputOp() : SparseCountOp(
    "SparseCountSparseOutput(indices: int64, values: T, dense_shape: int64, weights: output_type) -> (output_indices: int64, output_values: output_type, output_dense_shape: int64) "
    + "where T: int32 | int64, minlength: int >= -1 = -1, maxlength: int >= -1 = -1, binary_output: bool, output_type: int32 | int64 | float | double")
{
    protected override int Values => 1;

    protected override (bool IsVector, long Rows, Func<int, long> Row) Rows(KernelContext c, Tensor values)
    {
        (Tensor indices, long[] sizes) = (c.Input(0), IntVectors.Read(c.Input(2)));
        if (sizes.Length is not (1 or 2) || indices.Rank != 2 || indices.Shape[0] != values.Count || indices.Shape[1] != sizes.Length)
            throw c.InvalidArgument($"Input indices must be a matrix with a row for each of {values.Count} values and a column for each of 1 or 2 dimensions, got shape {indices.Shape}");
        if (sizes.Length == 1)
            return (true, 1, static _ => 0);
        return (false, sizes[0], i => indices.Data<long>()[2 * i] is >= 0 and var row && row < sizes[0]
            ? row
            : throw c.InvalidArgument($"Index {indices.Data<long>()[2 * i]} is outside of {sizes[0]} rows"));
    }
}

internal sealed class RaggedCountSparseOutputOp() : SparseCountOp(
    "RaggedCountSparseOutput(splits: int64, values: T, weights: output_type) -> (output_indices: int64, output_values: output_type, output_dense_shape: int64) "
    + "where T: int32 | int64, minlength: int >= -1 = -1, maxlength: int >= -1 = -1, binary_output: bool, output_type: int32 | int64 | float | double")
{
    protected override int Values => 1;

    protected override (bool IsVector, long Rows, Func<int, long> Row) Rows(KernelContext c, Tensor values)
    {
        long[] splits = IntVectors.Read(c.Input(0));
        if (splits.Length == 0 || splits[0] != 0 || splits[^1] != values.Count)
            throw c.InvalidArgument("Splits must start with 0 and end with the number of values");
        for (int i = 1; i < splits.Length; i++)
        {
            if (splits[i] < splits[i - 1])
                throw c.InvalidArgument("Splits must be sorted");
        }

        int row = 0;
        return (false, splits.Length - 1, i =>
        {
            while (splits[row + 1] <= i)
                row++;
            return row;
        }
        );
    }
}
