using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>Local response normalisation over neighbouring channels.</summary>
/// <param name="Radius">Neighbours on each side.</param>
/// <param name="Bias">Added to the weighted sum of squares.</param>
/// <param name="Alpha">Weight of the sum of squares.</param>
/// <param name="Beta">Exponent.</param>
public readonly record struct LocalResponse(int Radius, float Bias, float Alpha, float Beta)
{
    /// <summary>x / (bias + alpha * sum of the neighbours' squares) ^ beta.</summary>
    /// <param name="input">Shape: [rows, channels].</param>
    /// <param name="result">Must not overlap <paramref name="input"/>.</param>
    /// <param name="channels">Number of channels.</param>
    public void Forward<T>(ReadOnlySpan<T> input, Span<T> result, int channels)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T bias = T.CreateTruncating(Bias), alpha = T.CreateTruncating(Alpha), beta = T.CreateTruncating(Beta);
        for (int row = 0; row < input.Length; row += Math.Max(1, channels))
        {
            Interruption.Check();
            ReadOnlySpan<T> x = input.Slice(row, channels);
            for (int c = 0; c < channels; c++)
                result[row + c] = x[c] * T.Pow(Norm(x, c, bias, alpha), -beta);
        }
    }

    /// <summary>The gradient towards the input.</summary>
    /// <param name="gradient">Gradient towards the result.</param>
    /// <param name="input">Input of the forward pass.</param>
    /// <param name="output">Result of the forward pass.</param>
    /// <param name="result">Must not overlap the others.</param>
    /// <param name="channels">Number of channels.</param>
    public void Backprop<T>(ReadOnlySpan<T> gradient, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> result, int channels)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T bias = T.CreateTruncating(Bias), alpha = T.CreateTruncating(Alpha), beta = T.CreateTruncating(Beta);
        T factor = T.CreateTruncating(-2) * alpha * beta;
        result.Clear();
        for (int row = 0; row < input.Length; row += Math.Max(1, channels))
        {
            Interruption.Check();
            ReadOnlySpan<T> x = input.Slice(row, channels);
            for (int c = 0; c < channels; c++)
            {
                T norm = Norm(x, c, bias, alpha);
                T dy = gradient[row + c];
                T shared = factor * output[row + c] / norm * dy;
                for (int n = Math.Max(0, c - Radius); n <= Math.Min(channels - 1, c + Radius); n++)
                    result[row + n] += shared * x[n];
                result[row + c] += T.Pow(norm, -beta) * dy;
            }
        }
    }

    private T Norm<T>(ReadOnlySpan<T> x, int channel, T bias, T alpha)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        for (int n = Math.Max(0, channel - Radius); n <= Math.Min(x.Length - 1, channel + Radius); n++)
            sum += x[n] * x[n];
        return bias + (alpha * sum);
    }
}
