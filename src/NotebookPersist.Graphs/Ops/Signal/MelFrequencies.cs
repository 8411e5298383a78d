namespace NotebookPersist;

public static partial class GraphOps
{
    // The scale of hearing as HTK has it.
    private const double MelBreak = 700;
    private const double MelFactor = 1127;

    /// <summary>The matrix by which spectra of linear frequencies become bands of the mel scale, as we hear.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="melBins">Number of bands.</param>
    /// <param name="spectrogramBins">Number of frequencies of a spectrum.</param>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="lowerEdgeHertz">Where the lowest band begins.</param>
    /// <param name="upperEdgeHertz">Where the highest band ends.</param>
    /// <param name="dtype">Floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>A constant. Shape: [spectrogramBins, melBins].</returns>
    /// <exception cref="ArgumentException">Sizes are not positive, or the edges are out of order or beyond half the sample rate.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.signal.linear_to_mel_weight_matrix</c>.</remarks>
    public static Output LinearToMelWeightMatrix(
        this Graph graph,
        int melBins = 20,
        int spectrogramBins = 129,
        double sampleRate = 8000,
        double lowerEdgeHertz = 125,
        double upperEdgeHertz = 3800,
        DType dtype = DType.Float32,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(melBins);
        ArgumentOutOfRangeException.ThrowIfLessThan(spectrogramBins, 2);
        if (!(sampleRate > 0 && lowerEdgeHertz >= 0 && lowerEdgeHertz < upperEdgeHertz && upperEdgeHertz <= sampleRate / 2))
            throw new ArgumentException($"Edges must be in order and within half the sample rate: {lowerEdgeHertz} to {upperEdgeHertz} Hz of {sampleRate} samples a second.", nameof(upperEdgeHertz));
        double[] edges = new double[melBins + 2];
        for (int i = 0; i < edges.Length; i++)
            edges[i] = Mel(lowerEdgeHertz) + (i * (Mel(upperEdgeHertz) - Mel(lowerEdgeHertz)) / (melBins + 1));
        double[,] weights = new double[spectrogramBins, melBins];
        // The first frequency, 0, belongs to no band.
        for (int bin = 1; bin < spectrogramBins; bin++)
        {
            double mel = Mel(bin * sampleRate / 2 / (spectrogramBins - 1));
            for (int band = 0; band < melBins; band++)
            {
                double up = (mel - edges[band]) / (edges[band + 1] - edges[band]);
                double down = (edges[band + 2] - mel) / (edges[band + 2] - edges[band + 1]);
                weights[bin, band] = Math.Max(0, Math.Min(up, down));
            }
        }

        return graph.Constant(weights, dtype, name: name ?? "linear_to_mel_weight_matrix");
    }

    /// <summary>The cepstral coefficients of spectra in mel bands.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="logMelSpectrograms">Logarithms of magnitudes. Shape: [..., bands] with the bands known. DType: float32.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: that of the input.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.signal.mfccs_from_log_mel_spectrograms</c>.</remarks>
    public static Output MfccsFromLogMelSpectrograms(this Graph graph, Operand logMelSpectrograms, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "mfccs_from_log_mel_spectrograms");
        Output x = graph.Convert(logMelSpectrograms, name: "log_mel_spectrograms");
        return graph.Multiply(graph.Dct(x), graph.Cast(1 / Math.Sqrt(2.0 * x.Shape[^1]), x.DType));
    }

    /// <summary>Moves the frequency 0 of spectra to the middle.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape of known rank.</param>
    /// <param name="axes">Which axes; all by default.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">The rank is not known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.signal.fftshift</c>.</remarks>
    public static Output FftShift(this Graph graph, Operand x, Axes axes = default, string? name = null) => Shifted(graph, x, axes, 1, name ?? "fftshift");

    /// <summary>Moves the middle of spectra back to the beginning.</summary>
    /// <inheritdoc cref="FftShift"/>
    /// <remarks>Source: TensorFlow's <c>tf.signal.ifftshift</c>.</remarks>
    public static Output IfftShift(this Graph graph, Operand x, Axes axes = default, string? name = null) => Shifted(graph, x, axes, -1, name ?? "ifftshift");

    private static double Mel(double hertz) => MelFactor * Math.Log(1 + (hertz / MelBreak));

    private static Output Shifted(Graph graph, Operand x, Axes axes, int sign, string name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name);
        Output value = graph.Convert(x, name: "x");
        int[] along = axes.Values ?? [.. Enumerable.Range(0, KnownRankOf(value, nameof(x)))];
        Output sizes = graph.Gather(graph.Shape(value), along.Select(a => a < 0 ? a + KnownRankOf(value, nameof(x)) : a).ToArray());
        Output half = graph.FloorDivide(sizes, 2);
        return graph.Roll(value, sign > 0 ? half : graph.Negative(half), along);
    }
}
