using System.Runtime.CompilerServices;

namespace NotebookPersist.Kernels.Randoms;

/// <summary>Turns random bits into numbers of the elementary distributions.</summary>
/// <remarks>Bit for bit what TensorFlow computes, given the same C library functions for logarithm, sine and cosine.</remarks>
internal static class RandomBits
{
    // The logarithm of a smaller number would stretch the tail beyond what single precision draws can fill.
    private const float SmallestLogArgument = 1.0e-7f;

    /// <summary>[0, 1): the lower 23 bits fill the fraction of a number in [1, 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(uint bits) => BitConverter.UInt32BitsToSingle((127u << 23) | (bits & 0x7fffff)) - 1.0f;

    /// <summary>[0, 1): 20 bits of the first number and all of the second fill the fraction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble(uint high, uint low) =>
        BitConverter.UInt64BitsToDouble((1023ul << 52) | ((ulong)(high & 0xfffff) << 32) | low) - 1.0;

    /// <summary>[0, 1) with the ten bits of a half's fraction.</summary>
    public static Half ToHalf(uint bits) => (Half)((float)BitConverter.UInt16BitsToHalf((ushort)((15 << 10) | (bits & 0x3ff))) - 1.0f);

    /// <summary>[0, 1) with the seven bits of a bfloat16's fraction.</summary>
    public static BFloat16 ToBFloat16(uint bits) => (BFloat16)(BitConverter.UInt32BitsToSingle(((127u << 7) | (bits & 0x7f)) << 16) - 1.0f);

    /// <summary>Two independent standard normal numbers (Box-Muller).</summary>
    public static (float First, float Second) Normal(uint x0, uint x1)
    {
        float u1 = Math.Max(ToSingle(x0), SmallestLogArgument);
        float v1 = (float)(2.0 * Math.PI * ToSingle(x1));
        float u2 = MathF.Sqrt(-2.0f * MathF.Log(u1));
        return (MathF.Sin(v1) * u2, MathF.Cos(v1) * u2);
    }

    /// <summary>Two independent standard normal numbers (Box-Muller).</summary>
    public static (double First, double Second) Normal(uint x0, uint x1, uint x2, uint x3)
    {
        double u1 = Math.Max(ToDouble(x0, x1), 1.0e-7);
        double v1 = 2.0 * Math.PI * ToDouble(x2, x3);
        double u2 = Math.Sqrt(-2.0 * Math.Log(u1));
        return (Math.Sin(v1) * u2, Math.Cos(v1) * u2);
    }
}
