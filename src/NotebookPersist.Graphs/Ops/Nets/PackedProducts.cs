using System.Numerics;
using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Products of matrices whose right factor is an input: a lasting one is laid out once for many runs.</summary>
internal static class PackedProducts
{
    // With more rows the layout of a large matrix is a small part of the work, and the memory is better saved.
    private const long MostRows = 2048;
    private const long SmallMatrix = 1 << 19;

    private const long FewestElements = 1 << 12;

    /// <summary>The product, then what follows.</summary>
    /// <param name="c">Where the right factor comes from.</param>
    /// <param name="input">The input that is the right factor.</param>
    /// <param name="a">Shape: [m, k], or [k, m] where transposed.</param>
    /// <param name="result">Shape: [m, n].</param>
    /// <param name="m">Rows of the result.</param>
    /// <param name="n">Columns of the result.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="transposeA">Whether the left factor is stored transposed.</param>
    /// <param name="transposeB">Whether the right factor is stored transposed.</param>
    /// <param name="epilogue">What is done to the sums.</param>
    public static void Multiply<T>(
        KernelContext c, int input, ReadOnlySpan<T> a, Span<T> result, long m, long n, long k, bool transposeA, bool transposeB, Epilogue<T> epilogue)
        where T : unmanaged, INumber<T>
    {
        bool mayPack = (m <= MostRows || n * k <= SmallMatrix) && n * k >= FewestElements && MatrixProduct.UsesPanels(m, n, k, transposeA) && PackedMatrix.CanPack<T>(k, n);
        PackedMatrix<T>? packed = mayPack
            ? c.DerivedOfLasting<PackedMatrix<T>>(
                input, transposeB ? "packed, transposed" : "packed", (matrix, _) => PackedMatrix.Pack<T>(matrix.Data<T>(), k, n, transposeB, c.Workers))
            : null;
        if (packed is null)
            MatrixProduct.Multiply(a, c.Input<T>(input), result, m, n, k, transposeA, transposeB, epilogue, c.Workers);
        else
            packed.MultiplyLeft(a, result, m, transposeA, epilogue, c.Workers);
    }
}
