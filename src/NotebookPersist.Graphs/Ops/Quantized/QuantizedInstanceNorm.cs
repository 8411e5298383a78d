using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Normalizes each channel of each image by its own mean and variance.</summary>
internal sealed class QuantizedInstanceNormOp() : QuantizedOp(
    "QuantizedInstanceNorm(x: T, x_min: float, x_max: float) -> (y: T, y_min: float, y_max: float) "
    + $"where T: {Types}, output_range_given: bool = false, given_y_min: float = 0, given_y_max: float = 0, variance_epsilon: float = 1e-05, min_separation: float = 0.001")
{
    public override void InferShapes(ShapeContext c) => Infer(c, c.WithRank(0, 4));

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        QuantizedRange range = QuantizedRange.Of(c, 0, 1, 2);
        if (!(range.Min < range.Max))
            throw c.InvalidArgument($"input_min must be less than input_max : {range.Min} >= {range.Max}");
        if (range.Type != DType.QUInt8)
            throw c.Unsupported(range.Type);
        float[] normal = Normalize(c, input, (range.Max - range.Min) / 255f);
        (float min, float max) = (c.Attributes.Float("given_y_min"), c.Attributes.Float("given_y_max"));
        if (!c.Attributes.Bool("output_range_given"))
            (min, max) = normal.Length == 0 ? (float.MaxValue, float.MinValue) : (normal.Min(), normal.Max());
        else if (!(min < max))
            throw c.InvalidArgument($"given_y_min must be less than given_y_max : {min} >= {max}");
        if (max - min < c.Attributes.Float("min_separation"))
            max = min + c.Attributes.Float("min_separation");
        Tensor result = c.AllocateOutput(0, input.Shape);
        float scale = 255f / (max - min), first = MathF.Round(min * scale, MidpointRounding.AwayFromZero);
        Span<byte> bytes = result.MutableData<byte>();
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)Math.Clamp(MathF.Round(normal[i] * scale, MidpointRounding.AwayFromZero) - first, 0, 255);
        new QuantizedRange(range.Type, min, max).Write(c, 1, 2);
    }

    private static float[] Normalize(KernelContext c, Tensor input, float scale)
    {
        if (input.Rank != 4)
            throw c.InvalidArgument($"x must be 4-dimensional: {input.Shape}");
        (int batch, int positions, int channels) = ((int)input.Shape[0], (int)(input.Shape[1] * input.Shape[2]), (int)input.Shape[3]);
        ReadOnlySpan<byte> stored = input.Data<byte>();
        float[] normal = new float[stored.Length];
        for (int image = 0; image < batch; image++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                int start = (image * positions * channels) + channel;
                double sum = 0, squares = 0;
                for (int i = 0; i < positions; i++)
                    sum += stored[start + (i * channels)];
                float mean = (float)(sum / positions);
                for (int i = 0; i < positions; i++)
                    squares += Math.Pow(scale * (stored[start + (i * channels)] - mean), 2);
                float factor = scale / MathF.Sqrt((float)(squares / positions) + c.Attributes.Float("variance_epsilon"));
                for (int i = 0; i < positions; i++)
                    normal[start + (i * channels)] = (stored[start + (i * channels)] - mean) * factor;
            }
        }

        return normal;
    }
}
