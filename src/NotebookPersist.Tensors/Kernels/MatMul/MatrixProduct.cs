using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>Products of matrices in memory, one or many.</summary>
/// <remarks>Aliasing: the result must not overlap the factors. Thread safety: pure functions.</remarks>
public static class MatrixProduct
{
    private const long SmallWork = 4096;

    /// <summary>The product of two row-major matrices, then what follows.</summary>
    /// <inheritdoc cref="Multiply{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T}, long, long, long, bool, bool, Workers)"/>
    public static unsafe void Multiply<T>(
        ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> result, long m, long n, long k, bool transposeA, bool transposeB, Epilogue<T> epilogue, Workers workers)
        where T : unmanaged, INumber<T>
    {
        if (m * n == 0)
            return;
        if (UsesPanels(m, n, k, transposeA))
        {
            RequireLengths(a, b, result, m, n, k);
            fixed (T* pa = a, pb = b, pc = result, bias = epilogue.Bias)
                MultiplyPanels(pa, pb, pc, (nint)m, (nint)n, (nint)k, transposeA, transposeB, new RowFinish<T>(bias, epilogue.Activation), workers);
            return;
        }

        Multiply(a, b, result, m, n, k, transposeA, transposeB, workers);
        epilogue.Apply(result[..(int)(m * n)], (int)n);
    }

    /// <summary>Whether a product of this size would pack its right factor, so that a <see cref="PackedMatrix{T}"/> saves time.</summary>
    public static bool UsesPanels(long m, long n, long k, bool transposeA) => m * n * k > SmallWork && !(SlimProduct.Suits(m, n, k) && (!transposeA || m == 1)) && n > 1;

    /// <summary>The product of two row-major matrices.</summary>
    /// <param name="a">Shape: [m, k], or [k, m] where transposed.</param>
    /// <param name="b">Shape: [k, n], or [n, k] where transposed.</param>
    /// <param name="result">Shape: [m, n].</param>
    /// <param name="m">Rows of the result.</param>
    /// <param name="n">Columns of the result.</param>
    /// <param name="k">Length of the sums; sums of nothing are 0.</param>
    /// <param name="transposeA">Whether the first factor is stored transposed.</param>
    /// <param name="transposeB">Whether the second factor is stored transposed.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape.</exception>
    public static unsafe void Multiply<T>(
        ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> result, long m, long n, long k, bool transposeA, bool transposeB, Workers workers)
        where T : unmanaged, INumber<T>
    {
        RequireLengths(a, b, result, m, n, k);
        if (m == 0 || n == 0)
            return;
        if (m * n * k <= SmallWork)
        {
            MultiplySmall(a, b, result, (int)m, (int)n, (int)k, transposeA, transposeB);
            return;
        }

        fixed (T* pa = a, pb = b, pc = result)
        {
            // A column on the right is a row on the left of the transposed product.
            if (SlimProduct.Suits(m, n, k) && (!transposeA || m == 1))
                SlimProduct.Multiply(pa, (nint)m, pb, transposeB, pc, (nint)n, (nint)k, workers);
            else if (n == 1)
                SlimProduct.Multiply(pb, 1, pa, !transposeA, pc, (nint)m, (nint)k, workers);
            else
                MultiplyPanels(pa, pb, pc, (nint)m, (nint)n, (nint)k, transposeA, transposeB, default, workers);
        }
    }

    /// <summary>The product in the simplest way, for element types without vectors and as a reference.</summary>
    /// <inheritdoc cref="Multiply{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T}, long, long, long, bool, bool, Workers)"/>
    public static void MultiplySmall<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> result, int m, int n, int k, bool transposeA, bool transposeB)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < m; i++)
        {
            Span<T> row = result.Slice(i * n, n);
            row.Clear();
            for (int p = 0; p < k; p++)
            {
                T factor = transposeA ? a[(p * m) + i] : a[(i * k) + p];
                for (int j = 0; j < n; j++)
                    row[j] += factor * (transposeB ? b[(j * k) + p] : b[(p * n) + j]);
            }
        }
    }

    /// <summary>The blocked product with a given micro-kernel, whatever the machine would choose.</summary>
    internal static unsafe void MultiplyWith<T, TKernel>(
        ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> result, int m, int n, int k, bool transposeA, bool transposeB, Workers workers)
        where T : unmanaged, INumber<T>
        where TKernel : struct, IMicroKernel<T>
    {
        fixed (T* pa = a, pb = b, pc = result)
        {
            Gemm.Multiply<T, DenseRows<T>, DenseRows<T>, TKernel>(
                m, n, k, new DenseRows<T>(pa, transposeA ? m : k), transposeA, new DenseRows<T>(pb, transposeB ? k : n), transposeB, pc, n, default, workers);
        }
    }

    /// <summary>The product of a few rows by a matrix as it lies, with vectors of a given width.</summary>
    internal static unsafe void MultiplySlimWith<TLanes, TVector, T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> result, int m, int n, int k, bool transposeB, Workers workers)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumber<T>
    {
        fixed (T* pa = a, pb = b, pc = result)
            SlimProduct.Multiply<TLanes, TVector, T>(pa, m, pb, transposeB, pc, n, k, workers);
    }

    private static unsafe void MultiplyPanels<T>(T* a, T* b, T* c, nint m, nint n, nint k, bool transposeA, bool transposeB, RowFinish<T> finish, Workers workers)
        where T : unmanaged, INumber<T> =>
        Gemm.Multiply(m, n, k, new DenseRows<T>(a, transposeA ? m : k), transposeA, new DenseRows<T>(b, transposeB ? k : n), transposeB, c, n, finish, workers);

    private static void RequireLengths<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> result, long m, long n, long k)
    {
        if (a.Length < m * k || b.Length < k * n || result.Length < m * n)
            throw new ArgumentException($"The spans are too short for a product of [{m},{k}] and [{k},{n}].");
    }
}
