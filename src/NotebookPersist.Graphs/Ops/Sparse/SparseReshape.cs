using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class SparseReshapeOp() : SparseOp("SparseReshape(input_indices: int64, input_shape: int64, new_shape: int64) -> (output_indices: int64, output_shape: int64)")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape indices = c.WithRank(0, 2);
        Shape target = c.WithRank(2, 1);
        c.Output(0, [indices[0], target[0]]);
        c.Output(1, target);
    }

    public override void Compute(KernelContext c)
    {
        Tensor indices = c.Input(0);
        if (indices.Rank != 2 || c.Input(1).Rank != 1 || c.Input(2).Rank != 1)
            throw c.InvalidArgument($"Input indices should be a matrix and the shapes vectors but received shapes {indices.Shape}, {c.Input(1).Shape} and {c.Input(2).Shape}");
        long[] from = c.Input(1).ToArray<long>();
        long[] to = c.Input(2).ToArray<long>();
        if (from.Length != indices.Shape[1])
            throw c.InvalidArgument($"Input shape has {from.Length} dimensions but the indices have {indices.Shape[1]}");
        Int128 size = Product(from);
        int open = Array.IndexOf(to, -1);
        if (open != Array.LastIndexOf(to, -1))
            throw c.InvalidArgument($"only one output dimension may be -1, not both {open} and {Array.LastIndexOf(to, -1)}");
        if (to.Any(static d => d < -1))
            throw c.InvalidArgument($"size must be nonnegative or -1, not [{string.Join(',', to)}]");
        if (open >= 0)
        {
            Int128 rest = Product(to.Where((_, i) => i != open));
            if (rest == 0 || size % rest != 0)
                throw c.InvalidArgument($"Input to reshape is a SparseTensor with {size} dense values, but the requested shape requires a multiple of {rest}. input_shape=[{string.Join(',', from)}] output_shape=[{string.Join(',', to)}]");
            to[open] = (long)(size / rest);
        }

        if (Product(to) != size)
            throw c.InvalidArgument($"Input to reshape is a tensor with {size} dense values, but the requested shape has {Product(to)}. input_shape=[{string.Join(',', from)}] output_shape=[{string.Join(',', to)}]");
        ReadOnlySpan<long> read = indices.Data<long>();
        int count = (int)indices.Shape[0];
        Span<long> write = c.AllocateOutput(0, [count, to.Length]).MutableData<long>();
        for (int i = 0; i < count; i++)
        {
            long place = 0;
            for (int d = 0; d < from.Length; d++)
                place = (place * from[d]) + read[(i * from.Length) + d];
            for (int d = to.Length - 1; d >= 0; d--)
            {
                write[(i * to.Length) + d] = to[d] == 0 ? 0 : place % to[d];
                place = to[d] == 0 ? 0 : place / to[d];
            }
        }

        to.CopyTo(c.AllocateOutput(1, [to.Length]).MutableData<long>());
    }

    private static Int128 Product(IEnumerable<long> sizes) => sizes.Aggregate((Int128)1, static (p, s) => p * s);
}
