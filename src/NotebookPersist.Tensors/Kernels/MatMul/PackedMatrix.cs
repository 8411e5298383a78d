using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using NotebookPersist.Memory;

namespace NotebookPersist.Kernels;

/// <summary>Lays out right factors for products.</summary>
public static class PackedMatrix
{
    /// <summary>Whether a matrix of this size can be packed: what it takes must fit one buffer.</summary>
    public static unsafe bool CanPack<T>(long rows, long columns)
        where T : unmanaged, INumber<T> => rows > 0 && columns > 0 && (Int128)rows * PackedMatrix<T>.RoundUp(columns) * sizeof(T) < Array.MaxLength / 2;

    /// <summary>Lays a matrix out.</summary>
    /// <param name="matrix">Shape: [k, n], or [n, k] where transposed.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="n">Columns of the product.</param>
    /// <param name="transposed">Whether it is stored transposed.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static unsafe PackedMatrix<T> Pack<T>(ReadOnlySpan<T> matrix, long k, long n, bool transposed, Workers workers)
        where T : unmanaged, INumber<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(matrix.Length, k * n);
        var packed = new PackedMatrix<T>(TensorBuffer.Allocate(Math.Max(1 << 12, k * PackedMatrix<T>.RoundUp(n) * sizeof(T))), k, n);
        fixed (T* from = matrix, to = packed.Panels)
        {
            var rows = new DenseRows<T>(from, (nint)(transposed ? k : n));
            if (Vector512.IsHardwareAccelerated)
                Gemm.PackAll<T, DenseRows<T>, TileKernel<WideLanes<T>, Vector512<T>, T>>(rows, transposed, (nint)n, (nint)k, to, workers);
            else
                Gemm.PackAll<T, DenseRows<T>, TileKernel<GeneralLanes<T>, Vector<T>, T>>(rows, transposed, (nint)n, (nint)k, to, workers);
        }

        return packed;
    }
}

/// <summary>A right factor laid out as products read it, for matrices that are used again and again.</summary>
/// <remarks>As large as the matrix. Thread safety: immutable once packed.</remarks>
public sealed class PackedMatrix<T>
    where T : unmanaged, INumber<T>
{
    private readonly TensorBuffer _panels;

    internal PackedMatrix(TensorBuffer panels, long rows, long columns) => (_panels, Rows, Columns) = (panels, rows, columns);

    /// <summary>Length of the sums.</summary>
    public long Rows { get; }

    /// <summary>Columns of the product.</summary>
    public long Columns { get; }

    /// <summary>Unit: bytes.</summary>
    public long ByteCount => _panels.ByteCount;

    /// <summary>The product of rows by this matrix, then what follows.</summary>
    /// <param name="a">Shape: [m, k], or [k, m] where transposed.</param>
    /// <param name="result">Shape: [m, n].</param>
    /// <param name="m">Rows of the product.</param>
    /// <param name="transposeA">Whether the left factor is stored transposed.</param>
    /// <param name="epilogue">What is done to the sums.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape.</exception>
    public unsafe void MultiplyLeft(ReadOnlySpan<T> a, Span<T> result, long m, bool transposeA, Epilogue<T> epilogue, Workers workers)
    {
        if (a.Length < m * Rows || result.Length < m * Columns)
            throw new ArgumentException($"The spans are too short for a product of [{m},{Rows}] and [{Rows},{Columns}].");
        if (m == 0)
            return;
        fixed (T* left = a, panels = Panels, c = result, bias = epilogue.Bias)
        {
            var rows = new DenseRows<T>(left, (nint)(transposeA ? m : Rows));
            var finish = new RowFinish<T>(bias, epilogue.Activation);
            if (Vector512.IsHardwareAccelerated)
                Gemm.Multiply<T, DenseRows<T>, TileKernel<WideLanes<T>, Vector512<T>, T>>((nint)m, rows, transposeA, panels, (nint)Columns, (nint)Rows, c, (nint)Columns, finish, workers);
            else
                Gemm.Multiply<T, DenseRows<T>, TileKernel<GeneralLanes<T>, Vector<T>, T>>((nint)m, rows, transposeA, panels, (nint)Columns, (nint)Rows, c, (nint)Columns, finish, workers);
        }
    }

    internal Span<T> Panels => MemoryMarshal.Cast<byte, T>(_panels.Bytes);

    internal static long RoundUp(long columns)
    {
        long width = 2 * (Vector512.IsHardwareAccelerated ? Vector512<T>.Count : Vector<T>.Count);
        return (columns + width - 1) / width * width;
    }
}
