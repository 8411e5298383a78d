using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal sealed class TileGradOp() : UndifferentiatedOp("TileGrad(input: T, multiples: int32) -> (output: T) where T: type", "it is the gradient of Tile itself")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.Input(0);
        if (!input.HasRank)
            return;
        long[]? multiples = c.InputInts(1);
        if (multiples is not null && multiples.Length != input.Rank)
            throw c.Fault($"Expected multiples to have {input.Rank} entries, but it has {multiples.Length}.");
        c.Output(0, multiples is null ? Shape.OfRank(input.Rank) : Divided(input.Dimensions, multiples));
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        long[] multiples = IntVectors.Read(c.Input(1));
        if (multiples.Length != input.Rank)
            throw c.InvalidArgument($"Expected multiples argument to be a vector of length {input.Rank} but got length {multiples.Length}");
        for (int i = 0; i < multiples.Length; i++)
        {
            if (multiples[i] <= 0 || input.Shape[i] % multiples[i] != 0)
                throw c.InvalidArgument($"Expected input_dim[{i}] to be divisible by multiples[{i}], but {input.Shape[i]} % {multiples[i]} != 0");
        }

        Tensor output = c.AllocateOutput(0, Divided(input.Shape.Dimensions, multiples));
        output.Buffer?.Bytes.Clear();
        if (output.Count == 0)
            return;
        int[] starts = new int[input.Count];
        int[] strides = StridedView.RowMajor(output.Shape.Dimensions);
        for (int i = 0; i < starts.Length; i++)
        {
            int rest = i;
            for (int d = input.Rank - 1; d >= 0; d--)
            {
                (rest, int at) = Math.DivRem(rest, (int)input.Shape[d]);
                starts[i] += at % (int)output.Shape[d] * strides[d];
            }
        }

        if (!Scattering.TryApply(output, starts, 1, input, ScatterKind.Add))
            throw c.Unsupported(input.DType);
    }

    private static Shape Divided(ReadOnlySpan<long> sizes, long[] multiples)
    {
        long[] divided = sizes.ToArray();
        for (int i = 0; i < divided.Length; i++)
            divided[i] = divided[i] < 0 || multiples[i] <= 0 ? divided[i] : divided[i] / multiples[i];
        return divided;
    }
}
