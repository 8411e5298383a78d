using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class SparseSliceOp() : SparseOp("SparseSlice(indices: int64, values: T, shape: int64, start: int64, size: int64) -> (output_indices: int64, output_values: T, output_shape: int64) where T: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [null, g.Graph.AddOperation("SparseSliceGrad", null, null, g.Dy(1), g.X(0), g.X(3), g.Y(0))[0], null, null, null]);

    public override void Compute(KernelContext c)
    {
        var parts = SparseParts.Read(c, 0);
        (long[] start, long[] size) = (c.Input(3).ToArray<long>(), c.Input(4).ToArray<long>());
        if (start.Length != parts.Rank || size.Length != parts.Rank)
            throw c.InvalidArgument($"Expected start and size to be vectors of length {parts.Rank} but got length {start.Length} and {size.Length}");
        var kept = new List<int>();
        for (int i = 0; i < parts.Count; i++)
        {
            bool inside = true;
            for (int d = 0; d < parts.Rank; d++)
                inside &= parts[i][d] >= start[d] && parts[i][d] - start[d] < size[d];
            if (inside)
                kept.Add(i);
        }

        SparseParts taken = parts.Take(kept);
        for (int i = 0; i < taken.Positions.Length; i++)
            taken.Positions[i] -= start[i % parts.Rank];
        long[] sizes = [.. Enumerable.Range(0, parts.Rank).Select(d => Math.Max(0, Math.Min(size[d], parts.Sizes[d] - start[d])))];
        (taken with { Sizes = sizes }).Output(c, 0, 1, 2);
    }
}

internal sealed class SparseSliceGradOp() : UndifferentiatedOp("SparseSliceGrad(backprop_val_grad: T, input_indices: int64, input_start: int64, output_indices: int64) -> (val_grad: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64", "TensorFlow has no gradient for it")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, [c.WithRank(1, 2)[0]]);

    public override void Compute(KernelContext c)
    {
        Tensor gradient = c.Input(0);
        (Tensor input, Tensor output) = (c.Input(1), c.Input(3));
        long[] start = c.Input(2).ToArray<long>();
        if (input.Rank != 2 || output.Rank != 2 || input.Shape[1] != start.Length || output.Shape[1] != start.Length || gradient.Count != output.Shape[0])
            throw c.InvalidArgument($"Input and output should be matrices of {start.Length} columns with an output row for each gradient, but received shapes {input.Shape}, {output.Shape} and {gradient.Shape}");
        int rank = start.Length;
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < (int)output.Shape[0]; i++)
            places[Key(output.Data<long>().Slice(i * rank, rank), start)] = i;
        Tensor result = c.AllocateOutput(0, [input.Shape[0]]);
        result.Buffer?.Bytes.Clear();
        long[] none = new long[rank];
        int size = gradient.DType.Size();
        for (int i = 0; i < (int)input.Shape[0]; i++)
        {
            if (places.TryGetValue(Key(input.Data<long>().Slice(i * rank, rank), none), out int at))
                gradient.Bytes.Slice(at * size, size).CopyTo(result.MutableBytes[(i * size)..]);
        }
    }

    private static string Key(ReadOnlySpan<long> position, long[] start)
    {
        long[] moved = position.ToArray();
        for (int d = 0; d < moved.Length; d++)
            moved[d] += start[d];
        return string.Join(',', moved);
    }
}

internal sealed class SparseSplitOp() : SparseOp("SparseSplit(split_dim: int64, indices: int64, values: T, shape: int64) -> (output_indices: num_split * int64, output_values: num_split * T, output_shape: num_split * int64) where num_split: int >= 1, T: type")
{
    public override void InferShapes(ShapeContext c)
    {
        int count = c.OutputCount / 3;
        Shape indices = c.WithRank(1, 2);
        for (int i = 0; i < count; i++)
        {
            c.Output(i, [-1, indices[1]]);
            c.Output(count + i, [-1]);
            c.Output((2 * count) + i, [indices[1]]);
        }
    }

    public override void Compute(KernelContext c)
    {
        var parts = SparseParts.Of(c, c.Input(1), c.Input(2), c.Input(3));
        int count = (int)c.Attributes.Int("num_split");
        long axis = c.Input(0).Count == 1 ? c.Input<long>(0)[0] : throw c.InvalidArgument("split_dim must be a scalar");
        if (axis < 0 || axis >= parts.Rank)
            throw c.InvalidArgument($"Input split_dim should be between 0 and rank ({parts.Rank}), got {axis}");
        if (count < 1 || count > parts.Sizes[axis])
            throw c.InvalidArgument($"Input num_split should be between 1 and the splitting dimension size ({parts.Sizes[axis]}), got {count}");
        (long size, long larger) = Math.DivRem(parts.Sizes[axis], count);
        long start = 0;
        for (int piece = 0; piece < count; piece++)
        {
            // The first ones take what is left over.
            long length = size + (piece < larger ? 1 : 0);
            List<int> kept = [.. Enumerable.Range(0, parts.Count).Where(i => parts[i][(int)axis] >= start && parts[i][(int)axis] < start + length)];
            SparseParts taken = parts.Take(kept);
            long[] sizes = (long[])parts.Sizes.Clone();
            sizes[axis] = length;
            for (int i = (int)axis; i < taken.Positions.Length; i += parts.Rank)
                taken.Positions[i] -= start;
            (taken with { Sizes = sizes }).Output(c, piece, count + piece, (2 * count) + piece);
            start += length;
        }
    }
}
