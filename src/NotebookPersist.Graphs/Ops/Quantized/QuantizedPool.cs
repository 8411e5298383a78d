using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>Pools stored integers; their range stays.</summary>
internal abstract class QuantizedPoolOp(string name) : QuantizedOp(
    $"{name}(input: T, min_input: float, max_input: float) -> (output: T, min_output: float, max_output: float) "
    + $"where T: {Types}, ksize: list(int), strides: list(int), padding: 'SAME' | 'VALID'")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRank(0, 4);
        var rule = WindowRule.Of(c.Attributes, 2);
        long[] windows = rule.Pick(c.Attributes.Ints("ksize"));
        Infer(c, [input[0], rule.OutputSize(c, 0, input[1], windows[0]), rule.OutputSize(c, 1, input[2], windows[1]), input[3]]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        QuantizedRange range = QuantizedRange.Of(c, 0, 1, 2);
        var rule = WindowRule.Of(c.Attributes, 2);
        IReadOnlyList<long> sizes = c.Attributes.Ints("ksize");
        if (input.Rank != 4)
            throw c.InvalidArgument("tensor_in must be 4-dimensional");
        if (sizes[0] != 1 || sizes[^1] != 1)
            throw new KernelException(RunErrorCode.Unimplemented, "Quantized pooling goes over height and width only.");
        WindowShape windows = rule.Windows(input.Shape, rule.Pick(sizes), input.Shape[3]);
        Tensor result = c.AllocateOutput(0, rule.OutputShape(windows));
        int[] pooled = new int[result.Count];
        Pool(Ints(input), pooled, windows, c.Workers);
        var integers = new QuantizedType(range.Type);
        for (int i = 0; i < pooled.Length; i++)
            integers.Write(result, i, pooled[i]);
        range.Write(c, 1, 2);
    }

    protected abstract void Pool(int[] input, int[] output, WindowShape windows, Workers workers);
}

internal sealed class QuantizedMaxPoolOp() : QuantizedPoolOp("QuantizedMaxPool")
{
    protected override void Pool(int[] input, int[] output, WindowShape windows, Workers workers) => Pooling.Max<int>(input, output, windows, workers);
}

/// <summary>The mean of each window, rounded towards zero.</summary>
internal sealed class QuantizedAvgPoolOp() : QuantizedPoolOp("QuantizedAvgPool")
{
    protected override void Pool(int[] input, int[] output, WindowShape windows, Workers workers) => Pooling.Average<int>(input, output, windows, workers);
}
