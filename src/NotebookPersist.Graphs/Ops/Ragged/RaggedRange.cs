using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

internal sealed class RaggedRangeOp() : UndifferentiatedOp("RaggedRange(starts: T, limits: T, deltas: T) -> (rt_nested_splits: Tsplits, rt_dense_values: T) where T: bfloat16 | float | double | int32 | int64 = int32, Tsplits: int32 | int64 = int64", "TensorFlow has no gradient for it"), INumberAction
{
    public override void InferShapes(ShapeContext c)
    {
        long rows = -1;
        for (int i = 0; i < 3; i++)
        {
            if (c.Input(i).Rank > 1)
                throw c.Fault($"Shape must be at most rank 1 but is rank {c.Input(i).Rank} for input {i}.");
            if (c.Input(i).Rank == 1)
                rows = c.Merge(rows, c.Input(i)[0]);
        }

        c.Output(0, [c.Input(0).Rank == 0 && c.Input(1).Rank == 0 && c.Input(2).Rank == 0 ? 2 : rows < 0 ? -1 : rows + 1]);
        c.Output(1, [-1]);
    }

    public override void Compute(KernelContext c) => this.RunFor(c.Input(0).DType, c);

    void INumberAction.Run<T>(KernelContext c)
    {
        long rows = -1;
        for (int i = 0; i < 3; i++)
        {
            Shape shape = c.Input(i).Shape;
            if (shape.Rank > 1 || (shape.Rank == 1 && rows >= 0 && rows != shape[0]))
                throw c.InvalidArgument("starts, limits, and deltas must have the same shape, and be scalars or vectors");
            rows = shape.Rank == 1 ? shape[0] : rows;
        }

        rows = rows < 0 ? 1 : rows;
        long[] splits = new long[rows + 1];
        var values = new List<T>();
        for (int row = 0; row < rows; row++)
        {
            (T start, T limit, T delta) = (At(0), At(1), At(2));
            if (T.IsZero(delta))
                throw c.InvalidArgument("Requires delta != 0");
            // As many as fit: an empty range is no mistake.
            double count = Math.Max(0, Math.Ceiling((double.CreateChecked(limit) - double.CreateChecked(start)) / double.CreateChecked(delta)));
            if (values.Count + count > Array.MaxLength)
                throw c.InvalidArgument($"Requires ((limit - start) / delta) <= {Array.MaxLength}");
            for (int i = 0; i < (int)count; i++, start += delta)
                values.Add(start);
            splits[row + 1] = values.Count;

            T At(int input) => c.Input<T>(input)[c.Input(input).Rank == 0 ? 0 : row];
        }

        IntVectors.Write(splits, c.AllocateOutput(0, [splits.Length]));
        values.CopyTo(c.AllocateOutput(1, [values.Count]).MutableData<T>());
    }
}
