using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NotebookPersist.Kernels;

/// <summary>Tiles of up to 12 rows by two vectors: as many sums as fit the registers, two vectors of columns and one broadcast.</summary>
/// <remarks>
/// Sums must be named locals: an array of them lives in memory and runs at a quarter of the speed. The tests of the sizes are constant
/// to the JIT, so each size gets a loop of nothing but loads, broadcasts and fused multiply-adds.
/// </remarks>
internal readonly unsafe struct TileKernel<TLanes, TVector, T> : IMicroKernel<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, INumber<T>
{
    public static nint Rows => TLanes.TileRows;

    // Half as many sums a row, and one vector of columns less.
    public static nint NarrowRows => 12;

    public static nint Columns => 2 * TLanes.Count;

    public static void Run(nint strips, nint stripStep, nint rows, nint columns, nint k, in RowPanel<T> a, T* b, nint ahead, T* c, nint stride, bool accumulate) =>
        Run(strips, stripStep, rows, columns, k, a, b, ahead, default, c, stride, accumulate);

    /// <summary>The same, and what comes next is fetched into the second cache meanwhile.</summary>
    /// <inheritdoc cref="IMicroKernel{T}.Run"/>
    public static void Run(nint strips, nint stripStep, nint rows, nint columns, nint k, in RowPanel<T> a, T* b, nint ahead, PanelFetch next, T* c, nint stride, bool accumulate)
    {
        if (a.Step == 1 && a.Run == 1 && a.BlockStep == Gemm.Depth && columns > TLanes.Count)
            Run<Size1, Size16, Size2>(strips, stripStep, rows, k, a, b, ahead, next, c, stride, accumulate);
        else if (a.Step == 1 && columns > TLanes.Count)
            Run<Size1, Size1, Size2>(strips, stripStep, rows, k, a, b, ahead, next, c, stride, accumulate);
        else if (a.Step == 1)
            Run<Size1, Size1, Size1>(strips, stripStep, rows, k, a, b, ahead, next, c, stride, accumulate);
        else if (a.Step != Gemm.Depth && columns > TLanes.Count)
            Run<Size0, Size1, Size2>(strips, stripStep, rows, k, a, b, ahead, next, c, stride, accumulate);
        else if (a.Step != Gemm.Depth)
            Run<Size0, Size1, Size1>(strips, stripStep, rows, k, a, b, ahead, next, c, stride, accumulate);
        else if (columns > TLanes.Count)
            Run<Size16, Size1, Size2>(strips, stripStep, rows, k, a, b, ahead, next, c, stride, accumulate);
        else
            Run<Size16, Size1, Size1>(strips, stripStep, rows, k, a, b, ahead, next, c, stride, accumulate);
    }

    private static void Run<TStep, TAlong, TVectors>(nint strips, nint stripStep, nint rows, nint k, in RowPanel<T> a, T* b, nint ahead, PanelFetch next, T* c, nint stride, bool accumulate)
        where TStep : struct, ISize
        where TAlong : struct, ISize
        where TVectors : struct, ISize
    {
        switch (rows)
        {
            case 1:
                Tile<Size1, TStep, TAlong, TVectors>(strips, stripStep, k, a.Data, a.Step, a.Run, a.BlockStep, b, ahead, next.Address, next.Lines, c, stride, accumulate);
                break;
            case 2:
                Tile<Size2, TStep, TAlong, TVectors>(strips, stripStep, k, a.Data, a.Step, a.Run, a.BlockStep, b, ahead, next.Address, next.Lines, c, stride, accumulate);
                break;
            case 3:
                Tile<Size3, TStep, TAlong, TVectors>(strips, stripStep, k, a.Data, a.Step, a.Run, a.BlockStep, b, ahead, next.Address, next.Lines, c, stride, accumulate);
                break;
            case 4:
                Tile<Size4, TStep, TAlong, TVectors>(strips, stripStep, k, a.Data, a.Step, a.Run, a.BlockStep, b, ahead, next.Address, next.Lines, c, stride, accumulate);
                break;
            case 5:
                Tile<Size5, TStep, TAlong, TVectors>(strips, stripStep, k, a.Data, a.Step, a.Run, a.BlockStep, b, ahead, next.Address, next.Lines, c, stride, accumulate);
                break;
            case 6:
                Tile<Size6, TStep, TAlong, TVectors>(strips, stripStep, k, a.Data, a.Step, a.Run, a.BlockStep, b, ahead, next.Address, next.Lines, c, stride, accumulate);
                break;
            case 7:
                Tile<Size7, TStep, TAlong, TVectors>(strips, stripStep, k, a.Data, a.Step, a.Run, a.BlockStep, b, ahead, next.Address, next.Lines, c, stride, accumulate);
                break;
            case 8:
                Tile<Size8, TStep, TAlong, TVectors>(strips, stripStep, k, a.Data, a.Step, a.Run, a.BlockStep, b, ahead, next.Address, next.Lines, c, stride, accumulate);
                break;
            case 9:
                Tile<Size9, TStep, TAlong, TVectors>(strips, stripStep, k, a.Data, a.Step, a.Run, a.BlockStep, b, ahead, next.Address, next.Lines, c, stride, accumulate);
                break;
            case 10:
                Tile<Size10, TStep, TAlong, TVectors>(strips, stripStep, k, a.Data, a.Step, a.Run, a.BlockStep, b, ahead, next.Address, next.Lines, c, stride, accumulate);
                break;
            case 11:
                Tile<Size11, TStep, TAlong, TVectors>(strips, stripStep, k, a.Data, a.Step, a.Run, a.BlockStep, b, ahead, next.Address, next.Lines, c, stride, accumulate);
                break;
            case 12:
                Tile<Size12, TStep, TAlong, TVectors>(strips, stripStep, k, a.Data, a.Step, a.Run, a.BlockStep, b, ahead, next.Address, next.Lines, c, stride, accumulate);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TRows, TStep, TAlong, TVectors>(
        nint strips, nint stripStep, nint k, T* left, nint anyStep, nint run, nint blockStep, T* right, nint ahead, byte* coming, nint lines, T* c, nint stride, bool accumulate)
        where TRows : struct, ISize
        where TStep : struct, ISize
        where TAlong : struct, ISize
        where TVectors : struct, ISize
    {
        nint step = TStep.Value > 0 ? TStep.Value : anyStep;
        for (; strips > 0; strips--, left += stripStep, c += TRows.Value * stride)
        {
            TVector c0_0 = default, c1_0 = default, c2_0 = default, c3_0 = default, c4_0 = default, c5_0 = default, c6_0 = default, c7_0 = default, c8_0 = default, c9_0 = default, c10_0 = default, c11_0 = default;
            TVector c0_1 = default, c1_1 = default, c2_1 = default, c3_1 = default, c4_1 = default, c5_1 = default, c6_1 = default, c7_1 = default, c8_1 = default, c9_1 = default, c10_1 = default, c11_1 = default;
            T* a = left;
            T* b = right;
            nint length = k;
            if (accumulate && Sse.IsSupported)
            {
                // Sums that are added to come from far away where there are many; they are needed once this tile's own are complete.
                for (nint row = 0; row < TRows.Value; row++)
                {
                    Sse.Prefetch0(c + (row * stride));
                    if (TVectors.Value * TLanes.Count * sizeof(T) > 64)
                        Sse.Prefetch0((byte*)(c + (row * stride)) + 64);
                }
            }

            while (length > 0)
            {
                // Steps of one constant length are one run.
                nint together = TAlong.Value > 1 || length < run ? length : run;
                T* end = a + (together * TAlong.Value);
                T* next = a + blockStep;
                if (TStep.Value == Gemm.Depth && Sse.IsSupported)
                {
                    for (nint line = 0; line < lines; line++, coming += PanelFetch.LineByteCount)
                        Sse.Prefetch1(coming);
                }

                do
                {
                    TVector b0 = TLanes.Load(b);
                    TVector b1 = TVectors.Value > 1 ? TLanes.Load(b + TLanes.Count) : default;
                    if (Sse.IsSupported)
                    {
                        Sse.Prefetch0((byte*)b + ahead);
                        if (TVectors.Value * TLanes.Count * sizeof(T) > 64)
                            Sse.Prefetch0((byte*)b + ahead + 64);
                        if (TAlong.Value > 1)
                            Sse.Prefetch0((byte*)a + ahead);
                    }

                    TVector v = TLanes.Create(*a);
                    c0_0 = TLanes.MultiplyAdd(v, b0, c0_0);
                    if (TVectors.Value > 1)
                        c0_1 = TLanes.MultiplyAdd(v, b1, c0_1);

                    if (TRows.Value > 1)
                    {
                        v = TLanes.Create(a[1 * step]);
                        c1_0 = TLanes.MultiplyAdd(v, b0, c1_0);
                        if (TVectors.Value > 1)
                            c1_1 = TLanes.MultiplyAdd(v, b1, c1_1);
                    }

                    if (TRows.Value > 2)
                    {
                        v = TLanes.Create(a[2 * step]);
                        c2_0 = TLanes.MultiplyAdd(v, b0, c2_0);
                        if (TVectors.Value > 1)
                            c2_1 = TLanes.MultiplyAdd(v, b1, c2_1);
                    }

                    if (TRows.Value > 3)
                    {
                        v = TLanes.Create(a[3 * step]);
                        c3_0 = TLanes.MultiplyAdd(v, b0, c3_0);
                        if (TVectors.Value > 1)
                            c3_1 = TLanes.MultiplyAdd(v, b1, c3_1);
                    }

                    if (TRows.Value > 4)
                    {
                        v = TLanes.Create(a[4 * step]);
                        c4_0 = TLanes.MultiplyAdd(v, b0, c4_0);
                        if (TVectors.Value > 1)
                            c4_1 = TLanes.MultiplyAdd(v, b1, c4_1);
                    }

                    if (TRows.Value > 5)
                    {
                        v = TLanes.Create(a[5 * step]);
                        c5_0 = TLanes.MultiplyAdd(v, b0, c5_0);
                        if (TVectors.Value > 1)
                            c5_1 = TLanes.MultiplyAdd(v, b1, c5_1);
                    }

                    if (TRows.Value > 6)
                    {
                        v = TLanes.Create(a[6 * step]);
                        c6_0 = TLanes.MultiplyAdd(v, b0, c6_0);
                        if (TVectors.Value > 1)
                            c6_1 = TLanes.MultiplyAdd(v, b1, c6_1);
                    }

                    if (TRows.Value > 7)
                    {
                        v = TLanes.Create(a[7 * step]);
                        c7_0 = TLanes.MultiplyAdd(v, b0, c7_0);
                        if (TVectors.Value > 1)
                            c7_1 = TLanes.MultiplyAdd(v, b1, c7_1);
                    }

                    if (TRows.Value > 8)
                    {
                        v = TLanes.Create(a[8 * step]);
                        c8_0 = TLanes.MultiplyAdd(v, b0, c8_0);
                        if (TVectors.Value > 1)
                            c8_1 = TLanes.MultiplyAdd(v, b1, c8_1);
                    }

                    if (TRows.Value > 9)
                    {
                        v = TLanes.Create(a[9 * step]);
                        c9_0 = TLanes.MultiplyAdd(v, b0, c9_0);
                        if (TVectors.Value > 1)
                            c9_1 = TLanes.MultiplyAdd(v, b1, c9_1);
                    }

                    if (TRows.Value > 10)
                    {
                        v = TLanes.Create(a[10 * step]);
                        c10_0 = TLanes.MultiplyAdd(v, b0, c10_0);
                        if (TVectors.Value > 1)
                            c10_1 = TLanes.MultiplyAdd(v, b1, c10_1);
                    }

                    if (TRows.Value > 11)
                    {
                        v = TLanes.Create(a[11 * step]);
                        c11_0 = TLanes.MultiplyAdd(v, b0, c11_0);
                        if (TVectors.Value > 1)
                            c11_1 = TLanes.MultiplyAdd(v, b1, c11_1);
                    }

                    a += TAlong.Value;
                    b += 2 * TLanes.Count;
                }
                while (a != end);
                a = next;
                length -= together;
            }

            // All are loaded before one is stored: rows of a stride of 4 KiB look like the same place to a processor, and a load would wait for the store.
            if (accumulate)
            {
                Add<TVectors>(c, ref c0_0, ref c0_1);
                if (TRows.Value > 1)
                    Add<TVectors>(c + (1 * stride), ref c1_0, ref c1_1);
                if (TRows.Value > 2)
                    Add<TVectors>(c + (2 * stride), ref c2_0, ref c2_1);
                if (TRows.Value > 3)
                    Add<TVectors>(c + (3 * stride), ref c3_0, ref c3_1);
                if (TRows.Value > 4)
                    Add<TVectors>(c + (4 * stride), ref c4_0, ref c4_1);
                if (TRows.Value > 5)
                    Add<TVectors>(c + (5 * stride), ref c5_0, ref c5_1);
                if (TRows.Value > 6)
                    Add<TVectors>(c + (6 * stride), ref c6_0, ref c6_1);
                if (TRows.Value > 7)
                    Add<TVectors>(c + (7 * stride), ref c7_0, ref c7_1);
                if (TRows.Value > 8)
                    Add<TVectors>(c + (8 * stride), ref c8_0, ref c8_1);
                if (TRows.Value > 9)
                    Add<TVectors>(c + (9 * stride), ref c9_0, ref c9_1);
                if (TRows.Value > 10)
                    Add<TVectors>(c + (10 * stride), ref c10_0, ref c10_1);
                if (TRows.Value > 11)
                    Add<TVectors>(c + (11 * stride), ref c11_0, ref c11_1);
            }

            Store<TVectors>(c, c0_0, c0_1);
            if (TRows.Value > 1)
                Store<TVectors>(c + (1 * stride), c1_0, c1_1);
            if (TRows.Value > 2)
                Store<TVectors>(c + (2 * stride), c2_0, c2_1);
            if (TRows.Value > 3)
                Store<TVectors>(c + (3 * stride), c3_0, c3_1);
            if (TRows.Value > 4)
                Store<TVectors>(c + (4 * stride), c4_0, c4_1);
            if (TRows.Value > 5)
                Store<TVectors>(c + (5 * stride), c5_0, c5_1);
            if (TRows.Value > 6)
                Store<TVectors>(c + (6 * stride), c6_0, c6_1);
            if (TRows.Value > 7)
                Store<TVectors>(c + (7 * stride), c7_0, c7_1);
            if (TRows.Value > 8)
                Store<TVectors>(c + (8 * stride), c8_0, c8_1);
            if (TRows.Value > 9)
                Store<TVectors>(c + (9 * stride), c9_0, c9_1);
            if (TRows.Value > 10)
                Store<TVectors>(c + (10 * stride), c10_0, c10_1);
            if (TRows.Value > 11)
                Store<TVectors>(c + (11 * stride), c11_0, c11_1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TVectors>(T* c, ref TVector low, ref TVector high)
        where TVectors : struct, ISize
    {
        low = TLanes.Add(low, TLanes.Load(c));
        if (TVectors.Value > 1)
            high = TLanes.Add(high, TLanes.Load(c + TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors>(T* c, TVector low, TVector high)
        where TVectors : struct, ISize
    {
        TLanes.Store(low, c);
        if (TVectors.Value > 1)
            TLanes.Store(high, c + TLanes.Count);
    }
}
