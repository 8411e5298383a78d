using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NotebookPersist.Kernels;

/// <summary>Tiles of 12 rows by two 512-bit vectors: 24 sums, two vectors of columns and one broadcast of the 32 registers.</summary>
/// <remarks>
/// Sums must be named locals: an array of them lives in memory and runs at a quarter of the speed. The tests of the sizes are constant
/// to the JIT, so each size gets a loop of nothing but loads, broadcasts and fused multiply-adds.
/// </remarks>
internal readonly unsafe struct Vector512Kernel<T> : IMicroKernel<T>
    where T : unmanaged, INumber<T>
{
    public static nint Rows => 12;

    public static nint Columns => 2 * Vector512<T>.Count;

    public static nint PanelRows(nint rows) => rows <= 4 ? 4 : rows <= 8 ? 8 : 12;

    public static void Run(nint rows, nint columns, nint k, T* a, T* b, T* c, nint stride, bool accumulate)
    {
        bool wide = columns > Vector512<T>.Count;
        if (rows == 12 && wide)
            Tile<Size12, Size2>(k, a, b, c, stride, accumulate);
        else if (rows == 12)
            Tile<Size12, Size1>(k, a, b, c, stride, accumulate);
        else if (rows == 8 && wide)
            Tile<Size8, Size2>(k, a, b, c, stride, accumulate);
        else if (rows == 8)
            Tile<Size8, Size1>(k, a, b, c, stride, accumulate);
        else if (wide)
            Tile<Size4, Size2>(k, a, b, c, stride, accumulate);
        else
            Tile<Size4, Size1>(k, a, b, c, stride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TRows, TVectors>(nint k, T* a, T* b, T* c, nint stride, bool accumulate)
        where TRows : struct, ISize
        where TVectors : struct, ISize
    {
        Vector512<T> c0_0 = default, c1_0 = default, c2_0 = default, c3_0 = default, c4_0 = default, c5_0 = default, c6_0 = default, c7_0 = default, c8_0 = default, c9_0 = default, c10_0 = default, c11_0 = default;
        Vector512<T> c0_1 = default, c1_1 = default, c2_1 = default, c3_1 = default, c4_1 = default, c5_1 = default, c6_1 = default, c7_1 = default, c8_1 = default, c9_1 = default, c10_1 = default, c11_1 = default;
        while (k > 0)
        {
            T* end = a + (k < Gemm.Depth ? k : Gemm.Depth);
            T* next = a + (TRows.Value * Gemm.Depth);
            do
            {
                Vector512<T> b0 = Vector512.Load(b);
                Vector512<T> b1 = TVectors.Value > 1 ? Vector512.Load(b + Vector512<T>.Count) : default;
                Vector512<T> v;
                v = Vector512.Create(*a);
                c0_0 = Gemm.MultiplyAdd(v, b0, c0_0);
                if (TVectors.Value > 1)
                    c0_1 = Gemm.MultiplyAdd(v, b1, c0_1);
                v = Vector512.Create(a[1 * Gemm.Depth]);
                c1_0 = Gemm.MultiplyAdd(v, b0, c1_0);
                if (TVectors.Value > 1)
                    c1_1 = Gemm.MultiplyAdd(v, b1, c1_1);
                v = Vector512.Create(a[2 * Gemm.Depth]);
                c2_0 = Gemm.MultiplyAdd(v, b0, c2_0);
                if (TVectors.Value > 1)
                    c2_1 = Gemm.MultiplyAdd(v, b1, c2_1);
                v = Vector512.Create(a[3 * Gemm.Depth]);
                c3_0 = Gemm.MultiplyAdd(v, b0, c3_0);
                if (TVectors.Value > 1)
                    c3_1 = Gemm.MultiplyAdd(v, b1, c3_1);

                if (TRows.Value > 4)
                {
                    v = Vector512.Create(a[4 * Gemm.Depth]);
                    c4_0 = Gemm.MultiplyAdd(v, b0, c4_0);
                    if (TVectors.Value > 1)
                        c4_1 = Gemm.MultiplyAdd(v, b1, c4_1);
                    v = Vector512.Create(a[5 * Gemm.Depth]);
                    c5_0 = Gemm.MultiplyAdd(v, b0, c5_0);
                    if (TVectors.Value > 1)
                        c5_1 = Gemm.MultiplyAdd(v, b1, c5_1);
                    v = Vector512.Create(a[6 * Gemm.Depth]);
                    c6_0 = Gemm.MultiplyAdd(v, b0, c6_0);
                    if (TVectors.Value > 1)
                        c6_1 = Gemm.MultiplyAdd(v, b1, c6_1);
                    v = Vector512.Create(a[7 * Gemm.Depth]);
                    c7_0 = Gemm.MultiplyAdd(v, b0, c7_0);
                    if (TVectors.Value > 1)
                        c7_1 = Gemm.MultiplyAdd(v, b1, c7_1);
                }

                if (TRows.Value > 8)
                {
                    v = Vector512.Create(a[8 * Gemm.Depth]);
                    c8_0 = Gemm.MultiplyAdd(v, b0, c8_0);
                    if (TVectors.Value > 1)
                        c8_1 = Gemm.MultiplyAdd(v, b1, c8_1);
                    v = Vector512.Create(a[9 * Gemm.Depth]);
                    c9_0 = Gemm.MultiplyAdd(v, b0, c9_0);
                    if (TVectors.Value > 1)
                        c9_1 = Gemm.MultiplyAdd(v, b1, c9_1);
                    v = Vector512.Create(a[10 * Gemm.Depth]);
                    c10_0 = Gemm.MultiplyAdd(v, b0, c10_0);
                    if (TVectors.Value > 1)
                        c10_1 = Gemm.MultiplyAdd(v, b1, c10_1);
                    v = Vector512.Create(a[11 * Gemm.Depth]);
                    c11_0 = Gemm.MultiplyAdd(v, b0, c11_0);
                    if (TVectors.Value > 1)
                        c11_1 = Gemm.MultiplyAdd(v, b1, c11_1);
                }

                a++;
                b += 2 * Vector512<T>.Count;
            }
            while (a != end);
            a = next;
            k -= Gemm.Depth;
        }

        Store<TVectors>(c, c0_0, c0_1, accumulate);
        Store<TVectors>(c + stride, c1_0, c1_1, accumulate);
        Store<TVectors>(c + (2 * stride), c2_0, c2_1, accumulate);
        Store<TVectors>(c + (3 * stride), c3_0, c3_1, accumulate);

        if (TRows.Value > 4)
        {
            Store<TVectors>(c + (4 * stride), c4_0, c4_1, accumulate);
            Store<TVectors>(c + (5 * stride), c5_0, c5_1, accumulate);
            Store<TVectors>(c + (6 * stride), c6_0, c6_1, accumulate);
            Store<TVectors>(c + (7 * stride), c7_0, c7_1, accumulate);
        }

        if (TRows.Value > 8)
        {
            Store<TVectors>(c + (8 * stride), c8_0, c8_1, accumulate);
            Store<TVectors>(c + (9 * stride), c9_0, c9_1, accumulate);
            Store<TVectors>(c + (10 * stride), c10_0, c10_1, accumulate);
            Store<TVectors>(c + (11 * stride), c11_0, c11_1, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors>(T* c, Vector512<T> low, Vector512<T> high, bool accumulate)
        where TVectors : struct, ISize
    {
        if (accumulate)
        {
            low += Vector512.Load(c);
            if (TVectors.Value > 1)
                high += Vector512.Load(c + Vector512<T>.Count);
        }

        low.Store(c);
        if (TVectors.Value > 1)
            high.Store(c + Vector512<T>.Count);
    }
}
