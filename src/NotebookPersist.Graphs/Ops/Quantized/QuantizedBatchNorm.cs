using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Normalizes with given means and variances, in fixed point with 10 bits behind the point.</summary>
internal sealed class QuantizedBatchNormOp() : QuantizedOp(
    "QuantizedBatchNormWithGlobalNormalization(t: Tinput, t_min: float, t_max: float, m: Tinput, m_min: float, m_max: float, v: Tinput, v_min: float, v_max: float, "
    + "beta: Tinput, beta_min: float, beta_max: float, gamma: Tinput, gamma_min: float, gamma_max: float) -> (result: out_type, result_min: float, result_max: float) "
    + $"where Tinput: {Types}, out_type: {Types}, variance_epsilon: float, scale_after_normalization: bool")
{
    private static readonly QuantizedRange Results = new(DType.QInt32, -(1 << 20), 1 << 20);

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRank(0, 4);
        long channels = input[3];
        for (int i = 3; i < c.InputCount; i += 3)
            channels = c.Merge(channels, c.WithRank(i, 1)[0]);
        Infer(c, [input[0], input[1], input[2], channels]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        if (input.Rank != 4)
            throw c.InvalidArgument($"input must be 4-dimensional{input.Shape}");
        if (c.Operation.Outputs[0].DType != DType.QInt32)
            throw c.Unsupported(c.Operation.Outputs[0].DType);
        float[] mean = Channels(c, 3, "mean"), variance = Channels(c, 6, "var"), beta = Channels(c, 9, "beta"), gamma = Channels(c, 12, "gamma");
        int[] scales = new int[mean.Length], offsets = new int[mean.Length];
        for (int i = 0; i < mean.Length; i++)
        {
            float scale = 1 / MathF.Sqrt(variance[i] + c.Attributes.Float("variance_epsilon"));
            if (c.Attributes.Bool("scale_after_normalization"))
                scale *= gamma[i];
            scales[i] = Results.ToStored(scale);
            offsets[i] = Results.ToStored((-mean[i] * scale) + beta[i]);
        }

        QuantizedRange range = QuantizedRange.Of(c, 0, 1, 2);
        int one = Results.ToStored(1);
        Span<int> result = c.AllocateOutput(0, input.Shape).MutableData<int>();
        for (int i = 0; i < result.Length; i++)
        {
            int value = Results.ToStored(range.ToFloat(input.ItemAt<int>(i)));
            result[i] = unchecked((value * scales[i % scales.Length] / one) + offsets[i % scales.Length]);
        }

        Results.Write(c, 1, 2);
    }

    private static float[] Channels(KernelContext c, int input, string name)
    {
        Tensor stored = c.Input(input);
        if (stored.Rank != 1)
            throw c.InvalidArgument($"{name} must be 1-dimensional{stored.Shape}");
        if (stored.Count != c.Input(0).Shape[3])
            throw c.InvalidArgument($"{name} has {stored.Count} elements for an input of {c.Input(0).Shape[3]} channels.");
        QuantizedRange range = QuantizedRange.Of(c, input, input + 1, input + 2);
        return Array.ConvertAll(Ints(stored), range.ToFloat);
    }
}
