using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NotebookPersist.Kernels;

/// <summary>Powers of e of 32-bit floats that are not positive, a vector at a time.</summary>
/// <remarks>
/// x = n ln 2 + r with |r| at most half of ln 2; e^r by the polynomial of degree 6 that meets it at Chebyshev's points, within 1.1e-8; times 2^n.
/// Error: at most two units in the last place. What would be smaller than the smallest normal number is 0; NaN stays NaN.
/// </remarks>
internal static unsafe class Exponential
{
    // The logarithm of the smallest normal number.
    private const float Lowest = -87.33654f;
    private const float InverseLog2 = 1.44269504f;

    // 1.5 * 2^23: added to a small number it leaves the nearest whole number in the lowest bits.
    private const float Shift = 12582912;

    // ln 2 in two parts; the first has so few bits that its product with n is exact.
    private const float Log2High = 0.693359375f;
    private const float Log2Low = -2.12194440e-4f;

    /// <summary>exp(x) / sum(exp(x)) of one row; <paramref name="y"/> may be the same memory.</summary>
    public static void Softmax(float* x, float* y, int length)
    {
        // A short row is mostly rest, and less of one in narrower vectors.
        if (Vector512.IsHardwareAccelerated && length >= 2 * Vector512<float>.Count)
            Softmax<WideLanes<float>, Vector512<float>>(x, y, length);
        else
            Softmax<GeneralLanes<float>, Vector<float>>(x, y, length);
    }

    /// <summary>The same with vectors of a given width, whatever the machine would choose.</summary>
    public static void SoftmaxWith<TLanes, TVector>(ReadOnlySpan<float> logits, Span<float> result)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        fixed (float* x = logits, y = result)
            Softmax<TLanes, TVector>(x, y, result.Length);
    }

    /// <summary>The same with vectors of a given width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax<TLanes, TVector>(float* x, float* y, nint length)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        nint step = TLanes.Count;
        nint whole = length / step * step;

        // The rest as a vector of its own, so that every element is computed alike; what fills it up has no weight.
        float* rest = stackalloc float[2 * TLanes.Count];
        float* lanes = rest + step;
        for (nint j = 0; j < step; j++)
            rest[j] = whole + j < length ? x[whole + j] : float.NegativeInfinity;

        // Where an element is NaN, any other may come out: the sum of powers, and so the whole row, is NaN all the same.
        TVector m0 = TLanes.Load(rest), m1 = m0, m2 = m0, m3 = m0;
        nint i = 0;
        for (; i <= whole - (4 * step); i += 4 * step)
        {
            m0 = TLanes.Max(m0, TLanes.Load(x + i));
            m1 = TLanes.Max(m1, TLanes.Load(x + i + step));
            m2 = TLanes.Max(m2, TLanes.Load(x + i + (2 * step)));
            m3 = TLanes.Max(m3, TLanes.Load(x + i + (3 * step)));
        }

        for (; i < whole; i += step)
            m0 = TLanes.Max(m0, TLanes.Load(x + i));
        TLanes.Store(TLanes.Max(TLanes.Max(m0, m1), TLanes.Max(m2, m3)), lanes);
        float largest = lanes[0];
        for (nint j = 1; j < step; j++)
            largest = float.MaxNative(largest, lanes[j]);

        TVector all = TLanes.Create(largest);
        TVector sum = OfNonPositive<TLanes, TVector>(TLanes.Subtract(TLanes.Load(rest), all));
        TLanes.Store(sum, rest);
        for (i = 0; i <= whole - (2 * step); i += 2 * step)
        {
            TVector p0 = OfNonPositive<TLanes, TVector>(TLanes.Subtract(TLanes.Load(x + i), all));
            TVector p1 = OfNonPositive<TLanes, TVector>(TLanes.Subtract(TLanes.Load(x + i + step), all));
            TLanes.Store(p0, y + i);
            TLanes.Store(p1, y + i + step);
            sum = TLanes.Add(sum, TLanes.Add(p0, p1));
        }

        for (; i < whole; i += step)
        {
            TVector power = OfNonPositive<TLanes, TVector>(TLanes.Subtract(TLanes.Load(x + i), all));
            TLanes.Store(power, y + i);
            sum = TLanes.Add(sum, power);
        }

        float factor = 1 / TLanes.Sum(sum);
        TVector factors = TLanes.Create(factor);
        for (i = 0; i <= whole - (2 * step); i += 2 * step)
        {
            TLanes.Store(TLanes.Multiply(TLanes.Load(y + i), factors), y + i);
            TLanes.Store(TLanes.Multiply(TLanes.Load(y + i + step), factors), y + i + step);
        }

        for (; i < whole; i += step)
            TLanes.Store(TLanes.Multiply(TLanes.Load(y + i), factors), y + i);
        for (i = whole; i < length; i++)
            y[i] = rest[i - whole] * factor;
    }

    /// <summary>e to the power of each element, none of which is positive.</summary>
    public static Vector<float> OfNonPositive(Vector<float> x) => OfNonPositive<GeneralLanes<float>, Vector<float>>(x);

    /// <summary>e to the power of each element, none of which is positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OfNonPositive<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        // Far below, where r is anything, the result is 0 all the same.
        TVector lessOne = Reduced<TLanes, TVector>(x, out TVector scale);
        return TLanes.ZeroWhereLess(x, TLanes.Create(Lowest), TLanes.MultiplyAdd(lessOne, scale, scale));
    }

    /// <summary>The same less 1, without losing what is small: for x near 0 it is near x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> OfNonPositiveLessOne(Vector<float> x)
    {
        // Of two numbers one of which is NaN the second comes out.
        Vector<float> bounded = Vector.MaxNative(new Vector<float>(Lowest), x);
        Vector<float> lessOne = Reduced<GeneralLanes<float>, Vector<float>>(bounded, out Vector<float> scale);
        return Gemm.MultiplyAdd(lessOne, scale, scale - Vector<float>.One);
    }

    // e^r - 1, and 2^n.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduced<TLanes, TVector>(TVector x, out TVector scale)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        TVector shifted = TLanes.MultiplyAdd(x, TLanes.Create(InverseLog2), TLanes.Create(Shift));
        TVector n = TLanes.Subtract(shifted, TLanes.Create(Shift));
        TVector r = TLanes.MultiplyAdd(n, TLanes.Create(-Log2High), x);
        r = TLanes.MultiplyAdd(n, TLanes.Create(-Log2Low), r);
        TVector power = TLanes.Create(0.0013926290f);
        power = TLanes.MultiplyAdd(power, r, TLanes.Create(0.0083632637f));
        power = TLanes.MultiplyAdd(power, r, TLanes.Create(0.041666552f));
        power = TLanes.MultiplyAdd(power, r, TLanes.Create(0.16666576f));
        power = TLanes.MultiplyAdd(power, r, TLanes.Create(0.5f));
        power = TLanes.MultiplyAdd(power, TLanes.Multiply(r, r), r);
        scale = TLanes.PowerOfTwo(shifted);
        return power;
    }
}
