using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace NotebookPersist.Kernels;

/// <summary>Powers of e of 32-bit floats that are not positive, a vector at a time.</summary>
/// <remarks>
/// x = n ln 2 + r with |r| at most half of ln 2; e^r by its Taylor polynomial of degree 7, whose rest is below 1e-9; times 2^n. Error: at most
/// two units in the last place. What would be smaller than the smallest normal number is 0; NaN stays NaN.
/// </remarks>
internal static unsafe class Exponential
{
    // The logarithm of the smallest normal number.
    private const float Lowest = -87.33654f;
    private const float InverseLog2 = 1.44269504f;

    // ln 2 in two parts; the first has so few bits that its product with n is exact.
    private const float Log2High = 0.693359375f;
    private const float Log2Low = -2.12194440e-4f;
    private const int ExponentBias = 127;
    private const int MantissaBits = 23;

    /// <summary>exp(x) / sum(exp(x)) of one row; <paramref name="y"/> may be the same memory.</summary>
    public static void Softmax(float* x, float* y, int length)
    {
        float largest = Largest(x, length);
        var all = new Vector<float>(largest);
        Vector<float> sums = Vector<float>.Zero;
        int i = 0;
        for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> power = OfNonPositive(Vector.Load(x + i) - all);
            power.Store(y + i);
            sums += power;
        }

        float sum = Vector.Sum(sums);
        if (i < length)
        {
            // The rest as a vector of its own, so that every element is computed alike.
            float* rest = stackalloc float[Vector<float>.Count];
            new Span<float>(rest, Vector<float>.Count).Fill(float.NegativeInfinity);
            new ReadOnlySpan<float>(x + i, length - i).CopyTo(new Span<float>(rest, Vector<float>.Count));
            OfNonPositive(Vector.Load(rest) - all).Store(rest);
            for (int j = i; j < length; j++)
            {
                y[j] = rest[j - i];
                sum += y[j];
            }
        }

        var row = new Span<float>(y, length);
        TensorPrimitives.Multiply(row, 1 / sum, row);
    }

    // Where an element is NaN, any other may come out: the sum of powers, and so the whole row, is NaN all the same.
    private static float Largest(float* x, int length)
    {
        if (length < 4 * Vector<float>.Count)
            return TensorPrimitives.Max(new ReadOnlySpan<float>(x, length));
        Vector<float> a = Vector.Load(x), b = Vector.Load(x + Vector<float>.Count), c = Vector.Load(x + (2 * Vector<float>.Count)), d = Vector.Load(x + (3 * Vector<float>.Count));
        int step = 4 * Vector<float>.Count;
        for (int i = step; i <= length - step; i += step)
        {
            a = Vector.MaxNative(a, Vector.Load(x + i));
            b = Vector.MaxNative(b, Vector.Load(x + i + Vector<float>.Count));
            c = Vector.MaxNative(c, Vector.Load(x + i + (2 * Vector<float>.Count)));
            d = Vector.MaxNative(d, Vector.Load(x + i + (3 * Vector<float>.Count)));
        }

        // The last elements once more, together with what is left before them.
        float* end = x + length - step;
        a = Vector.MaxNative(Vector.MaxNative(a, Vector.Load(end)), Vector.MaxNative(b, Vector.Load(end + Vector<float>.Count)));
        c = Vector.MaxNative(Vector.MaxNative(c, Vector.Load(end + (2 * Vector<float>.Count))), Vector.MaxNative(d, Vector.Load(end + (3 * Vector<float>.Count))));
        a = Vector.MaxNative(a, c);
        float largest = a[0];
        for (int i = 1; i < Vector<float>.Count; i++)
            largest = MathF.Max(largest, a[i]);
        return largest;
    }

    /// <summary>e to the power of each element, none of which is positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> OfNonPositive(Vector<float> x)
    {
        // Of two numbers one of which is NaN the second comes out.
        Vector<float> bounded = Vector.MaxNative(new Vector<float>(Lowest), x);
        Vector<float> n = Vector.Round(bounded * InverseLog2);
        Vector<float> r = Gemm.MultiplyAdd(n, new Vector<float>(-Log2High), bounded);
        r = Gemm.MultiplyAdd(n, new Vector<float>(-Log2Low), r);
        Vector<float> power = new(1f / 5040);
        power = Gemm.MultiplyAdd(power, r, new Vector<float>(1f / 720));
        power = Gemm.MultiplyAdd(power, r, new Vector<float>(1f / 120));
        power = Gemm.MultiplyAdd(power, r, new Vector<float>(1f / 24));
        power = Gemm.MultiplyAdd(power, r, new Vector<float>(1f / 6));
        power = Gemm.MultiplyAdd(power, r, new Vector<float>(0.5f));
        power = Gemm.MultiplyAdd(power, r, Vector<float>.One);
        power = Gemm.MultiplyAdd(power, r, Vector<float>.One);
        Vector<int> exponent = Vector.ConvertToInt32Native(n) + new Vector<int>(ExponentBias);
        power *= Vector.AsVectorSingle(Vector.ShiftLeft(exponent, MantissaBits));
        return Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(Lowest)), Vector<float>.Zero, power);
    }
}
