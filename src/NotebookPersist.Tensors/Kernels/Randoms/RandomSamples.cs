using System.Numerics;

namespace NotebookPersist.Kernels.Randoms;

/// <summary>Draws from distributions whose parameters are tensors: categorical, gamma, Poisson.</summary>
/// <remarks>All sampling is done in double precision, as in TensorFlow.</remarks>
public static class RandomSamples
{
    // Numbers of the stream that belong to one sample, so that samples do not depend on each other.
    private const ulong StepsPerSample = 256;

    /// <summary>For each row of unnormalised log-probabilities, class numbers.</summary>
    /// <param name="logits">Shape: [rows, classes], row-major; entries that are not finite are never drawn.</param>
    /// <param name="classes">Number of classes; at least 1.</param>
    /// <param name="samples">Class numbers to draw for each row.</param>
    /// <param name="generator">The stream to draw from.</param>
    /// <param name="output">Shape: [rows, samples].</param>
    public static void Multinomial<T>(ReadOnlySpan<T> logits, int classes, int samples, Philox generator, Span<long> output)
        where T : unmanaged, INumber<T>
    {
        double[] cumulative = new double[classes];
        var numbers = new PhiloxNumbers(generator);
        for (int row = 0; row * (long)classes < logits.Length; row++)
        {
            Interruption.Check();
            double total = Accumulate(logits.Slice(row * classes, classes), cumulative);
            for (int i = 0; i < samples; i++)
            {
                Interruption.Check(i);
                output[(row * samples) + i] = UpperBound(cumulative, numbers.NextDouble() * total);
            }
        }
    }

    /// <summary>One sample of the gamma distribution with scale 1 (Marsaglia and Tsang).</summary>
    /// <param name="shape">The distribution's shape parameter; above 0.</param>
    /// <param name="generator">The stream to draw from.</param>
    /// <param name="index">Number of the sample in the stream.</param>
    public static double Gamma(double shape, Philox generator, long index)
    {
        generator.Skip(StepsPerSample * (ulong)index);
        var uniforms = new PairedDoubles(normal: false);
        if (shape == 1.0)
            return -Math.Log(1.0 - uniforms.Next(ref generator));

        var normals = new PairedDoubles(normal: true);
        bool small = shape < 1;
        double d = shape + (small ? 2.0 / 3 : -1.0 / 3);
        double c = 1.0 / 3 / Math.Sqrt(d);
        while (true)
        {
            double x = normals.Next(ref generator);
            double v = 1 + (c * x);
            if (v <= 0)
                continue;
            v = v * v * v;
            double u = uniforms.Next(ref generator);
            if (u < 1 - (0.0331 * (x * x) * (x * x)) || Math.Log(u) < (0.5 * x * x) + (d * (1 - v + Math.Log(v))))
                return small ? d * v * Math.Pow(uniforms.Next(ref generator), 1 / shape) : d * v;
        }
    }

    /// <summary>One sample of the Poisson distribution: Knuth's product below a rate of 10, Hormann's transformed rejection from there on.</summary>
    /// <param name="rate">The distribution's mean; not negative.</param>
    /// <param name="highest">Samples above it are drawn again.</param>
    /// <param name="generator">The stream to draw from.</param>
    /// <param name="index">Number of the sample in the stream.</param>
    public static double Poisson(double rate, double highest, Philox generator, long index)
    {
        generator.Skip(StepsPerSample * (ulong)index);
        var uniforms = new PairedDoubles(normal: false);
        if (rate < 10)
        {
            double limit = Math.Exp(-rate);
            double product = uniforms.Next(ref generator);
            double count = 0;
            while (product > limit || count > highest)
            {
                product *= uniforms.Next(ref generator);
                count++;
            }

            return count;
        }

        double b = 0.931 + (2.53 * Math.Sqrt(rate));
        double a = -0.059 + (0.02483 * b);
        double inverseAlpha = 1.1239 + (1.1328 / (b - 3.4));
        while (true)
        {
            double u = uniforms.Next(ref generator) - 0.5;
            double v = uniforms.Next(ref generator);
            double shifted = 0.5 - Math.Abs(u);
            double k = Math.Floor((((2 * a / shifted) + b) * u) + rate + 0.43);
            if (k > highest)
                continue;
            if (shifted >= 0.07 && v <= 0.9277 - (3.6224 / (b - 2)))
                return k;
            if (k < 0 || (shifted < 0.013 && v > shifted))
                continue;
            double s = Math.Log(v * inverseAlpha / ((a / (shifted * shifted)) + b));
            if (s <= -rate + (k * Math.Log(rate)) - LogGamma(k + 1))
                return k;
        }
    }

    private static double Accumulate<T>(ReadOnlySpan<T> logits, Span<double> cumulative)
        where T : unmanaged, INumber<T>
    {
        double max = double.MinValue;
        foreach (T logit in logits)
        {
            if (T.IsFinite(logit))
                max = Math.Max(max, double.CreateChecked(logit));
        }

        double total = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            if (T.IsFinite(logits[i]))
                total += Math.Exp(double.CreateChecked(logits[i]) - max);
            cumulative[i] = total;
        }

        return total;
    }

    private static int UpperBound(ReadOnlySpan<double> sorted, double value)
    {
        (int low, int high) = (0, sorted.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] > value ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    // Lanczos' approximation, g = 7 with nine coefficients: about 15 digits for arguments from 1/2 on.
    private static double LogGamma(double x)
    {
        ReadOnlySpan<double> coefficients =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
            12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        double sum = coefficients[0];
        for (int i = 1; i < coefficients.Length; i++)
            sum += coefficients[i] / (x - 1 + i);
        double t = x + 6.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x - 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    // Two doubles come from one step of the stream; the second is used first.
    private struct PairedDoubles(bool normal)
    {
        private double _kept;
        private bool _hasKept;

        public double Next(ref Philox generator)
        {
            if (_hasKept)
            {
                _hasKept = false;
                return _kept;
            }

            PhiloxBlock b = generator.Next();
            (_kept, double second) = normal
                ? RandomBits.Normal(b.X, b.Y, b.Z, b.W)
                : (RandomBits.ToDouble(b.X, b.Y), RandomBits.ToDouble(b.Z, b.W));
            _hasKept = true;
            return second;
        }
    }
}
