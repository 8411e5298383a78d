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
        float largest = TensorPrimitives.Max(new ReadOnlySpan<float>(x, length));
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
        TensorPrimitives.Divide(row, sum, row);
    }

    /// <summary>e to the power of each element, none of which is positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> OfNonPositive(Vector<float> x)
    {
        Vector<float> bounded = Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(Lowest)), new Vector<float>(Lowest), x);
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
