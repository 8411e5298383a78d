using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NotebookPersist.Kernels;

/// <summary>Blocked product of two matrices: both are packed into panels that stay in the caches, registers hold the sums.</summary>
/// <remarks>
/// A block of rows, packed, fills most of the second cache, and every panel of columns passes by it once. Sums run over at most
/// 4 KiB of a row at a time (1,024 numbers of 32 bits; more where there are few rows), fused where the machine can, and those sums are
/// added up: the error grows with the number of blocks, not of products. Aliasing: the result must not overlap the factors.
/// </remarks>
internal static unsafe class Gemm
{
    /// <summary>Elements of a row that lie together in a panel of rows: one cache line of float32.</summary>
    public const int Depth = 16;

    // A block of rows: 96 rows of 4 KiB. Deeper blocks store and load the result less often, more rows read the columns less often.
    private const nint BlockRows = 96;
    private const nint BlockRowByteCount = 4096;

    // Few rows may be so much deeper that their block has this size: columns are then read in longer runs.
    private const nint FewRowsByteCount = 1 << 17;

    // Columns that are packed at a time: with the depth of a block 8 MiB, which the last cache should hold.
    private const nint BlockColumns = 2048;

    /// <summary>Columns come from the second cache in order; so far ahead they arrive in time.</summary>
    public const nint AheadByteCount = 2048;

    /// <summary>c[m,n] = A[m,k] B[k,n].</summary>
    /// <param name="m">Rows of the result.</param>
    /// <param name="n">Columns of the result.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">A, or its transpose: then its rows are those of the sum.</param>
    /// <param name="transposeA">Whether <paramref name="a"/> gives the transpose.</param>
    /// <param name="b">B, or its transpose.</param>
    /// <param name="transposeB">Whether <paramref name="b"/> gives the transpose.</param>
    /// <param name="c">The result.</param>
    /// <param name="stride">Elements from one row of the result to the next.</param>
    /// <param name="finish">What is done to the sums.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static void Multiply<T, TA, TB>(
        nint m, nint n, nint k, TA a, bool transposeA, TB b, bool transposeB, T* c, nint stride, RowFinish<T> finish, Workers workers)
        where T : unmanaged, INumber<T>
        where TA : struct, IMatrixRows<T>
        where TB : struct, IMatrixRows<T>
    {
        if (Vector512.IsHardwareAccelerated)
            Multiply<T, TA, TB, TileKernel<WideLanes<T>, Vector512<T>, T>>(m, n, k, a, transposeA, b, transposeB, c, stride, finish, workers);
        else
            Multiply<T, TA, TB, TileKernel<GeneralLanes<T>, Vector<T>, T>>(m, n, k, a, transposeA, b, transposeB, c, stride, finish, workers);
    }

    /// <summary>The same with a given micro-kernel.</summary>
    public static void Multiply<T, TA, TB, TKernel>(
        nint m, nint n, nint k, TA a, bool transposeA, TB b, bool transposeB, T* c, nint stride, RowFinish<T> finish, Workers workers)
        where T : unmanaged, INumber<T>
        where TA : struct, IMatrixRows<T>
        where TB : struct, IMatrixRows<T>
        where TKernel : struct, IMicroKernel<T>
    {
        if (m == 0 || n == 0)
            return;
        if (k == 0)
        {
            for (nint i = 0; i < m; i++)
                new Span<T>(c + (i * stride), (int)n).Clear();
            finish.Apply(c, m, 0, n, stride);
            return;
        }

        nint depth = Math.Min(k, BlockRowByteCount / sizeof(T));
        nint width = Math.Min(RoundUp(n, TKernel.Columns), BlockColumns);
        using var packed = new AlignedScratch<T>(depth * width);
        T* panels = packed.Pointer;
        for (nint column = 0; column < n; column += width)
        {
            nint columns = Math.Min(width, n - column);
            for (nint at = 0; at < k; at += depth)
            {
                nint length = Math.Min(depth, k - at);
                PackColumns<T, TB, TKernel>(b, transposeB, at, length, column, columns, panels, workers);
                MultiplyPanels<T, TA, TKernel>(m, a, transposeA, at, length, panels, length, column, columns, c, stride, at > 0, at + length == k ? finish : default, workers);
            }
        }
    }

    /// <summary>The same with a right factor that is packed already.</summary>
    public static void Multiply<T, TA, TKernel>(nint m, TA a, bool transposeA, T* panels, nint n, nint k, T* c, nint stride, RowFinish<T> finish, Workers workers)
        where T : unmanaged, INumber<T>
        where TA : struct, IMatrixRows<T>
        where TKernel : struct, IMicroKernel<T>
    {
        nint depth = Math.Min(k, Math.Max(BlockRowByteCount, FewRowsByteCount / m / Depth * Depth) / sizeof(T));
        for (nint at = 0; at < k; at += depth)
        {
            nint length = Math.Min(depth, k - at);
            MultiplyPanels<T, TA, TKernel>(m, a, transposeA, at, length, panels + (at * TKernel.Columns), k, 0, n, c, stride, at > 0, at + length == k ? finish : default, workers);
        }
    }

    /// <summary>All columns of a matrix as panels over its whole depth.</summary>
    public static void PackAll<T, TB, TKernel>(TB b, bool transposed, nint n, nint k, T* panels, Workers workers)
        where T : unmanaged, INumber<T>
        where TB : struct, IMatrixRows<T>
        where TKernel : struct, IMicroKernel<T> => PackColumns<T, TB, TKernel>(b, transposed, 0, k, 0, n, panels, workers);

    /// <summary>left * right + sum, rounded once where the machine can; elementwise and in the type's own arithmetic.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd<T>(Vector512<T> left, Vector512<T> right, Vector512<T> sum)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            return Vector512.FusedMultiplyAdd(left.AsSingle(), right.AsSingle(), sum.AsSingle()).As<float, T>();
        if (typeof(T) == typeof(double))
            return Vector512.FusedMultiplyAdd(left.AsDouble(), right.AsDouble(), sum.AsDouble()).As<double, T>();
        return (left * right) + sum;
    }

    /// <inheritdoc cref="MultiplyAdd{T}(Vector512{T}, Vector512{T}, Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> left, Vector<T> right, Vector<T> sum)
        where T : unmanaged
    {
        // The estimate is fused where hardware fuses; the exact form would be emulated, a hundred times slower, where it does not.
        if (typeof(T) == typeof(float))
            return Vector.MultiplyAddEstimate(left.As<T, float>(), right.As<T, float>(), sum.As<T, float>()).As<float, T>();
        if (typeof(T) == typeof(double))
            return Vector.MultiplyAddEstimate(left.As<T, double>(), right.As<T, double>(), sum.As<T, double>()).As<double, T>();
        return (left * right) + sum;
    }

    // Of panels that are depth deep, the first length rows count.
    private static void MultiplyPanels<T, TA, TKernel>(
        nint m, TA a, bool transposeA, nint at, nint length, T* panels, nint depth, nint firstColumn, nint columns, T* c, nint stride, bool accumulate, RowFinish<T> finish, Workers workers)
        where T : unmanaged, INumber<T>
        where TA : struct, IMatrixRows<T>
        where TKernel : struct, IMicroKernel<T>
    {
        bool isSmall = m * columns * length < 1 << 17;
        int threads = isSmall ? 1 : workers.Count;
        nint blocks = (m + BlockRows - 1) / BlockRows;
        blocks = blocks < 8 * threads ? RoundUp(blocks, threads) : blocks;
        nint rows = RoundUp((m + blocks - 1) / blocks, m <= TKernel.Rows ? 1 : TKernel.Rows);
        blocks = (m + rows - 1) / rows;
        nint paddedLength = RoundUp(length, Depth);
        nint blockSize = rows * paddedLength;
        nint columnPanels = (columns + TKernel.Columns - 1) / TKernel.Columns;
        var pass = new PanelPass<T, TKernel>(panels, depth, length, firstColumn, columns, c, stride, accumulate, finish, workers.Cancellation);
        if (threads == 1 || blocks >= 4 * threads)
        {
            workers.For((int)blocks, isSmall ? int.MaxValue / 2 : 1, (start, end) =>
            {
                using var block = new AlignedScratch<T>(blockSize + Math.Max(length, rows));
                for (nint piece = start; piece < end; piece++)
                {
                    nint row = piece * rows;
                    nint count = Math.Min(rows, m - row);
                    PackRows(a, transposeA, row, count, Strip<T, TKernel>(count), at, length, block.Pointer, block.Pointer + blockSize);
                    pass.Multiply(block.Pointer, row, count, 0, columnPanels);
                }
            });
            return;
        }

        // Rows alone do not give every thread enough to do: the threads share blocks of rows, and columns too.
        using var shared = new AlignedScratch<T>(blocks * blockSize);
        T* packed = shared.Pointer;
        workers.For((int)blocks, Grain(blockSize), (start, end) =>
        {
            using var scratch = new AlignedScratch<T>(Math.Max(length, rows));
            for (nint block = start; block < end; block++)
            {
                nint count = Math.Min(rows, m - (block * rows));
                PackRows(a, transposeA, block * rows, count, Strip<T, TKernel>(count), at, length, packed + (block * blockSize), scratch.Pointer);
            }
        });
        nint groups = Math.Min(columnPanels, ((8 * threads) + blocks - 1) / blocks);
        nint inGroup = (columnPanels + groups - 1) / groups;
        groups = (columnPanels + inGroup - 1) / inGroup;
        workers.For((int)(blocks * groups), 1, (start, end) =>
        {
            for (nint piece = start; piece < end; piece++)
            {
                nint block = piece % blocks;
                nint first = piece / blocks * inGroup;
                pass.Multiply(packed + (block * blockSize), block * rows, Math.Min(rows, m - (block * rows)), first, Math.Min(columnPanels, first + inGroup));
            }
        });
    }

    /// <summary>Multiplies packed blocks of rows by packed panels of columns.</summary>
    private readonly struct PanelPass<T, TKernel>(
        T* panels, nint depth, nint length, nint firstColumn, nint columns, T* c, nint stride, bool accumulate, RowFinish<T> finish, CancellationToken cancellation)
        where T : unmanaged, INumber<T>
        where TKernel : struct, IMicroKernel<T>
    {
        public void Multiply(T* block, nint row, nint rows, nint firstPanel, nint endPanel)
        {
            nint strip = Strip<T, TKernel>(rows);
            nint paddedLength = RoundUp(length, Depth);
            for (nint panel = firstPanel; panel < endPanel; panel++)
            {
                // A thread's share of a large product takes seconds.
                cancellation.ThrowIfCancellationRequested();
                nint column = panel * TKernel.Columns;
                T* to = c + (row * stride) + firstColumn + column;
                nint panelColumns = Math.Min(TKernel.Columns, columns - column);
                T* b = panels + (panel * depth * TKernel.Columns);
                if (panelColumns == TKernel.Columns)
                {
                    TKernel.Run(rows / strip, strip * paddedLength, strip, panelColumns, length, RowPanel<T>.Packed(block, strip), b, AheadByteCount, to, stride, accumulate);
                    nint rest = rows % strip;
                    if (rest > 0)
                        TKernel.Run(1, 0, rest, panelColumns, length, RowPanel<T>.Packed(block + ((rows - rest) * paddedLength), rest), b, AheadByteCount, to + ((rows - rest) * stride), stride, accumulate);
                }
                else
                {
                    MultiplyEdge(block, rows, panelColumns, b, to);
                }

                finish.Apply(to, rows, firstColumn + column, panelColumns, stride);
            }
        }

        private void MultiplyEdge(T* block, nint rows, nint panelColumns, T* b, T* to)
        {
            nint strip = Strip<T, TKernel>(rows);
            nint paddedLength = RoundUp(length, Depth);
            T* tile = stackalloc T[(int)(TKernel.Rows * TKernel.Columns)];
            for (nint i = 0; i < rows; i += strip)
            {
                nint count = Math.Min(strip, rows - i);
                RowPanel<T> a = RowPanel<T>.Packed(block + (i * paddedLength), count);
                MultiplyTile<T, TKernel>(count, panelColumns, length, a, b, to + (i * stride), stride, accumulate, tile);
            }
        }
    }

    // Rows are split evenly: a tile of almost all rows runs at almost full speed, one of a single row does not.
    private static nint Strip<T, TKernel>(nint rows)
        where T : unmanaged
        where TKernel : struct, IMicroKernel<T>
    {
        nint strips = (rows + TKernel.Rows - 1) / TKernel.Rows;
        return (rows + strips - 1) / strips;
    }

    /// <summary>A tile of any width up to a panel's.</summary>
    internal static void MultiplyTile<T, TKernel>(nint rows, nint columns, nint k, in RowPanel<T> a, T* b, T* c, nint stride, bool accumulate, T* tile)
        where T : unmanaged, INumber<T>
        where TKernel : struct, IMicroKernel<T>
    {
        if (columns == TKernel.Columns || columns * 2 == TKernel.Columns)
        {
            TKernel.Run(1, 0, rows, columns, k, a, b, AheadByteCount, c, stride, accumulate);
            return;
        }

        // Columns past the edge hold anything; what comes of them is dropped here.
        nint computed = columns * 2 < TKernel.Columns ? TKernel.Columns / 2 : TKernel.Columns;
        if (stride == columns && !accumulate)
        {
            // Rows that follow each other: what one has too many is overwritten by the next.
            TKernel.Run(1, 0, rows, computed, k, a, b, AheadByteCount, tile, columns, accumulate: false);
            new ReadOnlySpan<T>(tile, (int)(rows * columns)).CopyTo(new Span<T>(c, (int)(rows * columns)));
            return;
        }

        TKernel.Run(1, 0, rows, computed, k, a, b, AheadByteCount, tile, TKernel.Columns, accumulate: false);
        for (nint i = 0; i < rows; i++)
        {
            T* from = tile + (i * TKernel.Columns);
            T* to = c + (i * stride);
            for (nint j = 0; j < columns; j++)
                to[j] = accumulate ? to[j] + from[j] : from[j];
        }
    }

    private static void PackRows<T, TA>(TA a, bool transposed, nint row, nint rows, nint strip, nint at, nint length, T* to, T* scratch)
        where T : unmanaged, INumber<T>
        where TA : struct, IMatrixRows<T>
    {
        nint paddedLength = RoundUp(length, Depth);
        if (transposed)
        {
            for (nint k = 0; k < length; k++)
            {
                T* from = a.Row(at + k, row, rows, scratch);
                for (nint first = 0; first < rows; first += strip)
                {
                    nint count = Math.Min(strip, rows - first);
                    T* panel = to + (first * paddedLength) + (k / Depth * count * Depth) + (k % Depth);
                    for (nint i = 0; i < count; i++)
                        panel[i * Depth] = from[first + i];
                }
            }

            return;
        }

        for (nint first = 0; first < rows; first += strip)
        {
            nint count = Math.Min(strip, rows - first);
            T* panel = to + (first * paddedLength);
            for (nint i = 0; i < count; i++)
            {
                T* from = a.Row(row + first + i, at, length, scratch);
                T* line = panel + (i * Depth);
                nint k = 0;
                for (; k + Depth <= length; k += Depth, line += count * Depth)
                    Unsafe.CopyBlockUnaligned(line, from + k, (uint)(Depth * sizeof(T)));
                for (nint rest = 0; k + rest < length; rest++)
                    line[rest] = from[k + rest];
            }
        }
    }

    private static void PackColumns<T, TB, TKernel>(TB b, bool transposed, nint at, nint length, nint column, nint columns, T* to, Workers workers)
        where T : unmanaged, INumber<T>
        where TB : struct, IMatrixRows<T>
        where TKernel : struct, IMicroKernel<T>
    {
        nint width = TKernel.Columns;
        if (transposed)
        {
            workers.For((int)((columns + width - 1) / width), Grain(length * width), (start, end) =>
            {
                using var scratch = new AlignedScratch<T>(width * Depth);
                T** lines = stackalloc T*[(int)width];
                for (nint panel = start; panel < end; panel++)
                {
                    // A square at a time: what is read and what is written both stay in the nearest cache.
                    nint count = Math.Min(width, columns - (panel * width));
                    for (nint first = 0; first < length; first += Depth)
                    {
                        nint part = Math.Min(Depth, length - first);
                        for (nint j = 0; j < count; j++)
                            lines[j] = b.Row(column + (panel * width) + j, at + first, part, scratch.Pointer + (j * Depth));
                        TurnLines(lines, count, part, to + (panel * length * width) + (first * width), width);
                    }
                }
            });
            return;
        }

        // Sixteen panels at a time: more are on more pages than a processor keeps the addresses of.
        nint group = 16 * width;
        workers.For((int)length, Grain(columns), (start, end) =>
        {
            using var scratch = new AlignedScratch<T>(group);
            for (nint first = 0; first < columns; first += group)
            {
                nint count = Math.Min(group, columns - first);
                for (nint k = start; k < end; k++)
                {
                    T* from = b.Row(at + k, column + first, count, scratch.Pointer);
                    T* line = to + (first * length) + (k * width);
                    nint j = 0;
                    for (; j + TKernel.Columns <= count; j += TKernel.Columns, line += length * TKernel.Columns)
                        Unsafe.CopyBlockUnaligned(line, from + j, (uint)(TKernel.Columns * sizeof(T)));
                    for (nint rest = 0; j + rest < count; rest++)
                        line[rest] = from[j + rest];
                }
            }
        });
    }

    // to[k * step + j] = lines[j][k].
    private static void TurnLines<T>(T** lines, nint count, nint length, T* to, nint step)
        where T : unmanaged
    {
        nint turned = 0;
        if (typeof(T) == typeof(float) && SquareTurn.IsSupported)
        {
            nint whole = length / SquareTurn.Size * SquareTurn.Size;
            for (; turned + SquareTurn.Size <= count; turned += SquareTurn.Size)
            {
                for (nint k = 0; k < whole; k += SquareTurn.Size)
                    SquareTurn.Run((float**)(lines + turned), k, (float*)(to + (k * step) + turned), step);
                for (nint j = turned; j < turned + SquareTurn.Size; j++)
                {
                    for (nint k = whole; k < length; k++)
                        to[(k * step) + j] = lines[j][k];
                }
            }
        }

        for (; turned < count; turned++)
        {
            for (nint k = 0; k < length; k++)
                to[(k * step) + turned] = lines[turned][k];
        }
    }

    // Less than about 64 Ki elements are not worth another thread.
    private static int Grain(nint elementsInItem) => (int)Math.Max(1, (1 << 16) / Math.Max(1, elementsInItem));

    private static nint RoundUp(nint value, nint multiple) => (value + multiple - 1) / multiple * multiple;
}
