namespace NotebookPersist.Kernels.Elementwise;

/// <summary>Modified Bessel functions of the first kind, scaled by exp(-|x|) so that they do not overflow.</summary>
/// <remarks>
/// Up to 30 the power series, whose terms are all positive; beyond, the expansion for large arguments, whose terms shrink below the
/// precision of a double before they grow. Source: Abramowitz and Stegun, 9.6.10 and 9.7.1.
/// </remarks>
public static class BesselFunctions
{
    private const double Large = 30;

    /// <summary>Order 0.</summary>
    public static double I0e(double x) => Scaled(0, Math.Abs(x));

    /// <summary>Order 1.</summary>
    public static double I1e(double x) => x < 0 ? -Scaled(1, -x) : Scaled(1, x);

    private static double Scaled(int order, double x)
    {
        if (double.IsNaN(x))
            return x;
        if (double.IsPositiveInfinity(x))
            return 0;
        double term = 1;
        double sum = 1;
        if (x <= Large)
        {
            double square = x * x / 4;
            for (int k = 1; term > sum * 1e-18; k++)
            {
                term *= square / (k * (double)(k + order));
                sum += term;
            }

            return Math.Exp(-x) * sum * (order == 0 ? 1 : x / 2);
        }

        double mu = 4 * order * order;
        for (int k = 1; k < 60; k++)
        {
            double odd = (2 * k) - 1;
            double next = -term * (mu - (odd * odd)) / (k * 8 * x);
            if (Math.Abs(next) > Math.Abs(term))
                break;
            term = next;
            sum += term;
            if (Math.Abs(term) < 1e-18)
                break;
        }

        return sum / Math.Sqrt(2 * Math.PI * x);
    }
}
