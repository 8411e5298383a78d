using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>How strong each frequency of a sound is, window by window.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [samples, channels]. DType: float32.</param>
    /// <param name="windowSize">Samples of a window; those at its ends count less (Hann).</param>
    /// <param name="stride">Samples from one window to the next.</param>
    /// <param name="magnitudeSquared">Whether the squares of the magnitudes are given.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [channels, windows, frequencies]; the window is filled up to a power of two.</returns>
    /// <remarks>Source: TensorFlow op "AudioSpectrogram".</remarks>
    public static Output AudioSpectrogram(this Graph graph, Operand input, int windowSize, int stride, bool magnitudeSquared = false, string? name = null) =>
        graph.Add<AudioSpectrogramOp>(name, new AttributeList { { "window_size", (long)windowSize }, { "stride", (long)stride }, { "magnitude_squared", magnitudeSquared } }, input);
}

internal sealed class AudioSpectrogramOp() : UndifferentiatedOp(
    "AudioSpectrogram(input: float) -> (spectrogram: float) where window_size: int, stride: int, magnitude_squared: bool = false", "TensorFlow has no gradient of it")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRank(0, 2);
        (long window, long stride) = (c.Attributes.Int("window_size"), c.Attributes.Int("stride"));
        if (window < 2 || stride < 1)
            throw c.Fault($"Windows need at least 2 samples and a positive stride; window_size is {window}, stride is {stride}.");
        c.Output(0, [input[1], input[0] < 0 ? -1 : Windows(input[0], window, stride), 1 + ((long)BitOperations.RoundUpToPowerOf2((uint)window) / 2)]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        (int window, int stride) = ((int)c.Attributes.Int("window_size"), (int)c.Attributes.Int("stride"));
        if (input.Rank != 2)
            throw c.InvalidArgument($"input must be 2-dimensional{input.Shape}");
        if (window < 2 || stride < 1)
            throw c.InvalidArgument($"Spectrogram initialization failed for window size {window} and stride {stride}");
        int length = (int)BitOperations.RoundUpToPowerOf2((uint)window), frequencies = 1 + (length / 2);
        int channels = (int)input.Shape[1], rows = (int)Windows(input.Shape[0], window, stride);
        double[] weights = new double[window];
        for (int i = 0; i < window; i++)
            weights[i] = 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / window));
        bool squared = c.Attributes.Bool("magnitude_squared");
        var fourier = new Fourier(length);
        Complex[] data = new Complex[length];
        ReadOnlySpan<float> samples = input.Data<float>();
        Span<float> result = c.AllocateOutput(0, [channels, rows, frequencies]).MutableData<float>();
        for (int i = 0; i < channels * rows; i++)
        {
            c.Workers.Cancellation.ThrowIfCancellationRequested();
            (int channel, int row) = Math.DivRem(i, rows);
            Array.Clear(data);
            for (int k = 0; k < window; k++)
                data[k] = samples[(((row * stride) + k) * channels) + channel] * weights[k];
            fourier.Transform(data, inverse: false);
            for (int k = 0; k < frequencies; k++)
            {
                float power = (float)((data[k].Real * data[k].Real) + (data[k].Imaginary * data[k].Imaginary));
                result[(i * frequencies) + k] = squared ? power : MathF.Sqrt(power);
            }
        }
    }

    private static long Windows(long samples, long window, long stride) => samples < window ? 0 : 1 + ((samples - window) / stride);
}
