using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Audio;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Features of speech: the cosine transform of the logarithms of a spectrum's mel bands.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="spectrogram">Shape: [channels, windows, frequencies], squared magnitudes. DType: float32.</param>
    /// <param name="sampleRate">Samples a second: a scalar. DType: int32.</param>
    /// <param name="upperFrequencyLimit">Where the last band ends. Unit: Hertz.</param>
    /// <param name="lowerFrequencyLimit">Where the first band begins. Unit: Hertz.</param>
    /// <param name="filterbankChannelCount">Number of bands.</param>
    /// <param name="dctCoefficientCount">Features of a window.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [channels, windows, features].</returns>
    /// <remarks>Source: TensorFlow op "Mfcc".</remarks>
    public static Output Mfcc(
        this Graph graph,
        Operand spectrogram,
        Operand sampleRate,
        float upperFrequencyLimit = 4000,
        float lowerFrequencyLimit = 20,
        int filterbankChannelCount = 40,
        int dctCoefficientCount = 13,
        string? name = null) => graph.Add<MfccOp>(
            name,
            new AttributeList
            {
                { "upper_frequency_limit", upperFrequencyLimit },
                { "lower_frequency_limit", lowerFrequencyLimit },
                { "filterbank_channel_count", (long)filterbankChannelCount },
                { "dct_coefficient_count", (long)dctCoefficientCount },
            },
            spectrogram,
            sampleRate);
}

internal sealed class MfccOp() : UndifferentiatedOp(
    "Mfcc(spectrogram: float, sample_rate: int32) -> (output: float) where upper_frequency_limit: float = 4000, lower_frequency_limit: float = 20, "
    + "filterbank_channel_count: int = 40, dct_coefficient_count: int = 13", "TensorFlow has no gradient of it")
{
    // Silence has no logarithm.
    private const double Floor = 1e-12;

    public override void InferShapes(ShapeContext c)
    {
        Shape spectrogram = c.WithRank(0, 3);
        c.WithRank(1, 0);
        c.Output(0, [spectrogram[0], spectrogram[1], c.Attributes.Int("dct_coefficient_count")]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor spectrogram = c.Input(0);
        if (spectrogram.Rank != 3)
            throw c.InvalidArgument($"spectrogram must be 3-dimensional{spectrogram.Shape}");
        int rate = SampleRate.Of(c, 1);
        int frequencies = (int)spectrogram.Shape[2];
        (int bands, int features) = ((int)c.Attributes.Int("filterbank_channel_count"), (int)c.Attributes.Int("dct_coefficient_count"));
        (double lower, double upper) = (c.Attributes.Float("lower_frequency_limit"), c.Attributes.Float("upper_frequency_limit"));
        if (bands < 1 || features < 1 || features > bands || frequencies < 2 || rate <= 0 || lower < 0 || upper <= lower)
            throw c.InvalidArgument($"Mfcc initialization failed for channel count {frequencies} and sample rate {rate}, with {bands} bands, {features} coefficients and limits {lower} and {upper}");
        var filters = new MelFilters(frequencies, rate, bands, lower, upper);
        if (!filters.Fits)
            throw c.InvalidArgument($"The spectrogram has no frequencies up to upper_frequency_limit, {upper}.");
        double[] cosines = new double[features * bands];
        for (int i = 0; i < cosines.Length; i++)
            cosines[i] = Math.Sqrt(2.0 / bands) * Math.Cos(i / bands * Math.PI / bands * ((i % bands) + 0.5));
        double[] sums = new double[bands];
        Span<float> result = c.AllocateOutput(0, [spectrogram.Shape[0], spectrogram.Shape[1], features]).MutableData<float>();
        for (int window = 0; window < result.Length / features; window++)
        {
            filters.Sum(spectrogram.Data<float>().Slice(window * frequencies, frequencies), sums);
            for (int k = 0; k < bands; k++)
                sums[k] = Math.Log(Math.Max(sums[k], Floor));
            for (int feature = 0; feature < features; feature++)
            {
                double sum = 0;
                for (int k = 0; k < bands; k++)
                    sum += cosines[(feature * bands) + k] * sums[k];
                result[(window * features) + feature] = (float)sum;
            }
        }
    }
}
