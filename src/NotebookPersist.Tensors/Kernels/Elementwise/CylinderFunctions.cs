namespace NotebookPersist.Kernels.Elementwise;

/// <summary>Bessel functions of orders 0 and 1: of the first and second kind, and modified ones of the second kind.</summary>
/// <remarks>Thread safety: pure. Accuracy: about 1e-13 of the function's envelope. Source: Abramowitz and Stegun, chapter 9.</remarks>
public static class CylinderFunctions
{
    private const double Euler = 0.57721566490153286061;

    // From here on the expansion for large arguments is exact to a double's precision.
    private const double Large = 30;

    // Downward recurrence from here on gives all orders up to Large.
    private const int Highest = 90;

    /// <summary>The first kind, order 0.</summary>
    public static double J0(double x) => Math.Abs(x) > Large ? Wave(0, Math.Abs(x), isSecond: false) : FirstKind(Math.Abs(x))[0];

    /// <summary>The first kind, order 1.</summary>
    public static double J1(double x) => Math.Sign(x) * (Math.Abs(x) > Large ? Wave(1, Math.Abs(x), isSecond: false) : double.IsNaN(x) ? 0 : FirstKind(Math.Abs(x))[1]) + (double.IsNaN(x) ? x : 0);

    /// <summary>The second kind, order 0; no number for negative arguments.</summary>
    public static double Y0(double x)
    {
        if (!(x > 0))
            return x == 0 ? double.NegativeInfinity : double.NaN;
        if (x > Large)
            return Wave(0, x, isSecond: true);
        double[] j = FirstKind(x);
        double sum = 0;
        for (int k = 1; 2 * k < j.Length; k++)
            sum += (k % 2 == 0 ? j[2 * k] : -j[2 * k]) / k;
        return 2 / Math.PI * (((Math.Log(x / 2) + Euler) * j[0]) - (2 * sum));
    }

    /// <summary>The second kind, order 1; no number for negative arguments.</summary>
    public static double Y1(double x)
    {
        if (!(x > 0))
            return x == 0 ? double.NegativeInfinity : double.NaN;
        if (x > Large)
            return Wave(1, x, isSecond: true);
        double[] j = FirstKind(x);
        double sum = 0;
        for (int k = 1; (2 * k) + 1 < j.Length; k++)
            sum += (k % 2 == 0 ? 1 : -1) * ((2 * k) + 1) * j[(2 * k) + 1] / (k * (k + 1.0));
        return 2 / Math.PI * (((Math.Log(x / 2) + Euler - 1) * j[1]) - (j[0] / x) - sum);
    }

    /// <summary>The modified second kind, order 0.</summary>
    public static double K0(double x) => Decaying(x).Zero * Math.Exp(-x);

    /// <summary>The modified second kind, order 0, times e^x.</summary>
    public static double K0e(double x) => Decaying(x).Zero;

    /// <summary>The modified second kind, order 1.</summary>
    public static double K1(double x) => Decaying(x).One * Math.Exp(-x);

    /// <summary>The modified second kind, order 1, times e^x.</summary>
    public static double K1e(double x) => Decaying(x).One;

    // Orders 0 to Highest by recurrence downwards, which is stable, scaled by J0 + 2 (J2 + J4 + ...) = 1.
    private static double[] FirstKind(double x)
    {
        double[] j = new double[Highest + 1];
        if (x == 0 || double.IsNaN(x))
        {
            j[0] = x + 1;
            return j;
        }

        // So far above the argument the functions are nothing to a double.
        int top = Math.Min(Highest, 2 * (int)(10 + x) + 10);
        j[top] = 1e-280;
        for (int n = top; n > 0; n--)
        {
            j[n - 1] = (2 * n / x * j[n]) - (n < top ? j[n + 1] : 0);
            if (Math.Abs(j[n - 1]) < 1e100)
                continue;
            for (int k = n - 1; k <= top; k++)
                j[k] *= 1e-200;
        }

        double sum = j[0];
        for (int k = 2; k <= top; k += 2)
            sum += 2 * j[k];
        for (int k = 0; k <= top; k++)
            j[k] /= sum;
        return j;
    }

    // Hankel's expansion: a cosine and a sine whose amplitudes are series in 1 / x.
    private static double Wave(int order, double x, bool isSecond)
    {
        if (double.IsInfinity(x))
            return 0;
        double mu = 4 * order * order;
        (double p, double q, double term) = (0, 0, 1);
        for (int k = 0; k < 40; k++)
        {
            double signed = k / 2 % 2 == 0 ? term : -term;
            if (k % 2 == 0)
                p += signed;
            else
                q += signed;
            double odd = (2 * k) + 1;
            double next = term * (mu - (odd * odd)) / ((k + 1) * 8 * x);
            if (Math.Abs(next) < 1e-18 || Math.Abs(next) > Math.Abs(term))
                break;
            term = next;
        }

        double phase = x - ((order + 0.5) * Math.PI / 2);
        (double sine, double cosine) = Math.SinCos(phase);
        return Math.Sqrt(2 / (Math.PI * x)) * (isSecond ? (p * sine) + (q * cosine) : (p * cosine) - (q * sine));
    }

    // Both modified functions, times e^x: series below 2, from there on Temme's continued fraction.
    private static (double Zero, double One) Decaying(double x)
    {
        if (!(x > 0))
            return x == 0 ? (double.PositiveInfinity, double.PositiveInfinity) : (double.NaN, double.NaN);
        if (double.IsInfinity(x))
            return (0, 0);
        return x < 2 ? DecayingSeries(x) : DecayingFraction(x);
    }

    private static (double Zero, double One) DecayingSeries(double x)
    {
        double square = x * x / 4;
        double logarithm = Math.Log(x / 2);
        (double term, double harmonic) = (1, 0);
        (double i0, double i1, double zero, double one) = (0, 0, 0, 0);
        for (int k = 0; k < 40; k++)
        {
            i0 += term;
            i1 += term / (k + 1);
            zero += term * (harmonic - Euler);
            // The digammas of k + 1 and k + 2.
            one += term / (k + 1) * ((2 * (harmonic - Euler)) + (1.0 / (k + 1)));
            harmonic += 1.0 / (k + 1);
            term *= square / ((k + 1) * (k + 1.0));
            if (term < 1e-20)
                break;
        }

        double scale = Math.Exp(x);
        return (scale * (zero - (logarithm * i0)), scale * ((1 / x) + (logarithm * i1 * x / 2) - (x / 4 * one)));
    }

    private static (double Zero, double One) DecayingFraction(double x)
    {
        double b = 2 * (1 + x);
        double d = 1 / b;
        (double h, double step) = (d, d);
        (double q1, double q2) = (0, 1);
        (double q, double c, double a) = (0.25, 0.25, -0.25);
        double s = 1 + (q * step);
        for (int i = 2; i < 10000; i++)
        {
            a -= 2 * (i - 1);
            c = -a * c / i;
            double next = (q1 - (b * q2)) / a;
            (q1, q2) = (q2, next);
            q += c * next;
            b += 2;
            d = 1 / (b + (a * d));
            step = ((b * d) - 1) * step;
            h += step;
            double part = q * step;
            s += part;
            if (Math.Abs(part / s) < 1e-17)
                break;
        }

        double zero = Math.Sqrt(Math.PI / (2 * x)) / s;
        return (zero, zero * (x + 0.5 - (h / 4)) / x);
    }
}
