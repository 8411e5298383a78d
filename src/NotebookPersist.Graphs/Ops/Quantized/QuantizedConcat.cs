using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>Puts integers of several ranges side by side, in a range that holds them all.</summary>
internal sealed class QuantizedConcatOp() : QuantizedOp(
    "QuantizedConcat(concat_dim: int32, values: N * T, input_mins: N * float, input_maxes: N * float) -> (output: T, output_min: float, output_max: float) where N: int >= 2, T: type")
{
    public override void InferShapes(ShapeContext c)
    {
        int count = (c.InputCount - 1) / 3;
        Shape first = c.Input(1);
        for (int i = 2; i <= count; i++)
            first = first.HasRank ? first : c.Input(i);
        if (!first.HasRank || c.InputInts(0) is not [var axis] || axis < 0 || axis >= first.Rank)
        {
            Infer(c, first.HasRank ? Shape.OfRank(first.Rank) : Shape.Unknown);
            return;
        }

        long[] sizes = Shape.OfRank(first.Rank).ToArray();
        long joined = 0;
        for (int i = 1; i <= count; i++)
        {
            Shape part = c.WithRank(i, first.Rank);
            joined = joined < 0 || part[(int)axis] < 0 ? -1 : joined + part[(int)axis];
            for (int d = 0; d < sizes.Length; d++)
                sizes[d] = d == axis ? -1 : c.Merge(sizes[d], part[d]);
        }

        sizes[axis] = joined;
        Infer(c, sizes);
    }

    public override void Compute(KernelContext c)
    {
        int count = (c.InputCount - 1) / 3;
        Tensor[] parts = [.. Enumerable.Range(1, count).Select(c.Input)];
        int axis = c.Input<int>(0)[0];
        if (axis < 0 || axis >= parts[0].Rank)
            throw c.InvalidArgument($"ConcatOp : Expected concatenating dimensions in the range [0, {parts[0].Rank}), but got {axis}");
        QuantizedRange[] ranges = [.. Enumerable.Range(1, count).Select(i => QuantizedRange.Of(c, i, count + i, (2 * count) + i))];
        (float min, float max) = (Math.Min(0, ranges.Min(static r => r.Min)), ranges.Max(static r => r.Max));
        if (new QuantizedType(ranges[0].Type).Least < 0)
        {
            max = Math.Max(Math.Abs(min), Math.Abs(max));
            min = -max;
        }

        var whole = new QuantizedRange(ranges[0].Type, min, max);
        long[] sizes = parts[0].Shape.ToArray();
        sizes[axis] = 0;
        for (int i = 0; i < count; i++)
        {
            if (parts[i].Rank != sizes.Length)
                throw c.InvalidArgument($"ConcatOp : Ranks of all input tensors should match: shape[0] = {parts[0].Shape} vs. shape[{i}] = {parts[i].Shape}");
            for (int d = 0; d < sizes.Length; d++)
            {
                if (d != axis && parts[i].Shape[d] != sizes[d])
                    throw c.InvalidArgument($"ConcatOp : Dimensions of inputs should match: shape[0] = {c.Input(1).Shape} vs. shape[{i}] = {parts[i].Shape}");
            }

            sizes[axis] += parts[i].Shape[axis];
            if (ranges[i].Min == min && ranges[i].Max == max)
                continue;
            Tensor moved = c.Allocate(whole.Type, parts[i].Shape);
            whole.Requantize(parts[i], ranges[i], moved);
            parts[i] = moved;
        }

        Joining.Join(parts, c.AllocateOutput(0, sizes), IntVectors.Product(sizes.AsSpan(0, axis)), c.Workers);
        whole.Write(c, 1, 2);
    }
}
