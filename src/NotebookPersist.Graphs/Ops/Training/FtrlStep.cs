using System.Numerics;

namespace NotebookPersist;

/// <summary>What both versions of Ftrl have in common.</summary>
internal static class FtrlStep
{
    public static void Take<T>(
        ref Vector<T> variable,
        ref Vector<T> accumulator,
        ref Vector<T> linear,
        Vector<T> gradient,
        Vector<T> shrunkGradient,
        (T Rate, T L1, T L2, T RatePower) p)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> sum = accumulator + (gradient * gradient);
        Vector<T> scale = Power(sum, p.RatePower);
        linear += shrunkGradient - ((scale - Power(accumulator, p.RatePower)) / new Vector<T>(p.Rate) * variable);
        Vector<T> denominator = (scale / new Vector<T>(p.Rate)) + new Vector<T>(p.L2 + p.L2);
        var l1 = new Vector<T>(p.L1);
        Vector<T> moved = ((Proximal.Sign(linear) * l1) - linear) / denominator;
        variable = Vector.ConditionalSelect(Vector.GreaterThan(Vector.Abs(linear), l1), moved, Vector<T>.Zero);
        accumulator = sum;
    }

    // The usual power is -1/2; others have no vector form.
    private static Vector<T> Power<T>(Vector<T> value, T ratePower)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (ratePower == -(T.One / (T.One + T.One)))
            return Vector.SquareRoot(value);
        for (int i = 0; i < Vector<T>.Count; i++)
            value = value.WithElement(i, T.Pow(value[i], -ratePower));
        return value;
    }
}
