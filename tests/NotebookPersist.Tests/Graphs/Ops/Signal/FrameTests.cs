using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Signal;

/// <summary>Frames, windows and transforms of pieces, beside what SciPy computes.</summary>
public sealed class FrameTests : IDisposable
{
    private static readonly float[] Numbers = [1, -2, 3, 0.5f, 4, -1];

    private readonly OpRuns _runs = new();

    private Graph Graph => _runs.Graph;

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Frames_overlap_and_may_reach_beyond_the_end()
    {
        Output signal = Graph.Constant(OpRuns.Ramp(2, 5));
        Output frames = Graph.Frame(signal, 3, 2);
        Assert.Equal([2L, 2, 3], frames.Shape.ToArray());
        _runs.Expect([0, 1, 2, 2, 3, 4, 5, 6, 7, 7, 8, 9], frames);
        _runs.Expect([0, 1, 2, 2, 3, 4, 4, -1, -1, 5, 6, 7, 7, 8, 9, 9, -1, -1], Graph.Frame(signal, 3, 2, padEnd: true, padValue: -1f));
        Assert.Equal([2L, 0, 9], _runs.Session.Run(Graph.Frame(signal, 9, 2)).Shape.ToArray());
        Output open = Graph.Placeholder(DType.Float32, [-1]);
        Assert.Equal([0f, 1, 1, 2], _runs.Session.Run(Graph.Frame(open, 2, 1), new() { { open, OpRuns.Ramp(3) } }).ToArray<float>());
        Assert.Throws<ArgumentOutOfRangeException>(() => Graph.Frame(signal, 3, 0));
    }

    [Fact]
    public void Frames_of_a_long_signal_take_no_room_in_the_graph()
    {
        Output signal = Graph.Placeholder(DType.Float32, [10 * 60 * 44_100]);
        Assert.Equal([264_597L, 400], Graph.Frame(signal, 400, 100).Shape.ToArray());
        Assert.DoesNotContain(Graph.Operations, static o => o.Type == "Const" && o.Outputs[0].Shape.Rank > 0);
    }

    [Fact]
    public void Frames_add_up_again()
    {
        Output frames = Graph.Constant(OpRuns.Ramp(2, 2, 3));
        _runs.Expect([0, 1, 2 + 3, 4, 5, 6, 7, 8 + 9, 10, 11], Graph.OverlapAndAdd(frames, 2));
        _runs.Expect([0, 1, 2, 0, 3, 4, 5], Graph.OverlapAndAdd(Graph.Constant(OpRuns.Ramp(2, 3)), 4));
    }

    [Fact]
    public void Windows_are_raised_cosines()
    {
        _runs.Expect([0, 0.25, 0.75, 1, 0.75, 0.25], Graph.HannWindow(6));
        _runs.Expect([0, 0.3454915, 0.9045085, 0.9045085, 0.3454915, 0], Graph.HannWindow(6, periodic: false));
        // Of odd length both are one window: so TensorFlow has it.
        _runs.Expect([0.08, 0.54, 1, 0.54, 0.08], Graph.HammingWindow(5));
        _runs.Expect([1], Graph.HannWindow(1));
        Assert.Equal(DType.Float64, Graph.HannWindow(3, dtype: DType.Float64).DType);
    }

    [Fact]
    public void Spectra_of_frames_are_those_of_SciPy_and_lead_back()
    {
        float[] signal = [.. Enumerable.Range(0, 10).Select(static i => (float)(Math.Sin(i * 0.7) + (0.1 * i)))];
        Output spectra = Graph.Stft(signal, 4, 2);
        double[] real = [2.13916, -1.18545, 0.23174, 1.3912, -0.73499, 0.07878, -0.33819, 0.27158, -0.20496, 0.48591, -0.16873, -0.14845];
        double[] imaginary = [0, 0.2095, 0, 0, -0.507, 0, 0, -0.21583, 0, 0, 0.59963, 0];
        float[] foundReal = _runs.Session.Run(Graph.Real(spectra)).ToArray<float>(), foundImaginary = _runs.Session.Run(Graph.Imaginary(spectra)).ToArray<float>();
        for (int i = 0; i < real.Length; i++)
        {
            Assert.Equal(real[i], foundReal[i], 1e-4);
            Assert.Equal(imaginary[i], foundImaginary[i], 1e-4);
        }

        float[] back = _runs.Session.Run(Graph.InverseStft(spectra, 4, 2, window: Graph.InverseStftWindow(2))).ToArray<float>();
        for (int i = 2; i < 8; i++)
            Assert.Equal(signal[i], back[i], 1e-5);
        Assert.Equal([4L, 5], Graph.Stft(signal, 4, 2, fftLength: 8).Shape.ToArray());
    }

    [Theory]
    [InlineData(1, false, new[] { 11, -6.163119, -4.427051, 1.663119, -1.072949, 19 })]
    [InlineData(2, false, new[] { 11, -3.327483, -6.062178, 7.778175, -0.5, 14.350187 })]
    [InlineData(2, true, new[] { 2.245366, -0.960562, -1.75, 2.245366, -0.144338, 4.142542 })]
    [InlineData(3, false, new[] { 6.521918, -9.12132, -3.870387, 3.478082, -4.87868, 13.870387 })]
    [InlineData(3, true, new[] { 2.002289, -2.513525, -0.997711, 1.123609, -1.28878, 4.123609 })]
    public void Cosine_transforms_are_those_of_SciPy(int type, bool orthonormal, double[] expected) => _runs.Expect(expected, Graph.Dct(Numbers, type, orthonormal));

    [Fact]
    public void Cosine_transforms_are_undone()
    {
        _runs.Expect([.. Numbers.Select(static v => (double)v)], Graph.Idct(Graph.Dct(Numbers, orthonormal: true), orthonormal: true));
        _runs.Expect([.. Numbers.Select(static v => 12.0 * v)], Graph.Idct(Graph.Dct(Numbers)));
        Assert.Throws<ArgumentException>(() => Graph.Dct(Numbers, 4));
        Assert.Throws<ArgumentException>(() => Graph.Dct(Numbers, 1, orthonormal: true));
    }

    [Fact]
    public void Frequencies_are_moved_to_the_middle_and_back()
    {
        _runs.Expect([3, 4, 0, 1, 2], Graph.FftShift(OpRuns.Ramp(5)));
        _runs.Expect([2, 3, 4, 0, 1], Graph.IfftShift(OpRuns.Ramp(5)));
        _runs.Expect([1, 0, 3, 2], Graph.FftShift(OpRuns.Ramp(2, 2), [-1]));
        _runs.Expect([3, 2, 1, 0], Graph.FftShift(OpRuns.Ramp(2, 2)));
    }

    [Fact]
    public void Bands_of_the_mel_scale_are_triangles_that_overlap()
    {
        Tensor weights = _runs.Session.Run(Graph.LinearToMelWeightMatrix(4, 9, 8000, 100, 3900));
        Assert.Equal([9L, 4], weights.Shape.ToArray());
        float[] all = weights.ToArray<float>();
        Assert.All(all[..4], static v => Assert.Equal(0, v));
        Assert.All(all, static v => Assert.InRange(v, 0, 1));
        // 1000 Hz is 999.99 mel; edges are 150.49 and 2120.71 mel with three between them.
        double Mel(double hertz) => 1127 * Math.Log(1 + (hertz / 700));
        double step = (Mel(3900) - Mel(100)) / 5, low = Mel(100);
        int band = (int)((Mel(1000) - low) / step);
        double part = ((Mel(1000) - low) / step) - band;
        Assert.Equal(part, all[(2 * 4) + band], 1e-5);
        Assert.Equal(1 - part, all[(2 * 4) + band - 1], 1e-5);
        Assert.Throws<ArgumentException>(() => Graph.LinearToMelWeightMatrix(upperEdgeHertz: 5000));
        _runs.Expect([.. new[] { 11, -3.327483, -6.062178, 7.778175, -0.5, 14.350187 }.Select(static v => v / Math.Sqrt(12))], Graph.MfccsFromLogMelSpectrograms(Numbers));
    }
}
