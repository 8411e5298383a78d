namespace NotebookPersist.Kernels;

/// <summary>Batch normalisation of images in either layout.</summary>
/// <param name="Outer">Images, with their positions where channels come last.</param>
/// <param name="Channels">Number of channels.</param>
/// <param name="Inner">Positions of an image where channels come first; 1 where they come last.</param>
/// <remarks>Statistics are summed in float64, so that they do not depend on the order. Aliasing: results must not overlap inputs.</remarks>
public readonly record struct BatchNormalization(int Outer, int Channels, int Inner)
{
    private int Rest => Outer * Inner;

    /// <summary>Mean and biased variance of each channel.</summary>
    public void Statistics(ReadOnlySpan<float> x, Span<float> mean, Span<float> variance)
    {
        double[] sums = new double[Channels];
        double[] squares = new double[Channels];
        int at = 0;
        for (int o = 0; o < Outer; o++)
        {
            Interruption.Check();
            for (int c = 0; c < Channels; c++)
            {
                for (int i = 0; i < Inner; i++)
                    sums[c] += x[at++];
            }
        }

        // A second pass: the difference of two large sums would lose what matters.
        at = 0;
        for (int c = 0; c < Channels; c++)
            sums[c] /= Rest;
        for (int o = 0; o < Outer; o++)
        {
            Interruption.Check();
            for (int c = 0; c < Channels; c++)
            {
                for (int i = 0; i < Inner; i++)
                {
                    double difference = x[at++] - sums[c];
                    squares[c] += difference * difference;
                }
            }
        }

        for (int c = 0; c < Channels; c++)
        {
            mean[c] = (float)sums[c];
            variance[c] = (float)(squares[c] / Rest);
        }
    }

    /// <summary>(x - mean) * scale / sqrt(variance + epsilon) + offset.</summary>
    public void Normalize(
        ReadOnlySpan<float> x, ReadOnlySpan<float> scale, ReadOnlySpan<float> offset, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, float epsilon, Span<float> y)
    {
        float[] factors = new float[Channels];
        for (int c = 0; c < Channels; c++)
            factors[c] = scale[c] / MathF.Sqrt(variance[c] + epsilon);
        int at = 0;
        for (int o = 0; o < Outer; o++)
        {
            Interruption.Check();
            for (int c = 0; c < Channels; c++)
            {
                for (int i = 0; i < Inner; i++, at++)
                    y[at] = ((x[at] - mean[c]) * factors[c]) + offset[c];
            }
        }
    }

    /// <summary>Gradients towards input, scale and offset.</summary>
    /// <param name="gradient">Gradient towards the result.</param>
    /// <param name="x">The input.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="mean">The mean that was taken off.</param>
    /// <param name="variance">The variance that was divided by.</param>
    /// <param name="epsilon">What was added to the variance.</param>
    /// <param name="ofBatch">Whether mean and variance came from the input and so pass gradients on.</param>
    /// <param name="dx">Gradient towards the input.</param>
    /// <param name="dscale">Gradient towards the scale.</param>
    /// <param name="doffset">Gradient towards the offset.</param>
    public void Backprop(
        ReadOnlySpan<float> gradient,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> scale,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance,
        float epsilon,
        bool ofBatch,
        Span<float> dx,
        Span<float> dscale,
        Span<float> doffset)
    {
        double[] sums = new double[Channels];
        double[] products = new double[Channels];
        int at = 0;
        for (int o = 0; o < Outer; o++)
        {
            Interruption.Check();
            for (int c = 0; c < Channels; c++)
            {
                for (int i = 0; i < Inner; i++, at++)
                {
                    sums[c] += gradient[at];
                    products[c] += (double)gradient[at] * (x[at] - mean[c]);
                }
            }
        }

        float[] factors = new float[Channels];
        float[] means = new float[Channels];
        float[] slopes = new float[Channels];
        for (int c = 0; c < Channels; c++)
        {
            double inverse = 1 / Math.Sqrt((double)variance[c] + epsilon);
            factors[c] = (float)(scale[c] * inverse);
            dscale[c] = (float)(products[c] * inverse);
            doffset[c] = (float)sums[c];
            if (!ofBatch || Rest == 0)
                continue;
            means[c] = (float)(sums[c] / Rest);
            slopes[c] = (float)(products[c] / Rest * inverse * inverse);
        }

        at = 0;
        for (int o = 0; o < Outer; o++)
        {
            Interruption.Check();
            for (int c = 0; c < Channels; c++)
            {
                for (int i = 0; i < Inner; i++, at++)
                    dx[at] = factors[c] * (gradient[at] - means[c] - ((x[at] - mean[c]) * slopes[c]));
            }
        }
    }
}
