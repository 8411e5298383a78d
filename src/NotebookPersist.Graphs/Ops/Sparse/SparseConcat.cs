using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class SparseConcatOp() : SparseOp("SparseConcat(indices: N * int64, values: N * T, shapes: N * int64) -> (output_indices: int64, output_values: T, output_shape: int64) where concat_dim: int, N: int >= 2, T: type")
{
    public override void Compute(KernelContext c)
    {
        int count = c.InputCount / 3;
        SparseParts[] parts = [.. Enumerable.Range(0, count).Select(i => SparseParts.Of(c, c.Input(i), c.Input(count + i), c.Input((2 * count) + i)))];
        int rank = parts[0].Rank;
        long axis = c.Attributes.Int("concat_dim");
        int at = (int)(axis < 0 ? axis + rank : axis);
        if (at < 0 || at >= rank)
            throw c.InvalidArgument($"Concat dimension must be in range [{-rank}, {rank}), got {axis}");
        long[] sizes = (long[])parts[0].Sizes.Clone();
        sizes[at] = 0;
        var positions = new List<long>();
        foreach (SparseParts part in parts)
        {
            if (part.Rank != rank || Enumerable.Range(0, rank).Any(d => d != at && part.Sizes[d] != sizes[d]))
                throw c.InvalidArgument($"Input shapes must match except in the concat dimension: got [{string.Join(',', parts[0].Sizes)}] and [{string.Join(',', part.Sizes)}]");
            for (int i = 0; i < part.Positions.Length; i++)
                positions.Add(part.Positions[i] + (i % rank == at ? sizes[at] : 0));
            sizes[at] += part.Sizes[at];
        }

        var all = new SparseParts([.. positions], SparseJoining.Join([.. parts.Select(static p => p.Values)]), sizes);
        all.Take(all.Order()).Output(c, 0, 1, 2);
    }
}

/// <summary>Vectors of elements put one after another.</summary>
internal static class SparseJoining
{
    public static Tensor Join(Tensor[] vectors)
    {
        DType type = vectors[0].DType;
        Shape shape = [vectors.Sum(static v => v.Count)];
        if (type == DType.String)
            return Tensor.OfStrings(shape, [.. vectors.SelectMany(static v => v.Strings.ToArray())]);
        Tensor joined = Tensor.Uninitialized(type, shape);
        int at = 0;
        foreach (Tensor vector in vectors)
        {
            vector.Bytes.CopyTo(joined.MutableBytes[at..]);
            at += vector.Bytes.Length;
        }

        return joined;
    }
}
