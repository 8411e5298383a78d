using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>Sums the rows of sparse gradients, or takes the mean of each row.</summary>
/// <remarks>Thread safety: all members lock.</remarks>
internal sealed class SparseGradientAccumulator(DType dtype, Shape shape, bool isMean) : StepAccumulator
{
    private readonly SortedDictionary<long, (Tensor Row, int Count)> _rows = [];
    private Shape? _row;

    /// <summary>Adds rows by their numbers, unless they are older than the present step.</summary>
    /// <param name="step">Their step.</param>
    /// <param name="indices">Number of each row.</param>
    /// <param name="values">Shape: [rows, ...].</param>
    public void Add(long step, Tensor indices, Tensor values) => Add(step, () =>
    {
        if (indices.Rank != 1 || values.Rank == 0 || values.Shape[0] != indices.Count)
            throw new KernelException(RunErrorCode.InvalidArgument, $"Expected a vector of indices and as many rows of values, got {indices.Shape} and {values.Shape}");
        Shape row = Shape.Create(values.Shape.Dimensions[1..]);
        if (values.DType != dtype || (_row is not null && row != _row) || (shape.HasRank && shape.Rank > 0 && !Shape.Create(shape.Dimensions[1..]).IsCompatibleWith(row)))
            throw new KernelException(RunErrorCode.InvalidArgument, $"Shape mismatch: expected rows of {_row ?? shape}, got {row}");
        foreach (long index in indices.Data<long>())
        {
            if (index < 0 || (shape.HasRank && shape.Rank > 0 && shape[0] >= 0 && index >= shape[0]))
                throw new KernelException(RunErrorCode.InvalidArgument, $"Row {index} of a gradient is outside of {shape}");
        }

        _row = row;
        for (int i = 0; i < indices.Count; i++)
            Add(indices.Data<long>()[i], RowOf(values, i, row));
    });

    /// <summary>Takes the rows that at least so many gradients made, by ascending numbers, and begins the next step.</summary>
    public (long[] Indices, Tensor Values, long[] Shape) Take(int required, CancellationToken cancellation) => Take(
        required,
        _ =>
        {
            Shape row = _row!; // At least one has come.
            Tensor values = Tensor.Uninitialized(dtype, [_rows.Count, .. row.Dimensions]);
            int bytes = (int)row.ElementCount * dtype.Size();
            int at = 0;
            foreach ((Tensor sum, int count) in _rows.Values)
                (isMean ? GradientAccumulator.Divided(sum, count) : sum).Bytes.CopyTo(values.MutableBytes[(at++ * bytes)..]);
            long first = shape.HasRank && shape.Rank > 0 ? shape[0] : -1;
            (long[], Tensor, long[]) taken = ([.. _rows.Keys], values, [first, .. row.Dimensions]);
            _rows.Clear();
            _row = null;
            return taken;
        },
        cancellation);

    private static Tensor RowOf(Tensor values, int position, Shape shape)
    {
        Tensor row = Tensor.Uninitialized(values.DType, shape);
        values.Bytes.Slice(position * row.Bytes.Length, row.Bytes.Length).CopyTo(row.MutableBytes);
        return row;
    }

    private void Add(long index, Tensor row)
    {
        if (!_rows.TryGetValue(index, out (Tensor Row, int Count) known))
            _rows.Add(index, (row, 1));
        else if (Scattering.TryApply(known.Row, [0], known.Row.Count, row, ScatterKind.Add))
            _rows[index] = (known.Row, known.Count + 1);
        else
            throw new KernelException(RunErrorCode.Unimplemented, $"Gradients of type {dtype.Name()} cannot be summed.");
    }
}

internal sealed class SparseConditionalAccumulatorOp() : AccumulatorMakingOp("SparseConditionalAccumulator", "ref(string)")
{
    protected override StepAccumulator Make(DType dtype, Shape shape, bool isMean) => new SparseGradientAccumulator(dtype, shape, isMean);
}

internal sealed class SparseAccumulatorApplyGradientOp() : AccumulatorUsingOp(
    "SparseAccumulatorApplyGradient(handle: ref(string), local_step: int64, gradient_indices: int64, gradient_values: dtype, gradient_shape: int64) -> () "
    + $"where dtype: {AccumulatorMakingOp.Numbers}, has_known_shape: bool")
{
    public override void Compute(KernelContext c) => Accumulator<SparseGradientAccumulator>(c).Add(c.Input(1).Item<long>(), c.Input(2), c.Input(3));
}

internal sealed class SparseAccumulatorTakeGradientOp() : AccumulatorUsingOp(
    $"SparseAccumulatorTakeGradient(handle: ref(string), num_required: int32) -> (indices: int64, values: dtype, shape: int64) where dtype: {AccumulatorMakingOp.Numbers}")
{
    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, Shape.OfRank(1));
        c.Output(2, Shape.OfRank(1));
    }

    public override void Compute(KernelContext c)
    {
        (long[] indices, Tensor values, long[] shape) = Accumulator<SparseGradientAccumulator>(c).Take(c.Input(1).Item<int>(), c.Workers.Cancellation);
        c.Output(0, Tensor.Of<long>([indices.Length], indices));
        c.Output(1, values);
        c.Output(2, Tensor.Of<long>([shape.Length], shape));
    }
}
