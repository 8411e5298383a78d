using System.Numerics;
using System.Runtime.CompilerServices;

namespace NotebookPersist.Kernels;

/// <summary>Tiles of 6 rows by two vectors of the machine's general width: 12 sums, two vectors of columns and one broadcast of 16 registers.</summary>
/// <remarks>
/// Sums must be named locals: an array of them lives in memory and runs at a quarter of the speed. The tests of the sizes are constant
/// to the JIT, so each size gets a loop of nothing but loads, broadcasts and fused multiply-adds.
/// </remarks>
internal readonly unsafe struct VectorKernel<T> : IMicroKernel<T>
    where T : unmanaged, INumber<T>
{
    public static nint Rows => 6;

    public static nint Columns => 2 * Vector<T>.Count;

    public static nint PanelRows(nint rows) => rows <= 3 ? 3 : 6;

    public static void Run(nint rows, nint columns, nint k, T* a, T* b, T* c, nint stride, bool accumulate)
    {
        bool wide = columns > Vector<T>.Count;
        if (rows == 6 && wide)
            Tile<Size6, Size2>(k, a, b, c, stride, accumulate);
        else if (rows == 6)
            Tile<Size6, Size1>(k, a, b, c, stride, accumulate);
        else if (wide)
            Tile<Size3, Size2>(k, a, b, c, stride, accumulate);
        else
            Tile<Size3, Size1>(k, a, b, c, stride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TRows, TVectors>(nint k, T* a, T* b, T* c, nint stride, bool accumulate)
        where TRows : struct, ISize
        where TVectors : struct, ISize
    {
        Vector<T> c0_0 = default, c1_0 = default, c2_0 = default, c3_0 = default, c4_0 = default, c5_0 = default;
        Vector<T> c0_1 = default, c1_1 = default, c2_1 = default, c3_1 = default, c4_1 = default, c5_1 = default;
        while (k > 0)
        {
            T* end = a + (k < Gemm.Depth ? k : Gemm.Depth);
            T* next = a + (TRows.Value * Gemm.Depth);
            do
            {
                Vector<T> b0 = Vector.Load(b);
                Vector<T> b1 = TVectors.Value > 1 ? Vector.Load(b + Vector<T>.Count) : default;
                Vector<T> v;
                v = Vector.Create(*a);
                c0_0 = Gemm.MultiplyAdd(v, b0, c0_0);
                if (TVectors.Value > 1)
                    c0_1 = Gemm.MultiplyAdd(v, b1, c0_1);
                v = Vector.Create(a[1 * Gemm.Depth]);
                c1_0 = Gemm.MultiplyAdd(v, b0, c1_0);
                if (TVectors.Value > 1)
                    c1_1 = Gemm.MultiplyAdd(v, b1, c1_1);
                v = Vector.Create(a[2 * Gemm.Depth]);
                c2_0 = Gemm.MultiplyAdd(v, b0, c2_0);
                if (TVectors.Value > 1)
                    c2_1 = Gemm.MultiplyAdd(v, b1, c2_1);

                if (TRows.Value > 3)
                {
                    v = Vector.Create(a[3 * Gemm.Depth]);
                    c3_0 = Gemm.MultiplyAdd(v, b0, c3_0);
                    if (TVectors.Value > 1)
                        c3_1 = Gemm.MultiplyAdd(v, b1, c3_1);
                    v = Vector.Create(a[4 * Gemm.Depth]);
                    c4_0 = Gemm.MultiplyAdd(v, b0, c4_0);
                    if (TVectors.Value > 1)
                        c4_1 = Gemm.MultiplyAdd(v, b1, c4_1);
                    v = Vector.Create(a[5 * Gemm.Depth]);
                    c5_0 = Gemm.MultiplyAdd(v, b0, c5_0);
                    if (TVectors.Value > 1)
                        c5_1 = Gemm.MultiplyAdd(v, b1, c5_1);
                }

                a++;
                b += 2 * Vector<T>.Count;
            }
            while (a != end);
            a = next;
            k -= Gemm.Depth;
        }

        Store<TVectors>(c, c0_0, c0_1, accumulate);
        Store<TVectors>(c + stride, c1_0, c1_1, accumulate);
        Store<TVectors>(c + (2 * stride), c2_0, c2_1, accumulate);

        if (TRows.Value > 3)
        {
            Store<TVectors>(c + (3 * stride), c3_0, c3_1, accumulate);
            Store<TVectors>(c + (4 * stride), c4_0, c4_1, accumulate);
            Store<TVectors>(c + (5 * stride), c5_0, c5_1, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors>(T* c, Vector<T> low, Vector<T> high, bool accumulate)
        where TVectors : struct, ISize
    {
        if (accumulate)
        {
            low += Vector.Load(c);
            if (TVectors.Value > 1)
                high += Vector.Load(c + Vector<T>.Count);
        }

        low.Store(c);
        if (TVectors.Value > 1)
            high.Store(c + Vector<T>.Count);
    }
}
