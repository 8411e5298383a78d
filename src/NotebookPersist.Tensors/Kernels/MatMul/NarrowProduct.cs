using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>Products whose result has few columns: its transpose is that of a few rows by the left factor as it lies.</summary>
/// <remarks>Aliasing: the result must not overlap the factors.</remarks>
internal static unsafe class NarrowProduct
{
    private const long MostColumns = 16;

    // Sums along shorter rows cost more to finish than to make.
    private const long ShortestRow = 64;

    /// <summary>Whether a product of this size is of the kind.</summary>
    /// <param name="m">Rows of the result.</param>
    /// <param name="n">Columns of the result.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="transposeA">Whether the left factor is stored transposed.</param>
    public static bool Suits(long m, long n, long k, bool transposeA) => n is > 1 and <= MostColumns && m >= n && (transposeA || k >= ShortestRow);

    /// <summary>c[m,n] = A[m,k] B[k,n].</summary>
    /// <param name="a">The left factor.</param>
    /// <param name="m">Rows of the result.</param>
    /// <param name="transposeA">Whether <paramref name="a"/> is [k,m].</param>
    /// <param name="b">The right factor.</param>
    /// <param name="transposeB">Whether <paramref name="b"/> is [n,k].</param>
    /// <param name="c">The result.</param>
    /// <param name="n">Columns of the result.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static void Multiply<T>(T* a, nint m, bool transposeA, T* b, bool transposeB, T* c, nint n, nint k, Workers workers)
        where T : unmanaged, INumber<T>
    {
        using var scratch = new AlignedScratch<T>(n * (k + m));
        T* rows = b;
        if (!transposeB)
        {
            rows = scratch.Pointer;
            Turn(b, rows, k, n);
        }

        T* turned = scratch.Pointer + (n * k);
        SlimProduct.Multiply(rows, n, a, !transposeA, turned, m, k, workers);
        for (nint row = 0; row < m; row++)
        {
            for (nint column = 0; column < n; column++)
                c[(row * n) + column] = turned[(column * m) + row];
        }
    }

    // [rows, columns] to [columns, rows], with few columns.
    private static void Turn<T>(T* from, T* to, nint rows, nint columns)
        where T : unmanaged
    {
        for (nint row = 0; row < rows; row++)
        {
            for (nint column = 0; column < columns; column++)
                to[(column * rows) + row] = from[(row * columns) + column];
        }
    }
}
