using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

internal sealed class CompareAndBitpackOp() : UndifferentiatedOp("CompareAndBitpack(input: T, threshold: T) -> (output: uint8) where T: bool | half | float | double | int8 | int16 | int32 | int64", "bits are no continuous values"), INumberAction
{
    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRankAtLeast(0, 1);
        c.WithRank(1, 0);
        if (!input.HasRank)
            return;
        if (input[^1] >= 0 && input[^1] % 8 != 0)
            throw c.Fault($"Dimension size must be evenly divisible by 8 but is {input[^1]}.");
        c.Output(0, [.. input.Dimensions[..^1], input[^1] < 0 ? -1 : input[^1] / 8]);
    }

    public override void Compute(KernelContext c)
    {
        Shape shape = c.Input(0).Shape;
        if (c.Input(1).Rank != 0)
            throw c.InvalidArgument($"Compare must be a scalar, but saw shape: {c.Input(1).Shape}");
        if (shape.Rank == 0)
            throw c.InvalidArgument("input should be at least a vector, but saw a scalar.");
        if (shape[^1] % 8 != 0)
            throw c.InvalidArgument($"Inner dimension of input should be divisible by 8, but saw shape: {shape}");
        if (c.Input(0).DType != DType.Bool)
        {
            this.RunFor(c.Input(0).DType, c);
            return;
        }

        Pack(c, c.Input<bool>(0), false, static (x, _) => x);
    }

    void INumberAction.Run<T>(KernelContext c) => Pack(c, c.Input<T>(0), c.Input<T>(1)[0], static (x, threshold) => x > threshold);

    // The first element is the highest bit.
    private static void Pack<T>(KernelContext c, ReadOnlySpan<T> x, T threshold, Func<T, T, bool> isSet)
    {
        Shape shape = c.Input(0).Shape;
        Span<byte> packed = c.AllocateOutput(0, [.. shape.Dimensions[..^1], shape[^1] / 8]).MutableData<byte>();
        for (int i = 0; i < packed.Length; i++)
        {
            int bits = 0;
            for (int k = 0; k < 8; k++)
                bits = (bits << 1) | (isSet(x[(i * 8) + k], threshold) ? 1 : 0);
            packed[i] = (byte)bits;
        }
    }
}
