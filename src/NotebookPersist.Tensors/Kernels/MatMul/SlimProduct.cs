using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NotebookPersist.Kernels;

/// <summary>Products of a few rows by a large matrix that is read once, as it lies: memory bounds them, so nothing is packed.</summary>
/// <remarks>Sums run over at most 1,024 products at a time, and those sums are added up. Aliasing: the result must not overlap the factors.</remarks>
internal static unsafe class SlimProduct
{
    /// <summary>With more rows, arithmetic takes longer than reading the matrix.</summary>
    public const int MostRows = 8;

    // A matrix beyond the second cache; a smaller one is better laid out once where it is used often.
    private const long FewestElements = 1 << 18;

    // Rows of the matrix that are added together: as many vectors of each as fit the registers, and sums are loaded and stored a quarter as often.
    private const int RowsAtOnce = 4;
    private const int SumLength = 1024;

    // The sums of a piece of the columns stay in the second cache. Wide pieces read long runs of each row, which processors foresee.
    private const int FewestColumns = 256;
    private const int MostColumns = 4096;

    // Unit: elements. What follows a piece as wide as the matrix is fetched so early; for one row it comes faster where nothing is fetched.
    private const int AheadInRow = 256;

    // Shares of the sums of one row, whatever the number of threads: the result is the same with any. Smaller matrices do not come from memory.
    private const int Shares = 8;
    private const long FewestShared = 1 << 20;

    private const int DotRows = 4;
    private const int DotAheadByteCount = 1024;

    // Keeps sums and factors of different rows out of each other's places in the cache.
    private const int Skew = 16;

    /// <summary>Whether a product of this size is of the kind.</summary>
    /// <param name="m">Rows of the result.</param>
    /// <param name="n">Columns of the result.</param>
    /// <param name="k">Length of the sums.</param>
    public static bool Suits(long m, long n, long k) => m <= MostRows && (m <= 2 || n * k >= FewestElements);

    /// <summary>c[m,n] = a[m,k] b[k,n], or b[n,k] where transposed.</summary>
    public static void Multiply<T>(T* a, nint m, T* b, bool transposed, T* c, nint n, nint k, Workers workers)
        where T : unmanaged, INumber<T>
    {
        if (Vector512.IsHardwareAccelerated)
            Multiply<WideLanes<T>, Vector512<T>, T>(a, m, b, transposed, c, n, k, workers);
        else
            Multiply<GeneralLanes<T>, Vector<T>, T>(a, m, b, transposed, c, n, k, workers);
    }

    /// <summary>The same with vectors of a given width.</summary>
    public static void Multiply<TLanes, TVector, T>(T* a, nint m, T* b, bool transposed, T* c, nint n, nint k, Workers workers)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumber<T>
    {
        if (transposed)
        {
            // Whole rows of the matrix are shared; 64 Ki elements are worth another thread.
            workers.For((int)n, (int)Math.Max(2, (1 << 16) / k), (start, end) => MultiplyRows<TLanes, TVector, T>(a, m, b, c, n, k, start, end, workers.Cancellation));
            return;
        }

        if (m == 1 && n <= MostColumns && n * k >= FewestShared && k >= Shares * Shares)
        {
            MultiplyShares<TLanes, TVector, T>(a, m, b, c, n, k, workers);
            return;
        }

        nint vectors = 2 * TLanes.Count;
        nint share = (n + workers.Count - 1) / workers.Count;
        nint width = Math.Clamp((share + vectors - 1) / vectors * vectors, FewestColumns, MostColumns);
        nint pieces = (n + width - 1) / width;
        workers.For((int)pieces, (int)Math.Max(1, (1 << 16) / (k * width)), (start, end) =>
        {
            using var scratch = new AlignedScratch<T>((m * (width + Skew)) + (m * RowsAtOnce * TLanes.Count));
            for (nint piece = start; piece < end; piece++)
                MultiplyColumns<TLanes, TVector, T>(a, k, m, b + (piece * width), c + (piece * width), n, k, Math.Min(width, n - (piece * width)), scratch.Pointer, scratch.Pointer + (m * (width + Skew)), workers.Cancellation);
        });
    }

    // Threads share the sums, not the columns: each share of the matrix is one run of memory.
    private static void MultiplyShares<TLanes, TVector, T>(T* a, nint m, T* b, T* c, nint n, nint k, Workers workers)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumber<T>
    {
        nint length = (k + Shares - 1) / Shares;
        nint size = (m * n) + Skew;
        using var parts = new AlignedScratch<T>(Shares * size);
        T* sums = parts.Pointer;
        workers.For(Shares, 1, (start, end) =>
        {
            using var scratch = new AlignedScratch<T>((m * (n + Skew)) + (m * RowsAtOnce * TLanes.Count));
            for (nint share = start; share < end; share++)
            {
                nint first = share * length;
                MultiplyColumns<TLanes, TVector, T>(a + first, k, m, b + (first * n), sums + (share * size), n, Math.Min(length, k - first), n, scratch.Pointer, scratch.Pointer + (m * (n + Skew)), workers.Cancellation);
            }
        });
        var to = new Span<T>(c, (int)(m * n));
        new ReadOnlySpan<T>(sums, to.Length).CopyTo(to);
        for (nint share = 1; share < Shares; share++)
            TensorPrimitives.Add(to, new ReadOnlySpan<T>(sums + (share * size), to.Length), to);
    }

    private static void MultiplyColumns<TLanes, TVector, T>(T* a, nint lengthOfRow, nint m, T* b, T* c, nint n, nint k, nint columns, T* sums, T* factors, CancellationToken cancellation)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumber<T>
    {
        nint stride = columns + Skew;
        nint whole = columns / (2 * TLanes.Count) * (2 * TLanes.Count);

        // Rows that are added together lie far apart: so many runs at a time come faster from memory than one.
        nint quarter = (k + RowsAtOnce - 1) / RowsAtOnce;
        nint apart = quarter * n;
        for (nint at = 0; at < quarter; at += SumLength / RowsAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            nint end = Math.Min(quarter, at + (SumLength / RowsAtOnce));
            new Span<T>(sums, (int)(m * stride)).Clear();
            for (nint p = at; p < end; p++)
            {
                // Past the end the factors are zero, and any row may be added so many times.
                nint rows = Math.Min(RowsAtOnce, (k - p + quarter - 1) / quarter);
                for (nint i = 0; i < m; i++)
                {
                    for (nint q = 0; q < RowsAtOnce; q++)
                        TLanes.Store(TLanes.Create(q < rows ? a[(i * lengthOfRow) + p + (q * quarter)] : T.Zero), factors + (((i * RowsAtOnce) + q) * TLanes.Count));
                }

                T* from = b + (p * n);
                AddRows<TLanes, TVector, T>(
                    from, rows > 1 ? apart : 0, rows > 2 ? apart : 0, rows > 3 ? apart : 0, m == 1 ? 0 : columns == n ? AheadInRow : n, whole, factors, sums, m, stride);
                for (nint j = whole; j < columns; j++)
                {
                    for (nint i = 0; i < m; i++)
                    {
                        for (nint q = 0; q < rows; q++)
                            sums[(i * stride) + j] += a[(i * lengthOfRow) + p + (q * quarter)] * from[(q * apart) + j];
                    }
                }
            }

            for (nint i = 0; i < m; i++)
            {
                var to = new Span<T>(c + (i * n), (int)columns);
                var part = new ReadOnlySpan<T>(sums + (i * stride), (int)columns);
                if (at == 0)
                    part.CopyTo(to);
                else
                    TensorPrimitives.Add(to, part, to);
            }
        }
    }

    // Adds four rows, each times a factor for each row of the result. Factors are spread to whole vectors. What follows is fetched while this is used.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows<TLanes, TVector, T>(T* row0, nint step1, nint step2, nint step3, nint ahead, nint width, T* factors, T* sums, nint m, nint stride)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumber<T>
    {
        T* row1 = row0 + step1;
        T* row2 = row1 + step2;
        T* row3 = row2 + step3;
        for (nint j = 0; j < width; j += 2 * TLanes.Count)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(row0 + ahead + j);
                Sse.Prefetch0(row1 + ahead + j);
                Sse.Prefetch0(row2 + ahead + j);
                Sse.Prefetch0(row3 + ahead + j);
                if (2 * TLanes.Count * sizeof(T) > 64)
                {
                    Sse.Prefetch0(row0 + ahead + j + TLanes.Count);
                    Sse.Prefetch0(row1 + ahead + j + TLanes.Count);
                    Sse.Prefetch0(row2 + ahead + j + TLanes.Count);
                    Sse.Prefetch0(row3 + ahead + j + TLanes.Count);
                }
            }

            TVector b0_0 = TLanes.Load(row0 + j), b0_1 = TLanes.Load(row0 + j + TLanes.Count);
            TVector b1_0 = TLanes.Load(row1 + j), b1_1 = TLanes.Load(row1 + j + TLanes.Count);
            TVector b2_0 = TLanes.Load(row2 + j), b2_1 = TLanes.Load(row2 + j + TLanes.Count);
            TVector b3_0 = TLanes.Load(row3 + j), b3_1 = TLanes.Load(row3 + j + TLanes.Count);
            T* factor = factors;
            T* sum = sums + j;
            for (nint i = 0; i < m; i++)
            {
                TVector f = TLanes.Load(factor);
                TVector c0 = TLanes.MultiplyAdd(f, b0_0, TLanes.Load(sum));
                TVector c1 = TLanes.MultiplyAdd(f, b0_1, TLanes.Load(sum + TLanes.Count));
                f = TLanes.Load(factor + TLanes.Count);
                c0 = TLanes.MultiplyAdd(f, b1_0, c0);
                c1 = TLanes.MultiplyAdd(f, b1_1, c1);
                f = TLanes.Load(factor + (2 * TLanes.Count));
                c0 = TLanes.MultiplyAdd(f, b2_0, c0);
                c1 = TLanes.MultiplyAdd(f, b2_1, c1);
                f = TLanes.Load(factor + (3 * TLanes.Count));
                c0 = TLanes.MultiplyAdd(f, b3_0, c0);
                c1 = TLanes.MultiplyAdd(f, b3_1, c1);
                TLanes.Store(c0, sum);
                TLanes.Store(c1, sum + TLanes.Count);
                factor += RowsAtOnce * TLanes.Count;
                sum += stride;
            }
        }
    }

    private static void MultiplyRows<TLanes, TVector, T>(T* a, nint m, T* b, T* c, nint n, nint k, nint start, nint end, CancellationToken cancellation)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumber<T>
    {
        const int stride = SumLength + Skew;
        using var scratch = new AlignedScratch<T>((m * stride) + (2 * DotRows * TLanes.Count));
        T* block = scratch.Pointer;
        T* sums = block + (m * stride);
        for (nint at = 0; at < k; at += SumLength)
        {
            nint length = Math.Min(SumLength, k - at);
            nint whole = length / TLanes.Count * TLanes.Count;
            for (nint i = 0; i < m; i++)
                new ReadOnlySpan<T>(a + (i * k) + at, (int)length).CopyTo(new Span<T>(block + (i * stride), (int)length));
            for (nint j = start; j < end; j += 2)
            {
                cancellation.ThrowIfCancellationRequested();
                nint columns = Math.Min(2, end - j);
                T* left = b + (j * k) + at;
                T* right = left + ((columns - 1) * k);
                for (nint row = 0; row < m; row += DotRows)
                {
                    nint rows = Math.Min(DotRows, m - row);
                    T* first = block + (row * stride);
                    Dots<TLanes, TVector, T>(first, Math.Min(1, rows - 1) * stride, Math.Min(2, rows - 1) * stride, Math.Min(3, rows - 1) * stride, left, right, whole, sums);
                    for (nint i = 0; i < rows * columns; i++)
                    {
                        T* line = first + (i / columns * stride);
                        T* other = i % columns == 0 ? left : right;
                        T sum = TLanes.Sum(TLanes.Load(sums + (((i / columns * 2) + (i % columns)) * TLanes.Count)));
                        for (nint p = whole; p < length; p++)
                            sum += line[p] * other[p];
                        T* to = c + ((row + (i / columns)) * n) + j + (i % columns);
                        *to = at > 0 ? *to + sum : sum;
                    }
                }
            }
        }
    }

    // Four rows by two, multiplied along both; each sum is still a vector. The sums are stored here since a call would push them out of the registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots<TLanes, TVector, T>(T* a0, nint step1, nint step2, nint step3, T* left, T* right, nint length, T* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumber<T>
    {
        T* a1 = a0 + step1;
        T* a2 = a0 + step2;
        T* a3 = a0 + step3;
        TVector s0_0 = default, s1_0 = default, s2_0 = default, s3_0 = default;
        TVector s0_1 = default, s1_1 = default, s2_1 = default, s3_1 = default;
        for (nint p = 0; p < length; p += TLanes.Count)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0((byte*)(left + p) + DotAheadByteCount);
                Sse.Prefetch0((byte*)(right + p) + DotAheadByteCount);
            }

            TVector b0 = TLanes.Load(left + p), b1 = TLanes.Load(right + p);
            TVector v = TLanes.Load(a0 + p);
            s0_0 = TLanes.MultiplyAdd(v, b0, s0_0);
            s0_1 = TLanes.MultiplyAdd(v, b1, s0_1);
            v = TLanes.Load(a1 + p);
            s1_0 = TLanes.MultiplyAdd(v, b0, s1_0);
            s1_1 = TLanes.MultiplyAdd(v, b1, s1_1);
            v = TLanes.Load(a2 + p);
            s2_0 = TLanes.MultiplyAdd(v, b0, s2_0);
            s2_1 = TLanes.MultiplyAdd(v, b1, s2_1);
            v = TLanes.Load(a3 + p);
            s3_0 = TLanes.MultiplyAdd(v, b0, s3_0);
            s3_1 = TLanes.MultiplyAdd(v, b1, s3_1);
        }

        TLanes.Store(s0_0, sums);
        TLanes.Store(s0_1, sums + TLanes.Count);
        TLanes.Store(s1_0, sums + (2 * TLanes.Count));
        TLanes.Store(s1_1, sums + (3 * TLanes.Count));
        TLanes.Store(s2_0, sums + (4 * TLanes.Count));
        TLanes.Store(s2_1, sums + (5 * TLanes.Count));
        TLanes.Store(s3_0, sums + (6 * TLanes.Count));
        TLanes.Store(s3_1, sums + (7 * TLanes.Count));
    }
}
