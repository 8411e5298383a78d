using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>Reduces a sparse tensor along axes: sums or largest elements of the entries that are there.</summary>
internal abstract class SparseReducingOp(string signature, ScatterKind kind) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c)
    {
        Shape sizes = c.InputAsShape(2);
        if (c.OutputCount > 1)
        {
            c.Output(0, Shape.OfRank(2));
            c.Output(1, [-1]);
            c.Output(2, [-1]);
        }
        else if (sizes.HasRank && c.InputInts(3) is { } axes && axes.All(a => a >= -sizes.Rank && a < sizes.Rank))
        {
            c.Output(0, Reduced(sizes.ToArray(), Flags(sizes.Rank, axes), c.Attributes.Bool("keep_dims")));
        }
    }

    /// <summary>Reduces the entries.</summary>
    /// <returns>A dense position and a value for each group that has entries, and the result's sizes.</returns>
    protected SparseParts Reduce(KernelContext c)
    {
        var parts = SparseParts.Read(c, 0);
        long[] axes = IntVectors.Read(c.Input(3));
        foreach (long axis in axes)
        {
            if (axis < -parts.Rank || axis >= parts.Rank)
                throw c.InvalidArgument($"Invalid reduction dimension {axis}, for input with {parts.Rank} dimensions.");
        }

        bool[] reduced = Flags(parts.Rank, axes);
        bool keep = c.Attributes.Bool("keep_dims");
        long[] sizes = Reduced(parts.Sizes, reduced, keep);
        var moved = new List<long>();
        for (int i = 0; i < parts.Count; i++)
        {
            for (int d = 0; d < parts.Rank; d++)
            {
                if (!reduced[d])
                    moved.Add(parts[i][d]);
                else if (keep)
                    moved.Add(0);
            }
        }

        var entries = new SparseParts([.. moved], parts.Values, sizes);
        int[] order = entries.Order();
        var firsts = new List<int>();
        int[] groups = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            if (i == 0 || SparseParts.Compare(entries[order[i - 1]], entries[order[i]]) != 0)
                firsts.Add(order[i]);
            groups[i] = firsts.Count - 1;
        }

        SparseParts result = entries.Take(firsts);
        var isFirst = firsts.ToHashSet();
        List<int> others = [.. Enumerable.Range(0, order.Length).Where(i => !isFirst.Contains(order[i]))];
        if (!Scattering.TryApply(result.Values, [.. others.Select(i => groups[i])], 1, Rows.Take(parts.Values, 0, [.. others.Select(i => order[i])]), kind))
            throw c.Unsupported(parts.Values.DType);
        return result;
    }

    private static bool[] Flags(int rank, long[] axes)
    {
        bool[] flags = new bool[rank];
        foreach (long axis in axes)
            flags[axis < 0 ? axis + rank : axis] = true;
        return flags;
    }

    private static long[] Reduced(long[] sizes, bool[] reduced, bool keep) =>
        [.. Enumerable.Range(0, sizes.Length).Where(d => keep || !reduced[d]).Select(d => reduced[d] ? 1 : sizes[d])];
}

/// <summary>A reduction whose result is dense, 0 where there are no entries.</summary>
internal abstract class SparseToDenseReducingOp(string signature, ScatterKind kind) : SparseReducingOp(signature, kind)
{
    public override void Compute(KernelContext c)
    {
        SparseParts result = Reduce(c);
        Tensor dense = c.AllocateOutput(0, result.Sizes);
        dense.Buffer?.Bytes.Clear();
        Scattering.TryApply(dense, result.Places(), 1, result.Values, ScatterKind.Update);
    }
}

/// <summary>A reduction whose result is sparse.</summary>
internal abstract class SparseToSparseReducingOp(string signature, ScatterKind kind) : SparseReducingOp(signature, kind)
{
    public override void Compute(KernelContext c) => Reduce(c).Output(c, 0, 1, 2);
}

internal sealed class SparseReduceSumOp() : SparseToDenseReducingOp("SparseReduceSum(input_indices: int64, input_values: T, input_shape: int64, reduction_axes: int32) -> (output: T) where keep_dims: bool = false, T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64", ScatterKind.Add)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output kept = ReductionGradients.ReducedShape(g.Graph, g.X(2), g.X(3));
        Output spread = g.Graph.Reshape(g.Dy(0), kept);
        Output scale = g.Graph.FloorDivide(g.X(2), g.Graph.Cast(kept, DType.Int64));
        return [null, g.Graph.GatherNd(spread, g.Graph.FloorDivide(g.X(0), scale)), null, null];
    });
}

internal sealed class SparseReduceMaxOp() : SparseToDenseReducingOp("SparseReduceMax(input_indices: int64, input_values: T, input_shape: int64, reduction_axes: int32) -> (output: T) where keep_dims: bool = false, T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64", ScatterKind.Maximum);

internal sealed class SparseReduceSumSparseOp() : SparseToSparseReducingOp("SparseReduceSumSparse(input_indices: int64, input_values: T, input_shape: int64, reduction_axes: int32) -> (output_indices: int64, output_values: T, output_shape: int64) where keep_dims: bool = false, T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64", ScatterKind.Add);

internal sealed class SparseReduceMaxSparseOp() : SparseToSparseReducingOp("SparseReduceMaxSparse(input_indices: int64, input_values: T, input_shape: int64, reduction_axes: int32) -> (output_indices: int64, output_values: T, output_shape: int64) where keep_dims: bool = false, T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64", ScatterKind.Maximum);
