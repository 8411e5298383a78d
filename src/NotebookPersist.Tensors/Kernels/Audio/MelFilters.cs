namespace NotebookPersist.Kernels.Audio;

/// <summary>Sums the magnitudes of a spectrum under triangles that grow wider with the frequency, as ears hear.</summary>
/// <remarks>Source: the Hidden Markov Model Toolkit's filter bank, as TensorFlow has it; the mean of the signal never counts. Thread safety: immutable.</remarks>
public sealed class MelFilters
{
    private readonly int[] _bands;
    private readonly double[] _weights;
    private readonly int _start;
    private readonly int _end;
    private readonly int _count;

    /// <summary>Places the triangles.</summary>
    /// <param name="length">Frequencies of a spectrum, from 0 to half the rate; at least 2.</param>
    /// <param name="rate">Samples a second; above 0.</param>
    /// <param name="count">Number of triangles; at least 1.</param>
    /// <param name="lower">Where the first one begins, in Hertz; not negative.</param>
    /// <param name="upper">Where the last one ends, in Hertz; above <paramref name="lower"/>.</param>
    public MelFilters(int length, double rate, int count, double lower, double upper)
    {
        double low = Mel(lower);
        double spacing = (Mel(upper) - low) / (count + 1);
        double[] centers = new double[count + 1];
        for (int i = 0; i < centers.Length; i++)
            centers[i] = low + (spacing * (i + 1));
        double step = 0.5 * rate / (length - 1);
        _count = count;
        _start = (int)(1.5 + (lower / step));
        _end = (int)(upper / step);
        _bands = new int[length];
        _weights = new double[length];
        int band = 0;
        for (int i = _start; i <= Math.Min(_end, length - 1); i++)
        {
            double mel = Mel(i * step);
            while (band < count && centers[band] < mel)
                band++;
            _bands[i] = band - 1;
            double from = band > 0 ? centers[band - 1] : low;
            _weights[i] = (centers[band] - mel) / (centers[band] - from);
        }
    }

    /// <summary>Whether a spectrum reaches to the end of the last triangle.</summary>
    public bool Fits => _end < _bands.Length;

    /// <summary>The sums.</summary>
    /// <param name="spectrum">Squared magnitudes.</param>
    /// <param name="sums">One a triangle.</param>
    public void Sum(ReadOnlySpan<float> spectrum, Span<double> sums)
    {
        sums.Clear();
        for (int i = _start; i <= _end; i++)
        {
            double magnitude = Math.Sqrt(spectrum[i]);
            double falling = magnitude * _weights[i];
            int band = _bands[i];
            if (band >= 0)
                sums[band] += falling;
            if (band + 1 < _count)
                sums[band + 1] += magnitude - falling;
        }
    }

    private static double Mel(double frequency) => 1127 * Math.Log(1 + (frequency / 700));
}
