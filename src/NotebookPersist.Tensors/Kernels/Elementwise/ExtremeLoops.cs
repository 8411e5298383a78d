using System.Numerics;

namespace NotebookPersist.Kernels.Elementwise;

/// <summary>The larger and the smaller of two numbers as TensorFlow chooses: x unless y beats it, so that a NaN in x stays.</summary>
/// <remarks>Aliasing: z can be x or y. Thread safety: pure functions but for the output they fill.</remarks>
public static class ExtremeLoops
{
    /// <summary>z[i] = x[i] &lt; y[i] ? y[i] : x[i].</summary>
    public static void Larger<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where T : unmanaged, INumber<T>
    {
        int i = 0;
        if (Vector<T>.IsSupported)
        {
            for (; i <= z.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                var left = new Vector<T>(x[i..]);
                var right = new Vector<T>(y[i..]);
                Vector.ConditionalSelect(Vector.LessThan(left, right), right, left).CopyTo(z[i..]);
            }
        }

        for (; i < z.Length; i++)
            z[i] = x[i] < y[i] ? y[i] : x[i];
    }

    /// <summary>z[i] = y[i] &lt; x[i] ? y[i] : x[i].</summary>
    public static void Smaller<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where T : unmanaged, INumber<T>
    {
        int i = 0;
        if (Vector<T>.IsSupported)
        {
            for (; i <= z.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                var left = new Vector<T>(x[i..]);
                var right = new Vector<T>(y[i..]);
                Vector.ConditionalSelect(Vector.LessThan(right, left), right, left).CopyTo(z[i..]);
            }
        }

        for (; i < z.Length; i++)
            z[i] = y[i] < x[i] ? y[i] : x[i];
    }
}
