using System.Numerics;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class SparseSoftmaxOp() : Op("SparseSoftmax(sp_indices: int64, sp_values: T, sp_shape: int64) -> (output: T) where T: float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Graph graph = g.Graph;
        var keep = new AttributeList { { "keep_dims", true } };
        Output sum = -graph.AddOperation("SparseReduceSum", null, keep, g.X(0), g.Y(0) * g.Dy(0), g.X(2), new[] { -1 })[0];
        Output moved = graph.AddOperation("SparseDenseCwiseAdd", null, null, g.X(0), g.Dy(0), g.X(2), sum)[0];
        return [null, moved * g.Y(0), null];
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRank(1, 1));

    public override void Compute(KernelContext c)
    {
        var parts = SparseParts.Read(c, 0);
        if (parts.Rank < 2)
            throw c.InvalidArgument($"Input should have rank >= 2, but got [{string.Join(',', parts.Sizes)}]");
        if (parts.Values.DType == DType.Float32)
            Run<float>(c, parts);
        else
            Run<double>(c, parts);
    }

    private static void Run<T>(KernelContext c, SparseParts parts)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> x = parts.Values.Data<T>();
        Span<T> y = c.AllocateOutput(0, parts.Values.Shape).MutableData<T>();
        int[] order = parts.Order();
        for (int start = 0; start < order.Length;)
        {
            int end = start + 1;
            while (end < order.Length && parts[order[end]][..^1].SequenceEqual(parts[order[start]][..^1]))
                end++;
            T largest = x[order[start]];
            for (int i = start; i < end; i++)
                largest = T.Max(largest, x[order[i]]);
            T sum = T.Zero;
            for (int i = start; i < end; i++)
                sum += y[order[i]] = T.Exp(x[order[i]] - largest);
            for (int i = start; i < end; i++)
                y[order[i]] /= sum;
            start = end;
        }
    }
}
