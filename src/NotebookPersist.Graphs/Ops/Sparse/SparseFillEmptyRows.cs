using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Gives each empty row of a sparse tensor one entry in its first column.</summary>
    /// <returns>The filled parts; which rows were empty; where each given entry went.</returns>
    /// <remarks>Source: TensorFlow op "SparseFillEmptyRows".</remarks>
    public static (Output Indices, Output Values, Output EmptyRows, Output ReverseIndexMap) SparseFillEmptyRows(
        this Graph graph, Operand indices, Operand values, Operand denseShape, Operand defaultValue, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation made = graph.AddOperation<SparseFillEmptyRowsOp>(name, null, indices, values, denseShape, defaultValue);
        return (made[0], made[1], made[2], made[3]);
    }
}

internal sealed class SparseFillEmptyRowsOp() : Op("SparseFillEmptyRows(indices: int64, values: T, dense_shape: int64, default_value: T) -> (output_indices: int64, output_values: T, empty_row_indicator: bool, reverse_index_map: int64) where T: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Operation gradient = g.Graph.AddOperation("SparseFillEmptyRowsGrad", null, null, g.Y(3), g.Dy(1));
        return [null, gradient[0], null, gradient[1]];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape indices = c.WithRank(0, 2);
        c.WithRank(3, 0);
        c.Output(0, [-1, indices[1]]);
        c.Output(1, [-1]);
        Shape dense = c.InputAsShape(2);
        c.Output(2, [dense.Rank > 0 ? dense[0] : -1]);
        c.Output(3, [indices[0]]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor indices, Tensor values) = (c.Input(0), c.Input(1));
        if (c.Input(3).Rank != 0)
            throw c.InvalidArgument($"default_value must be a scalar, saw: {c.Input(3).Shape}");
        if (indices.Rank != 2 || values.Rank != 1 || values.Count != indices.Shape[0] || indices.Shape[1] == 0 || c.Input(2).Count == 0)
            throw c.InvalidArgument($"indices must be a matrix with a row for each value, saw: {indices.Shape} and {values.Shape}");
        long rows = c.Input<long>(2)[0];
        if (rows == 0 && values.Count > 0)
            throw c.InvalidArgument($"Received SparseTensor with dense_shape[0] = 0 but indices.shape[0] = {values.Count}");
        if (rows < 0 || rows > Array.MaxLength)
            throw c.InvalidArgument($"dense_shape[0] = {rows} rows cannot be filled");
        int rank = (int)indices.Shape[1];
        long[] positions = indices.ToArray<long>();
        int[] counts = new int[rows];
        for (int i = 0; i < values.Count; i++)
        {
            long row = positions[i * rank];
            if (row < 0 || row >= rows)
                throw c.InvalidArgument($"indices({i}, 0) is invalid: {row} >= {rows}");
            counts[row]++;
        }

        int[] next = new int[rows];
        int total = 0;
        Span<bool> empty = c.AllocateOutput(2, [rows]).MutableData<bool>();
        for (int row = 0; row < counts.Length; row++)
        {
            next[row] = total;
            empty[row] = counts[row] == 0;
            total += Math.Max(1, counts[row]);
        }

        Span<long> filled = c.AllocateOutput(0, [total, rank]).MutableData<long>();
        Span<long> map = c.AllocateOutput(3, [values.Count]).MutableData<long>();
        int[] sources = new int[total];
        filled.Clear();
        for (int row = 0; row < counts.Length; row++)
        {
            if (counts[row] > 0)
                continue;
            filled[next[row] * rank] = row;
            sources[next[row]] = values.Count;
        }

        for (int i = 0; i < values.Count; i++)
        {
            int at = next[positions[i * rank]]++;
            positions.AsSpan(i * rank, rank).CopyTo(filled[(at * rank)..]);
            sources[at] = i;
            map[i] = at;
        }

        Tensor all = SparseJoining.Join([values, c.Input(3).Reshaped([1])]);
        c.Output(1, Rows.Take(all, 0, [.. sources]));
    }
}

internal sealed class SparseFillEmptyRowsGradOp() : UndifferentiatedOp("SparseFillEmptyRowsGrad(reverse_index_map: int64, grad_values: T) -> (d_values: T, d_default_value: T) where T: type", "TensorFlow has no gradient for it")
{
    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, c.WithRank(0, 1));
        c.WithRank(1, 1);
        c.Output(1, Shape.Scalar);
    }

    public override void Compute(KernelContext c)
    {
        long[] map = c.Input(0).ToArray<long>();
        Tensor gradient = c.Input(1);
        foreach (long place in map)
        {
            if (place < 0 || place >= gradient.Count)
                throw c.InvalidArgument($"Elements in reverse index must be in [0, {gradient.Count}) but got {place}");
        }

        c.Output(0, Rows.Take(gradient, 0, [.. map.Select(static p => (int)p)]));
        var taken = map.ToHashSet();
        List<int> rest = [.. Enumerable.Range(0, gradient.Count).Where(i => !taken.Contains(i))];
        Tensor sum = Tensor.Zeros(gradient.DType, Shape.Scalar);
        if (!NotebookPersist.Kernels.Scattering.TryApply(sum, new int[rest.Count], 1, Rows.Take(gradient, 0, rest), NotebookPersist.Kernels.ScatterKind.Add))
            throw c.Unsupported(gradient.DType);
        c.Output(1, sum);
    }
}
