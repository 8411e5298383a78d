using System.Numerics;

namespace NotebookPersist.Kernels.Elementwise;

/// <summary>Functions that .NET's mathematics does not have, in double precision.</summary>
/// <remarks>Thread safety: pure. Accuracy: about 1e-13 relative unless stated; float32 results are rounded from these.</remarks>
public static class SpecialFunctions
{
    private const double TwoOverRootPi = 1.1283791670955126;

    // Where the Taylor series of erf are centred: every 1/64 from 0 to 6, beyond which erf is 1.
    private const int ErfSteps = 64;
    private const double ErfEnd = 6;
    private static readonly double[] ErfTable = TabulateErf();

    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    // B(2k) / (2k)!, the coefficients of the Euler-Maclaurin sum.
    private static readonly double[] BernoulliOverFactorial =
    [
        1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160, -691.0 / 1307674368000, 1.0 / 74724249600,
        -3617.0 / 10670622842880000, 43867.0 / 5109094217170944000, -174611.0 / 802857662698291200000.0,
    ];

    /// <summary>Applies a function of doubles to floats of any width.</summary>
    public static void Map<T>(ReadOnlySpan<T> x, Span<T> y, Func<double, double> function)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(function);
        for (int i = 0; i < x.Length; i++)
            y[i] = T.CreateTruncating(function(double.CreateTruncating(x[i])));
    }

    /// <summary>Applies a function of two doubles to floats of any width.</summary>
    public static void Map<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, Func<double, double, double> function)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(function);
        for (int i = 0; i < x.Length; i++)
            z[i] = T.CreateTruncating(function(double.CreateTruncating(x[i]), double.CreateTruncating(y[i])));
    }

    /// <summary>e^x - 1 without cancellation.</summary>
    public static double ExpM1(double x)
    {
        double e = Math.Exp(x);
        if (e == 1 || double.IsNaN(e))
            return x;
        double difference = e - 1;
        // The rounding errors of e cancel in the quotient.
        return difference is -1 or double.PositiveInfinity ? difference : difference * (x / Math.Log(e));
    }

    /// <summary>ln(1 + x) without cancellation.</summary>
    public static double Log1P(double x)
    {
        double sum = 1 + x;
        if (sum == 1)
            return x;
        return sum <= 0 || double.IsInfinity(sum) || double.IsNaN(sum) ? Math.Log(sum) : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>The error function.</summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x))
            return x;
        double magnitude = Math.Abs(x);
        if (magnitude >= ErfEnd)
            return Math.Sign(x);
        if (magnitude < 0.5 / ErfSteps)
        {
            double square = x * x;
            return TwoOverRootPi * x * (1 - (square / 3) + (square * square / 10));
        }

        int step = (int)Math.Round(magnitude * ErfSteps);
        double centre = (double)step / ErfSteps;
        double d = magnitude - centre;
        // Derivatives of erf are a Gaussian times Hermite polynomials, which a recurrence gives one from another.
        double previous = 0;
        double hermite = 1;
        double power = d;
        double sum = 0;
        for (int n = 1; n <= 8; n++)
        {
            sum += hermite * power;
            double next = (-2 * centre * hermite) - (2 * (n - 1) * previous);
            previous = hermite;
            hermite = next;
            power *= d / (n + 1);
        }

        double value = ErfTable[step] + (TwoOverRootPi * Math.Exp(-centre * centre) * sum);
        return x < 0 ? -value : value;
    }

    /// <summary>1 - erf(x), accurate where that is small.</summary>
    public static double Erfc(double x)
    {
        if (double.IsNaN(x) || x < 2)
            return 1 - Erf(x);
        if (x > 27.3)
            return 0;
        // Continued fraction, from the inside out.
        double fraction = 0;
        for (int k = 60; k >= 1; k--)
            fraction = k / 2.0 / (x + fraction);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }

    /// <summary>The number below which a normal variable lies with a probability; infinities at 0 and 1, NaN outside.</summary>
    public static double NormalQuantile(double p)
    {
        if (!(p >= 0 && p <= 1))
            return double.NaN;
        if (p > 0.5)
            return -NormalQuantile(1 - p);
        if (p == 0)
            return double.NegativeInfinity;
        // A rough start, then Halley's steps: each triples the digits.
        double t = Math.Sqrt(-2 * Math.Log(p));
        double x = -(t - ((2.515517 + (t * (0.802853 + (t * 0.010328)))) / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308))))))));
        for (int step = 0; step < 3; step++)
        {
            double error = ((0.5 * Erfc(-x / Math.Sqrt(2))) - p) * Math.Sqrt(2 * Math.PI) * Math.Exp(x * x / 2);
            x -= error / (1 + (x * error / 2));
        }

        return x;
    }

    /// <summary>The number whose error function a number is; infinities at -1 and 1, NaN outside.</summary>
    public static double InverseErf(double y)
    {
        if (!(Math.Abs(y) < 0.5))
            return y < 0 ? NormalQuantile((1 + y) / 2) / Math.Sqrt(2) : -NormalQuantile((1 - y) / 2) / Math.Sqrt(2);
        double x = y * Math.Sqrt(Math.PI) / 2;
        for (int step = 0; step < 5; step++)
            x -= (Erf(x) - y) / TwoOverRootPi * Math.Exp(x * x);
        return x;
    }

    /// <summary>ln|gamma(x)|; infinity at 0 and the negative integers.</summary>
    public static double LogGamma(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (double.IsInfinity(x) || (x <= 0 && x == Math.Floor(x)))
            return double.PositiveInfinity;
        if (x is 1 or 2)
            return 0;
        if (x < 0.5)
            return Math.Log(Math.PI / Math.Abs(Math.Sin(Math.PI * (x - (2 * Math.Floor(x / 2)))))) - LogGamma(1 - x);
        x--;
        double sum = Lanczos[0];
        for (int i = 1; i < Lanczos.Length; i++)
            sum += Lanczos[i] / (x + i);
        double t = x + 7.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>The derivative of ln gamma; infinity at 0 and the negative integers.</summary>
    public static double Digamma(double x)
    {
        if (double.IsNaN(x) || double.IsPositiveInfinity(x))
            return x;
        if (x <= 0)
        {
            if (x == Math.Floor(x))
                return double.PositiveInfinity;
            return Digamma(1 - x) - (Math.PI / Math.Tan(Math.PI * (x - Math.Floor(x))));
        }

        double below = 0;
        for (; x < 10; x++)
            below += 1 / x;
        double inverse = 1 / (x * x);
        double series = inverse * ((1.0 / 12) - (inverse * ((1.0 / 120) - (inverse * ((1.0 / 252) - (inverse * ((1.0 / 240) - (inverse * (1.0 / 132)))))))));
        return Math.Log(x) - (0.5 / x) - series - below;
    }

    /// <summary>The Hurwitz zeta function: the sum of (q + k)^-x for k = 0, 1, 2 ...</summary>
    /// <returns>NaN for x below 1, and for a negative q with an x that is no whole number; infinity where a term is.</returns>
    public static double Zeta(double x, double q)
    {
        if (x == 1)
            return double.PositiveInfinity;
        if (!(x > 1) || double.IsNaN(q))
            return double.NaN;
        if (q <= 0)
        {
            if (q == Math.Floor(q))
                return double.PositiveInfinity;
            if (x != Math.Floor(x))
                return double.NaN;
        }

        double sum = 0;
        double a = q;
        for (int k = 0; k < 10 || a < 10; k++, a++)
        {
            double term = Math.Pow(a, -x);
            sum += term;
            if (a > 0 && term < sum * 1e-17)
                return sum;
        }

        double power = Math.Pow(a, -x);
        sum += (power * a / (x - 1)) + (power / 2);
        double factor = x;
        power /= a;
        for (int k = 0; k < BernoulliOverFactorial.Length; k++)
        {
            sum += BernoulliOverFactorial[k] * factor * power;
            factor *= (x + (2 * k) + 1) * (x + (2 * k) + 2);
            power /= a * a;
        }

        return sum;
    }

    /// <summary>The derivative of order <paramref name="n"/> of <see cref="Digamma"/>; NaN where n is no whole number or negative.</summary>
    public static double Polygamma(double n, double x)
    {
        if (n != Math.Floor(n) || n < 0)
            return double.NaN;
        if (n == 0)
            return Digamma(x);
        double magnitude = Math.Exp(LogGamma(n + 1)) * Zeta(n + 1, x);
        return n % 2 == 0 ? -magnitude : magnitude;
    }

    /// <summary>The lower incomplete gamma function over the complete one; NaN for x below 0 or a not above 0.</summary>
    public static double Igamma(double a, double x)
    {
        if (x == 0 && a > 0)
            return 0;
        if (!(x >= 0) || !(a > 0))
            return double.NaN;
        if (double.IsInfinity(x))
            return 1;
        return x > 1 && x > a ? 1 - IgammaFraction(a, x) : IgammaSeries(a, x);
    }

    /// <summary>The upper incomplete gamma function over the complete one; NaN for x below 0 or a not above 0.</summary>
    public static double Igammac(double a, double x)
    {
        if (!(x >= 0) || !(a > 0))
            return double.NaN;
        if (double.IsInfinity(x))
            return 0;
        return x < 1 || x < a ? 1 - IgammaSeries(a, x) : IgammaFraction(a, x);
    }

    /// <summary>The derivative of <see cref="Igamma"/> by a.</summary>
    public static double IgammaGradA(double a, double x)
    {
        if (x == 0 && a > 0)
            return 0;
        if (!(x > 0) || !(a > 0))
            return double.NaN;
        if (double.IsInfinity(x))
            return 0;
        // Term by term from x^(a+n) e^-x / gamma(a+n+1).
        double logX = Math.Log(x);
        double term = Math.Exp((a * logX) - x - LogGamma(a + 1));
        double psi = Digamma(a + 1);
        double sum = 0;
        for (int n = 1; n < 100_000; n++)
        {
            sum += term * (logX - psi);
            psi += 1 / (a + n);
            term *= x / (a + n);
            if (a + n > x && term * Math.Abs(logX - psi) <= Math.Abs(sum) * 1e-16)
                break;
        }

        return sum;
    }

    /// <summary>The derivative of a sample of the gamma distribution by its shape parameter, at the same probability.</summary>
    public static double GammaSampleSlope(double a, double x) =>
        x == 0 ? 0 : -IgammaGradA(a, x) / Math.Exp(((a - 1) * Math.Log(x)) - x - LogGamma(a));

    /// <summary>The regularised incomplete beta function; NaN outside a, b > 0 and 0 ≤ x ≤ 1.</summary>
    public static double Betainc(double a, double b, double x)
    {
        if (!(a > 0) || !(b > 0) || !(x >= 0) || !(x <= 1))
            return double.NaN;
        if (x is 0 or 1)
            return x;
        double front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Log1P(-x)));
        return x < (a + 1) / (a + b + 2) ? front * BetaFraction(a, b, x) / a : 1 - (front * BetaFraction(b, a, 1 - x) / b);
    }

    private static double IgammaSeries(double a, double x)
    {
        double term = 1 / a;
        double sum = term;
        for (int n = 1; n < 100_000 && term > sum * 1e-17; n++)
        {
            term *= x / (a + n);
            sum += term;
        }

        return sum * Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
    }

    private static double IgammaFraction(double a, double x)
    {
        double b = x + 1 - a;
        double c = 1e300;
        double d = 1 / b;
        double fraction = d;
        for (int n = 1; n < 100_000; n++)
        {
            double factor = n * (a - n);
            b += 2;
            d = 1 / AwayFromZero((factor * d) + b);
            c = AwayFromZero(b + (factor / c));
            fraction *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-16)
                break;
        }

        return fraction * Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
    }

    private static double BetaFraction(double a, double b, double x)
    {
        double c = 1;
        double d = 1 / AwayFromZero(1 - ((a + b) * x / (a + 1)));
        double fraction = d;
        for (int n = 1; n < 10_000; n++)
        {
            double even = n * (b - n) * x / ((a + (2 * n) - 1) * (a + (2 * n)));
            d = 1 / AwayFromZero(1 + (even * d));
            c = AwayFromZero(1 + (even / c));
            fraction *= d * c;
            double odd = -(a + n) * (a + b + n) * x / ((a + (2 * n)) * (a + (2 * n) + 1));
            d = 1 / AwayFromZero(1 + (odd * d));
            c = AwayFromZero(1 + (odd / c));
            fraction *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-16)
                break;
        }

        return fraction;
    }

    // Lentz's way of evaluating continued fractions must not divide by zero.
    private static double AwayFromZero(double x) => Math.Abs(x) < 1e-300 ? 1e-300 : x;

    private static double[] TabulateErf()
    {
        double[] table = new double[(int)(ErfEnd * ErfSteps) + 1];
        for (int i = 0; i < table.Length; i++)
        {
            double x = (double)i / ErfSteps;
            double term = x;
            double sum = x;
            for (int n = 1; term > sum * 1e-18; n++)
            {
                term *= 2 * x * x / ((2 * n) + 1);
                sum += term;
            }

            table[i] = TwoOverRootPi * Math.Exp(-x * x) * sum;
        }

        return table;
    }
}
