using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class RaggedTensorToSparseOp() : Op("RaggedTensorToSparse(rt_nested_splits: RAGGED_RANK * Tsplits, rt_dense_values: T) -> (sparse_indices: int64, sparse_values: T, sparse_dense_shape: int64) where RAGGED_RANK: int >= 1, T: type, Tsplits: int32 | int64 = int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        var gradients = new Output?[g.InputCount];
        Output values = g.X(g.InputCount - 1);
        gradients[^1] = g.Graph.Reshape(g.Dy(1), g.Graph.Shape(values));
        return gradients;
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape values = c.Input(c.InputCount - 1);
        int rank = values.HasRank ? c.InputCount - 1 + values.Rank : -1;
        c.Output(0, [-1, rank]);
        c.Output(1, [-1]);
        c.Output(2, [rank]);
    }

    public override void Compute(KernelContext c)
    {
        int levels = c.InputCount - 1;
        Tensor values = c.Input(levels);
        if (values.Rank == 0)
            throw c.InvalidArgument("rt_dense_values must have rank 1 or more");
        long[][] splits = [.. Enumerable.Range(0, levels).Select(i => IntVectors.Read(c.Input(i)))];
        for (int level = 0; level < levels; level++)
        {
            long end = level + 1 < levels ? splits[level + 1].Length - 1 : values.Shape[0];
            if (splits[level].Length == 0 || splits[level][0] != 0)
                throw c.InvalidArgument("First value of ragged splits must be 0.");
            if (splits[level][^1] != end)
                throw c.InvalidArgument($"Final value of ragged splits must match the length of what they split: {splits[level][^1]} vs. {end}");
            for (int i = 1; i < splits[level].Length; i++)
            {
                if (splits[level][i] < splits[level][i - 1])
                    throw c.InvalidArgument("Ragged splits must be sorted");
            }
        }

        int rank = levels + values.Rank;
        long[] sizes = new long[rank];
        sizes[0] = splits[0].Length - 1;
        for (int level = 0; level < levels; level++)
        {
            for (int i = 1; i < splits[level].Length; i++)
                sizes[level + 1] = Math.Max(sizes[level + 1], splits[level][i] - splits[level][i - 1]);
        }

        for (int d = 1; d < values.Rank; d++)
            sizes[levels + d] = values.Shape[d];
        Span<long> positions = c.AllocateOutput(0, [values.Count, rank]).MutableData<long>();
        int inner = IntVectors.Product(values.Shape.Dimensions[1..]);
        int[] rows = new int[levels];
        for (int i = 0; i < values.Count; i++)
        {
            int rest = i % inner;
            for (int d = values.Rank - 1; d > 0; d--)
                (rest, positions[(i * rank) + levels + d]) = Split(rest, (int)values.Shape[d]);
            long at = i / inner;
            for (int level = levels - 1; level >= 0; level--)
            {
                // Entries come in order, so that the row only moves forwards.
                while (splits[level][rows[level] + 1] <= at)
                    rows[level]++;
                positions[(i * rank) + level + 1] = at - splits[level][rows[level]];
                at = rows[level];
            }

            positions[i * rank] = at;
        }

        c.Output(1, values.Reshaped([values.Count]));
        sizes.CopyTo(c.AllocateOutput(2, [rank]).MutableData<long>());
    }

    private static (int Quotient, long Remainder) Split(int value, int by) => (value / by, value % by);
}
