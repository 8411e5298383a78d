using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal sealed class QuantizedConv2DOp() : QuantizedOp(
    "QuantizedConv2D(input: Tinput, filter: Tfilter, min_input: float, max_input: float, min_filter: float, max_filter: float) -> "
    + $"(output: out_type, min_output: float, max_output: float) where Tinput: {Types}, Tfilter: {Types}, out_type: {Types} = qint32, "
    + "strides: list(int), padding: 'SAME' | 'VALID', dilations: list(int) = [1, 1, 1, 1]")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRank(0, 4), filter = c.WithRank(1, 4);
        c.Merge(input[3], filter[2]);
        var rule = WindowRule.Of(c.Attributes, 2);
        Infer(c, [input[0], rule.OutputSize(c, 0, input[1], filter[0]), rule.OutputSize(c, 1, input[2], filter[1]), filter[3]]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor input, Tensor filter) = (c.Input(0), c.Input(1));
        if (input.Rank != 4)
            throw c.InvalidArgument($"input must be 4-dimensional{input.Shape}");
        if (filter.Rank != 4)
            throw c.InvalidArgument($"filter must be 4-dimensional: {filter.Shape}");
        if (input.Shape[3] != filter.Shape[2])
            throw c.InvalidArgument($"input and filter must have the same depth: {input.Shape[3]} vs {filter.Shape[2]}");
        if (c.Operation.Outputs[0].DType != DType.QInt32)
            throw c.Unsupported(c.Operation.Outputs[0].DType);
        QuantizedRange x = QuantizedRange.Of(c, 0, 2, 3), f = QuantizedRange.Of(c, 1, 4, 5);
        var rule = WindowRule.Of(c.Attributes, 2);
        WindowShape windows = rule.Windows(input.Shape, [filter.Shape[0], filter.Shape[1]], filter.Shape[3]);
        Tensor result = c.AllocateOutput(0, rule.OutputShape(windows));
        // What is padded stands for 0, which is some integer.
        int[] pixels = Ints(input), weights = Ints(filter);
        (int inputZero, int filterZero) = ((int)x.ToUnclamped(0), (int)f.ToUnclamped(0));
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] -= inputZero;
        for (int i = 0; i < weights.Length; i++)
            weights[i] -= filterZero;
        int rows = windows.Batch * windows.Height.Output;
        c.Workers.For(rows, 1, (start, end) => Run(windows, pixels, weights, result.MutableData<int>(), start, end));
        QuantizedRange.OfProducts(x, f, DType.QInt32).Write(c, 1, 2);
    }

    private static void Run(WindowShape windows, int[] pixels, int[] weights, Span<int> result, int start, int end)
    {
        (WindowAxis tall, WindowAxis wide) = (windows.Height, windows.Width);
        (int depth, int channels) = (windows.InputChannels, windows.OutputChannels);
        for (int row = start; row < end; row++)
        {
            (int image, int y) = Math.DivRem(row, tall.Output);
            for (int x = 0; x < wide.Output; x++)
            {
                Span<int> sums = result.Slice(((row * wide.Output) + x) * channels, channels);
                sums.Clear();
                for (int tap = 0; tap < tall.Window * wide.Window; tap++)
                {
                    int fromY = (y * tall.Stride) - tall.Before + (tap / wide.Window * tall.Dilation);
                    int fromX = (x * wide.Stride) - wide.Before + (tap % wide.Window * wide.Dilation);
                    if ((uint)fromY >= (uint)tall.Input || (uint)fromX >= (uint)wide.Input)
                        continue;
                    int from = ((((image * tall.Input) + fromY) * wide.Input) + fromX) * depth;
                    for (int d = 0; d < depth; d++)
                    {
                        int pixel = pixels[from + d];
                        ReadOnlySpan<int> line = weights.AsSpan(((tap * depth) + d) * channels, channels);
                        for (int k = 0; k < line.Length; k++)
                            sums[k] = unchecked(sums[k] + (pixel * line[k]));
                    }
                }
            }
        }
    }
}
