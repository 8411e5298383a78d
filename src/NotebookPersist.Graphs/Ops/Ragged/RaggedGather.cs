using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class RaggedGatherOp() : Op("RaggedGather(params_nested_splits: PARAMS_RAGGED_RANK * Tsplits, params_dense_values: Tvalues, indices: Tindices) -> (output_nested_splits: OUTPUT_RAGGED_RANK * Tsplits, output_dense_values: Tvalues) where Tvalues: type, Tindices: int32 | int64, Tsplits: int32 | int64 = int64, PARAMS_RAGGED_RANK: int >= 1, OUTPUT_RAGGED_RANK: int >= 0")
{
    // What was taken goes back to the range of values that each row covers.
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, int levels) = (g.Graph, g.InputCount - 2);
        (Output values, Output arriving) = (g.X(levels), g.Dy(g.Operation.Outputs.Count - 1));
        Output ends = g.X(0);
        for (int level = 1; level < levels; level++)
            ends = graph.Gather(g.X(level), ends);
        Output rows = graph.Reshape(g.X(levels + 1), new[] { -1 });
        Output from = graph.Gather(ends, rows);
        Output places = graph.AddOperation("RaggedRange", null, null, from, graph.Gather(graph.PartOf(ends, 1..), rows), graph.OnesLike(from))[1];
        Output?[] gradients = new Output?[g.InputCount];
        gradients[levels] = graph.UnsortedSegmentSum(arriving, places, graph.Gather(graph.Shape(values), 0));
        return gradients;
    });

    public override void InferShapes(ShapeContext c)
    {
        int count = c.OutputCount - 1;
        for (int i = 0; i < count; i++)
            c.Output(i, [-1]);
        Shape values = c.Input(c.InputCount - 2);
        c.Output(count, values.HasRank ? [-1, .. values.Dimensions[1..]] : Shape.Unknown);
    }

    public override void Compute(KernelContext c)
    {
        int levels = c.InputCount - 2;
        Tensor values = c.Input(levels);
        Tensor indices = c.Input(levels + 1);
        long[][] splits = [.. Enumerable.Range(0, levels).Select(i => IntVectors.Read(c.Input(i)))];
        for (int level = 0; level < levels; level++)
        {
            long end = level + 1 < levels ? splits[level + 1].Length - 1 : values.Shape[0];
            if (splits[level].Length == 0)
                throw c.InvalidArgument("Ragged splits may not be empty.");
            if (splits[level][0] < 0 || splits[level][^1] > end)
                throw c.InvalidArgument($"Ragged splits must point past values: they run from {splits[level][0]} to {splits[level][^1]}, of {end}");
            for (int i = 1; i < splits[level].Length; i++)
            {
                if (splits[level][i] < splits[level][i - 1])
                    throw c.InvalidArgument("Ragged splits must be sorted");
            }
        }

        // Of each level, the rows that were taken.
        long rows = splits[0].Length - 1;
        long[] taken = IntVectors.Read(indices);
        for (int i = 0; i < taken.Length; i++)
        {
            if (taken[i] < 0 || taken[i] >= rows)
                throw c.InvalidArgument($"indices{Positions.Describe(indices.Shape, i)} = {taken[i]} is not in [0, {rows})");
        }

        int output = 0;
        // Dimensions of the indices beyond the first become levels whose rows are all of one size.
        for (int d = 0; d + 1 < indices.Rank; d++)
        {
            long outer = IntVectors.Product(indices.Shape.Dimensions[..(d + 1)]);
            Write(c, output++, [.. Enumerable.Range(0, (int)outer + 1).Select(i => i * indices.Shape[d + 1])]);
        }

        for (int level = 0; level < levels; level++)
        {
            var next = new List<long>();
            long[] lengths = new long[taken.Length + 1];
            for (int i = 0; i < taken.Length; i++)
            {
                for (long at = splits[level][taken[i]]; at < splits[level][taken[i] + 1]; at++)
                    next.Add(at);
                lengths[i + 1] = next.Count;
            }

            Write(c, output++, lengths);
            taken = [.. next];
        }

        c.Output(output, Rows.Take(values, 0, [.. taken.Select(static t => (int)t)]));
    }

    private static void Write(KernelContext c, int output, long[] splits) => IntVectors.Write(splits, c.AllocateOutput(output, [splits.Length]));
}
