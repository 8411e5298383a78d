using System.Numerics;
using System.Runtime.CompilerServices;

namespace NotebookPersist.Kernels;

/// <summary>Activations built on powers of e, of 32-bit floats, a vector at a time.</summary>
/// <remarks>NaN stays NaN. Powers below the smallest normal number count as 0. Thread safety: pure functions.</remarks>
public static class SmoothFunctions
{
    // Beyond it the result is 1 in this type.
    private const float TanhLimit = 9;

    /// <summary>The hyperbolic tangent, within 1e-6 of its size.</summary>
    /// <remarks>A quotient of polynomials of degree 13 and 6. Source: Eigen's generic_fast_tanh_float, which TensorFlow 1.15 uses.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Tanh(Vector<float> x)
    {
        // Of two numbers one of which is NaN the second comes out.
        x = Vector.MaxNative(new Vector<float>(-TanhLimit), Vector.MinNative(new Vector<float>(TanhLimit), x));
        Vector<float> square = x * x;
        Vector<float> above = Gemm.MultiplyAdd(square, new Vector<float>(-2.76076847742355e-16f), new Vector<float>(2.00018790482477e-13f));
        above = Gemm.MultiplyAdd(square, above, new Vector<float>(-8.60467152213735e-11f));
        above = Gemm.MultiplyAdd(square, above, new Vector<float>(5.12229709037114e-08f));
        above = Gemm.MultiplyAdd(square, above, new Vector<float>(1.48572235717979e-05f));
        above = Gemm.MultiplyAdd(square, above, new Vector<float>(6.37261928875436e-04f));
        above = x * Gemm.MultiplyAdd(square, above, new Vector<float>(4.89352455891786e-03f));
        Vector<float> below = Gemm.MultiplyAdd(square, new Vector<float>(1.19825839466702e-06f), new Vector<float>(1.18534705686654e-04f));
        below = Gemm.MultiplyAdd(square, below, new Vector<float>(2.26843463243900e-03f));
        below = Gemm.MultiplyAdd(square, below, new Vector<float>(4.89352518554385e-03f));
        return Vector.MaxNative(-Vector<float>.One, Vector.MinNative(Vector<float>.One, above / below));
    }

    /// <summary>1 / (1 + e to the power of -x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Sigmoid(Vector<float> x)
    {
        Vector<float> power = Exponential.OfNonPositive<GeneralLanes<float>, Vector<float>>(-Vector.Abs(x));
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), power, Vector<float>.One) / (Vector<float>.One + power);
    }

    /// <summary>log(1 + e to the power of x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Softplus(Vector<float> x)
    {
        Vector<float> power = Exponential.OfNonPositive<GeneralLanes<float>, Vector<float>>(-Vector.Abs(x));

        // log(1 + p) = 2 artanh(p / (2 + p)), whose argument is at most a third.
        Vector<float> s = power / (power + new Vector<float>(2));
        Vector<float> square = s * s;
        Vector<float> sum = Gemm.MultiplyAdd(square, new Vector<float>(1f / 13), new Vector<float>(1f / 11));
        sum = Gemm.MultiplyAdd(square, sum, new Vector<float>(1f / 9));
        sum = Gemm.MultiplyAdd(square, sum, new Vector<float>(1f / 7));
        sum = Gemm.MultiplyAdd(square, sum, new Vector<float>(1f / 5));
        sum = Gemm.MultiplyAdd(square, sum, new Vector<float>(1f / 3));
        s += s;
        sum = Gemm.MultiplyAdd(s * square, sum, s);
        return Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), x, Vector<float>.Zero) + sum;
    }

    /// <summary>e to the power of x, less 1, times <paramref name="below"/> where x is negative; x times <paramref name="above"/> elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Elu(Vector<float> x, float below, float above)
    {
        Vector<float> lessOne = Exponential.OfNonPositiveLessOne(Vector.MinNative(x, Vector<float>.Zero));
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), lessOne * below, x * above);
    }
}
