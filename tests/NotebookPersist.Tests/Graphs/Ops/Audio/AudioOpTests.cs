using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Audio;

public sealed class AudioOpTests
{
    [Fact]
    public void Mfcc_gives_the_values_that_TensorFlow_publishes()
    {
        // core/kernels/mfcc_test.cc, AgreesWithPythonGoldenValues.
        var graph = new Graph();
        Output features = graph.Mfcc(Tensor.Of<float>([1, 1, 513], [.. Enumerable.Range(1, 513).Select(static i => (float)i)]), 22050);
        double[] expected = [29.13970072, -6.41568601, -0.61903012, -0.96778652, -0.26819878, -0.40907028, -0.15614748, -0.23203119, -0.10481487, -0.1543029, -0.0769791, -0.10806114, -0.06047613];
        using var session = new Session(graph);
        float[] found = session.Run(features).ToArray<float>();
        Assert.Equal([1, 1, 13], features.Shape.ToArray());
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-4);
        Assert.DoesNotContain(float.NaN, session.Run(graph.Mfcc(Tensor.Zeros(DType.Float32, [1, 2, 513]), 22050)).ToArray<float>());
    }

    [Fact]
    public void A_spectrogram_is_a_windowed_Fourier_transform()
    {
        // core/kernels/spectrogram_op_test.cc, SimpleTest and SquaredTest.
        var graph = new Graph();
        var wave = Tensor.Of<float>([8, 1], [-1, 0, 1, 0, -1, 0, 1, 0]);
        Output plain = graph.AudioSpectrogram(wave, 8, 1);
        Output squared = graph.AudioSpectrogram(wave, 8, 1, magnitudeSquared: true);
        using var session = new Session(graph);
        Assert.Equal([0f, 1, 2, 1, 0], session.Run(plain).ToArray<float>(), Near);
        Assert.Equal([0f, 1, 4, 1, 0], session.Run(squared).ToArray<float>(), Near);
        Assert.Equal([1, 1, 5], plain.Shape.ToArray());

        // Two channels, windows of 6 filled up to 8, by the sum that defines the transform.
        float[] samples = [.. Enumerable.Range(0, 40).Select(static i => MathF.Sin(i * i * 0.1f))];
        Output both = graph.AudioSpectrogram(Tensor.Of<float>([20, 2], samples), 6, 4);
        float[] found = session.Run(both).ToArray<float>();
        Assert.Equal([2, 4, 5], both.Shape.ToArray());
        for (int at = 0; at < found.Length; at++)
        {
            (int channel, int window, int frequency) = (at / 20, at / 5 % 4, at % 5);
            double re = 0, im = 0;
            for (int k = 0; k < 6; k++)
            {
                double value = samples[(((window * 4) + k) * 2) + channel] * (0.5 - (0.5 * Math.Cos(Math.PI * k / 3)));
                re += value * Math.Cos(Math.PI * frequency * k / 4);
                im -= value * Math.Sin(Math.PI * frequency * k / 4);
            }

            Assert.Equal(Math.Sqrt((re * re) + (im * im)), found[at], 1e-5);
        }
    }

    [Fact]
    public void Sound_files_come_back_within_half_a_step()
    {
        var graph = new Graph();
        float[] samples = [0, 0.25f, -0.25f, 0.5f, 1, -1];
        Output file = graph.EncodeWav(Tensor.Of<float>([3, 2], samples), 44100);
        (Output audio, Output rate) = graph.DecodeWav(file);
        (Output wide, _) = graph.DecodeWav(file, desiredChannels: 3, desiredSamples: 4);
        using var session = new Session(graph);
        Tensor?[] found = session.Run([file, audio, rate, wide]);
        byte[] bytes = found[0]!.Strings[0];
        Assert.Equal("RIFF"u8.ToArray(), bytes[..4]);
        Assert.Equal([44, 0x10, 2, 0x44, 0xAC], new[] { bytes.Length - 12, bytes[16], bytes[22], bytes[24], bytes[25] });
        Assert.Equal([0f, 0.25f, -0.25f, 0.5f, 32767 / 32768f, -1], found[1]!.ToArray<float>());
        Assert.Equal(44100, found[2]!.Item<int>());
        Assert.Equal([4L, 3], found[3]!.Shape.ToArray());
        Assert.Equal([0f, 0.25f, 0.25f], found[3]!.ToArray<float>()[..3]);
        Assert.Equal([0f, 0, 0], found[3]!.ToArray<float>()[9..]);
    }

    [Theory]
    [InlineData(0, "Header mismatch: Expected RIFF")]
    [InlineData(22, "Bad number of channels")]
    [InlineData(34, "Can only read 16-bit WAV files")]
    [InlineData(36, "No data chunk found in WAV")]
    public void A_damaged_sound_file_is_refused(int at, string message)
    {
        var graph = new Graph();
        using var session = new Session(graph);
        byte[] bytes = session.Run(graph.EncodeWav(Tensor.Of<float>([2, 1], [0.5f, -0.5f]), 8000)).Strings[0];
        bytes[at] = 0;
        Output audio = graph.DecodeWav(Tensor.OfStrings(Shape.Scalar, [bytes])).Audio;
        Assert.StartsWith(message, Assert.Throws<RunException>(() => session.Run(audio)).Message, StringComparison.Ordinal);
        for (int length = 0; length < bytes.Length; length++)
        {
            Output cut = graph.DecodeWav(Tensor.OfStrings(Shape.Scalar, [bytes[..length]])).Audio;
            Assert.Throws<RunException>(() => session.Run(cut));
        }
    }

    private static bool Near(float a, float b) => Math.Abs(a - b) < 1e-3;
}
