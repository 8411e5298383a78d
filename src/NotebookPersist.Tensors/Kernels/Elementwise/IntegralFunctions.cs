using System.Numerics;

namespace NotebookPersist.Kernels.Elementwise;

/// <summary>Functions that are defined as integrals: Dawson's, Fresnel's, the exponential integral and Spence's.</summary>
/// <remarks>Thread safety: pure. Accuracy: about 1e-13 relative. Source: Abramowitz and Stegun, chapters 5, 7 and 27.</remarks>
public static class IntegralFunctions
{
    private const double Euler = 0.57721566490153286061;

    /// <summary>Dawson's integral: e^(-x²) times the integral of e^(t²) from 0 to <paramref name="x"/>.</summary>
    public static double Dawson(double x)
    {
        double size = Math.Abs(x);
        if (size < 0.5)
        {
            (double term, double sum) = (x, x);
            for (int k = 1; k < 40; k++)
            {
                term *= -2 * x * x / ((2 * k) + 1);
                sum += term;
            }

            return sum;
        }

        if (!(size < 1e6))
            return double.IsNaN(x) ? x : 0.5 / x;
        // Rybicki's sum of Gaussians, exact but for e^-61 at this spacing.
        const double Spacing = 0.2;
        int nearest = 2 * (int)Math.Round(size / (2 * Spacing));
        double total = 0;
        for (int n = -45; n <= 45; n += 2)
        {
            double distance = size - ((nearest + n) * Spacing);
            total += Math.Exp(-distance * distance) / (nearest + n);
        }

        return Math.CopySign(total / Math.Sqrt(Math.PI), x);
    }

    /// <summary>The integral of e^t / t up to <paramref name="x"/>; no number for negative ones.</summary>
    public static double Exponential(double x)
    {
        if (!(x > 0))
            return x == 0 ? double.NegativeInfinity : double.NaN;
        double term = 1;
        if (x < 40)
        {
            double sum = 0;
            for (int k = 1; k < 200 && (k < 2 || term / k > sum * 1e-18); k++)
            {
                term *= x / k;
                sum += term / k;
            }

            return Euler + Math.Log(x) + sum;
        }

        double series = 1;
        for (int k = 1; k < x; k++)
        {
            term *= k / x;
            series += term;
            if (term < 1e-18)
                break;
        }

        return double.IsInfinity(x) ? x : Math.Exp(x) / x * series;
    }

    /// <summary>Fresnel's integrals: of the cosine and of the sine of πt²/2 from 0 to <paramref name="x"/>.</summary>
    public static (double Cosine, double Sine) Fresnel(double x)
    {
        double size = Math.Abs(x);
        if (double.IsNaN(x))
            return (x, x);
        if (size > 1e8)
            return (Math.CopySign(0.5, x), Math.CopySign(0.5, x));
        (double cosine, double sine) = size < 1.5 ? FresnelSeries(size) : FresnelFraction(size);
        return x < 0 ? (-cosine, -sine) : (cosine, sine);
    }

    /// <summary>Spence's function: the integral of ln t / (1 - t) from 1 to <paramref name="x"/>; no number for negative ones.</summary>
    public static double Spence(double x)
    {
        if (!(x >= 0))
            return double.NaN;
        if (x == 0)
            return Math.PI * Math.PI / 6;
        if (double.IsInfinity(x))
            return double.NegativeInfinity;
        double logarithm = Math.Log(x);
        if (x > 1.5)
            return -Spence(1 / x) - (logarithm * logarithm / 2);
        if (x < 0.5)
            return (Math.PI * Math.PI / 6) - (logarithm * Math.Log(1 - x)) - Spence(1 - x);
        (double power, double sum) = (1, 0);
        for (int k = 1; k < 60; k++)
        {
            power *= 1 - x;
            sum += power / ((double)k * k);
        }

        return sum;
    }

    private static (double Cosine, double Sine) FresnelSeries(double x)
    {
        double fact = Math.PI / 2 * x * x;
        (double cosine, double sine, double term) = (0, 0, x);
        for (int k = 0; k < 60; k++)
        {
            double part = (k / 2 % 2 == 0 ? term : -term) / ((2 * k) + 1);
            if (k % 2 == 0)
                cosine += part;
            else
                sine += part;
            term *= fact / (k + 1);
        }

        return (cosine, sine);
    }

    // The complementary error function of a complex argument, as a continued fraction.
    private static (double Cosine, double Sine) FresnelFraction(double x)
    {
        double square = Math.PI * x * x;
        var b = new Complex(1, -square);
        Complex c = 1e300;
        Complex d = 1 / b;
        Complex h = d;
        for (int k = 1, n = -1; k < 300; k++)
        {
            n += 2;
            double a = -n * (n + 1.0);
            b += 4;
            d = 1 / ((a * d) + b);
            c = b + (a / c);
            Complex step = c * d;
            h *= step;
            if (Math.Abs(step.Real - 1) + Math.Abs(step.Imaginary) < 1e-16)
                break;
        }

        h *= new Complex(x, -x);
        (double sine, double cosine) = Math.SinCos(square / 2);
        Complex result = new Complex(0.5, 0.5) * (1 - (new Complex(cosine, sine) * h));
        return (result.Real, result.Imaginary);
    }
}
