namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.AudioSpectrogram(Graph, Operand, int, int, bool, string)"/>
    public static Output AudioSpectrogram(Operand input, int windowSize, int stride, bool magnitudeSquared = false, string? name = null) =>
        Graph.AudioSpectrogram(input, windowSize, stride, magnitudeSquared, name);

    /// <inheritdoc cref="GraphOps.Mfcc(Graph, Operand, Operand, float, float, int, int, string)"/>
    public static Output Mfcc(
        Operand spectrogram,
        Operand sampleRate,
        float upperFrequencyLimit = 4000,
        float lowerFrequencyLimit = 20,
        int filterbankChannelCount = 40,
        int dctCoefficientCount = 13,
        string? name = null) => Graph.Mfcc(spectrogram, sampleRate, upperFrequencyLimit, lowerFrequencyLimit, filterbankChannelCount, dctCoefficientCount, name);

    /// <inheritdoc cref="GraphOps.DecodeWav(Graph, Operand, int, int, string)"/>
    public static (Output Audio, Output SampleRate) DecodeWav(Operand contents, int desiredChannels = -1, int desiredSamples = -1, string? name = null) =>
        Graph.DecodeWav(contents, desiredChannels, desiredSamples, name);

    /// <inheritdoc cref="GraphOps.EncodeWav(Graph, Operand, Operand, string)"/>
    public static Output EncodeWav(Operand audio, Operand sampleRate, string? name = null) => Graph.EncodeWav(audio, sampleRate, name);
}
