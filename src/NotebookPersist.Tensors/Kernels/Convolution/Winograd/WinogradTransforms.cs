using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NotebookPersist.Kernels;

/// <summary>The three linear maps of Winograd's F(4x4, 3x3): a window of six by six inputs gives four by four outputs with 36 products a pair of channels instead of 144.</summary>
/// <remarks>
/// Interpolation points 0, 1, -1, 2, -2 and infinity. Each map is its one-dimensional form over columns, then rows; in two passes of half
/// the rows, so that what lives fits 32 registers. Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2015), section 4.2.
/// </remarks>
internal readonly unsafe struct WinogradTransforms<TLanes, TVector>
    where TLanes : struct, ILanes<TVector, float>
    where TVector : struct
{
    /// <summary>Transforms windows of six by six positions, some channels at a time.</summary>
    /// <param name="x">The window's first position.</param>
    /// <param name="rowStep">Elements from one row to the next.</param>
    /// <param name="columnStep">Elements from one position to the next.</param>
    /// <param name="v">The first of the 36 results of the first channels.</param>
    /// <param name="plane">Elements from one of the 36 results to the next.</param>
    /// <param name="blockStep">Elements from one block of 16 channels to the next.</param>
    /// <param name="channels">Number of channels, a multiple of the vector's length.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(float* x, nint rowStep, nint columnStep, float* v, nint plane, nint blockStep, nint channels)
    {
        // Half as many registers: what lies between the passes goes through memory.
        if (TLanes.TileRows < WideLanes<float>.TileRows)
        {
            InputByMemory(x, rowStep, columnStep, v, plane, blockStep, channels);
            return;
        }

        for (nint c = 0; c < channels; c += TLanes.Count)
        {
            float* from = x + c;
            float* to = v + (c / Gemm.Depth * blockStep) + (c % Gemm.Depth);
            if (c % Gemm.Depth == 0)
            {
                bool isLast = c + Gemm.Depth >= channels;
                Fetch(isLast ? x + (4 * columnStep) : from + Gemm.Depth, rowStep, columnStep);
                Fetch(isLast ? v + Gemm.Depth : to + blockStep, 6 * plane, plane);
            }

            InputColumnUpper(from, rowStep, out TVector a0, out TVector b0, out TVector c0);
            InputColumnUpper(from + columnStep, rowStep, out TVector a1, out TVector b1, out TVector c1);
            InputColumnUpper(from + (2 * columnStep), rowStep, out TVector a2, out TVector b2, out TVector c2);
            InputColumnUpper(from + (3 * columnStep), rowStep, out TVector a3, out TVector b3, out TVector c3);
            InputColumnUpper(from + (4 * columnStep), rowStep, out TVector a4, out TVector b4, out TVector c4);
            InputColumnUpper(from + (5 * columnStep), rowStep, out TVector a5, out TVector b5, out TVector c5);
            InputRow(a0, a1, a2, a3, a4, a5, to, plane);
            InputRow(b0, b1, b2, b3, b4, b5, to + (6 * plane), plane);
            InputRow(c0, c1, c2, c3, c4, c5, to + (12 * plane), plane);

            InputColumnLower(from, rowStep, out a0, out b0, out c0);
            InputColumnLower(from + columnStep, rowStep, out a1, out b1, out c1);
            InputColumnLower(from + (2 * columnStep), rowStep, out a2, out b2, out c2);
            InputColumnLower(from + (3 * columnStep), rowStep, out a3, out b3, out c3);
            InputColumnLower(from + (4 * columnStep), rowStep, out a4, out b4, out c4);
            InputColumnLower(from + (5 * columnStep), rowStep, out a5, out b5, out c5);
            InputRow(a0, a1, a2, a3, a4, a5, to + (18 * plane), plane);
            InputRow(b0, b1, b2, b3, b4, b5, to + (24 * plane), plane);
            InputRow(c0, c1, c2, c3, c4, c5, to + (30 * plane), plane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void InputByMemory(float* x, nint rowStep, nint columnStep, float* v, nint plane, nint blockStep, nint channels)
    {
        float* columns = stackalloc float[36 * TLanes.Count];
        for (nint c = 0; c < channels; c += TLanes.Count)
        {
            float* from = x + c;
            float* to = v + (c / Gemm.Depth * blockStep) + (c % Gemm.Depth);
            if (c % Gemm.Depth == 0)
                Fetch(c + Gemm.Depth >= channels ? x + (4 * columnStep) : from + Gemm.Depth, rowStep, columnStep);
            float* column = columns;
            for (int i = 0; i < 6; i++, from += columnStep, column += TLanes.Count)
            {
                InputRow(
                    TLanes.Load(from),
                    TLanes.Load(from + rowStep),
                    TLanes.Load(from + (2 * rowStep)),
                    TLanes.Load(from + (3 * rowStep)),
                    TLanes.Load(from + (4 * rowStep)),
                    TLanes.Load(from + (5 * rowStep)),
                    column,
                    6 * TLanes.Count);
            }

            float* row = columns;
            for (int i = 0; i < 6; i++, row += 6 * TLanes.Count, to += 6 * plane)
            {
                InputRow(
                    TLanes.Load(row),
                    TLanes.Load(row + TLanes.Count),
                    TLanes.Load(row + (2 * TLanes.Count)),
                    TLanes.Load(row + (3 * TLanes.Count)),
                    TLanes.Load(row + (4 * TLanes.Count)),
                    TLanes.Load(row + (5 * TLanes.Count)),
                    to,
                    plane);
            }
        }
    }

    // What the next step reads and writes lies in 36 places, more than processors foresee. Nothing is lost where it is not there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(float* first, nint rowStep, nint columnStep)
    {
        if (!Sse.IsSupported)
            return;
        for (int row = 0; row < 6; row++, first += rowStep)
        {
            Sse.Prefetch0(first);
            Sse.Prefetch0(first + columnStep);
            Sse.Prefetch0(first + (2 * columnStep));
            Sse.Prefetch0(first + (3 * columnStep));
            Sse.Prefetch0(first + (4 * columnStep));
            Sse.Prefetch0(first + (5 * columnStep));
        }
    }

    /// <summary>Fetches the products and outputs that <see cref="Output"/> will use into the nearest cache.</summary>
    /// <param name="m">The first of the 36 products.</param>
    /// <param name="plane">Elements from one of the 36 products to the next.</param>
    /// <param name="y">The first output.</param>
    /// <param name="rowStep">Elements from one row of outputs to the next.</param>
    /// <param name="columnStep">Elements from one output to the next.</param>
    /// <param name="size">Outputs on a side.</param>
    public static void FetchOutput(float* m, nint plane, float* y, nint rowStep, nint columnStep, int size)
    {
        if (!Sse.IsSupported)
            return;
        Fetch(m, 6 * plane, plane);
        for (int row = 0; row < size; row++, y += rowStep)
        {
            for (int column = 0; column < size; column++)
                Sse.Prefetch0(y + (column * columnStep));
        }
    }

    /// <summary>Transforms a filter of three by three for as many output channels as a vector has elements.</summary>
    /// <param name="filter">The first tap.</param>
    /// <param name="tapStep">Elements from one tap to the next.</param>
    /// <param name="u">The first of the 36 results.</param>
    /// <param name="plane">Elements from one of the 36 results to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Filter(float* filter, nint tapStep, float* u, nint plane)
    {
        FilterSides(filter, 3 * tapStep, out TVector a0, out TVector b0, out TVector c0, out TVector d0, out TVector e0, out TVector f0);
        FilterSides(filter + tapStep, 3 * tapStep, out TVector a1, out TVector b1, out TVector c1, out TVector d1, out TVector e1, out TVector f1);
        FilterSides(filter + (2 * tapStep), 3 * tapStep, out TVector a2, out TVector b2, out TVector c2, out TVector d2, out TVector e2, out TVector f2);
        FilterRow(a0, a1, a2, u, plane);
        FilterRow(b0, b1, b2, u + (6 * plane), plane);
        FilterRow(c0, c1, c2, u + (12 * plane), plane);
        FilterRow(d0, d1, d2, u + (18 * plane), plane);
        FilterRow(e0, e1, e2, u + (24 * plane), plane);
        FilterRow(f0, f1, f2, u + (30 * plane), plane);
    }

    /// <summary>Transforms 36 products back to four by four outputs, with bias and bounds.</summary>
    /// <param name="m">The first of the 36 products.</param>
    /// <param name="plane">Elements from one of the 36 products to the next.</param>
    /// <param name="y">The first output.</param>
    /// <param name="rowStep">Elements from one row of outputs to the next.</param>
    /// <param name="columnStep">Elements from one output to the next.</param>
    /// <param name="bias">Added to every output.</param>
    /// <param name="lowest">Smaller outputs become this.</param>
    /// <param name="highest">Larger outputs become this.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output(float* m, nint plane, float* y, nint rowStep, nint columnStep, TVector bias, TVector lowest, TVector highest)
    {
        OutputColumnsEven(m, plane, out TVector a0, out TVector a1, out TVector a2, out TVector a3, out TVector a4, out TVector a5, out TVector b0, out TVector b1, out TVector b2, out TVector b3, out TVector b4, out TVector b5);
        OutputRow(a0, a1, a2, a3, a4, a5, y, columnStep, bias, lowest, highest);
        OutputRow(b0, b1, b2, b3, b4, b5, y + (2 * rowStep), columnStep, bias, lowest, highest);
        OutputColumnsOdd(m, plane, out a0, out a1, out a2, out a3, out a4, out a5, out b0, out b1, out b2, out b3, out b4, out b5);
        OutputRow(a0, a1, a2, a3, a4, a5, y + rowStep, columnStep, bias, lowest, highest);
        OutputRow(b0, b1, b2, b3, b4, b5, y + (3 * rowStep), columnStep, bias, lowest, highest);
    }

    /// <summary>The same, of which only the largest of each two by two outputs is stored.</summary>
    /// <inheritdoc cref="Output"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PooledOutput(float* m, nint plane, float* y, nint rowStep, nint columnStep, TVector bias, TVector lowest, TVector highest)
    {
        OutputColumnsEven(m, plane, out TVector a0, out TVector a1, out TVector a2, out TVector a3, out TVector a4, out TVector a5, out TVector b0, out TVector b1, out TVector b2, out TVector b3, out TVector b4, out TVector b5);
        OutputPairs(a0, a1, a2, a3, a4, a5, out TVector upperLeft, out TVector upperRight);
        OutputPairs(b0, b1, b2, b3, b4, b5, out TVector lowerLeft, out TVector lowerRight);
        OutputColumnsOdd(m, plane, out a0, out a1, out a2, out a3, out a4, out a5, out b0, out b1, out b2, out b3, out b4, out b5);
        OutputPairs(a0, a1, a2, a3, a4, a5, out TVector left, out TVector right);
        Finish(TLanes.Max(upperLeft, left), y, bias, lowest, highest);
        Finish(TLanes.Max(upperRight, right), y + columnStep, bias, lowest, highest);
        OutputPairs(b0, b1, b2, b3, b4, b5, out left, out right);
        Finish(TLanes.Max(lowerLeft, left), y + rowStep, bias, lowest, highest);
        Finish(TLanes.Max(lowerRight, right), y + rowStep + columnStep, bias, lowest, highest);
    }

    /// <summary>Transforms gradients of four by four outputs to those of the 36 products, some channels at a time: the transpose of <see cref="Output"/>.</summary>
    /// <param name="y">The first gradient.</param>
    /// <param name="rowStep">Elements from one row to the next.</param>
    /// <param name="columnStep">Elements from one position to the next.</param>
    /// <param name="m">The first of the 36 results of the first channels.</param>
    /// <param name="plane">Elements from one of the 36 results to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OutputGradient(float* y, nint rowStep, nint columnStep, float* m, nint plane)
    {
        if (TLanes.TileRows < WideLanes<float>.TileRows)
        {
            OutputGradientByMemory(y, rowStep, columnStep, m, plane);
            return;
        }

        GradientSides(y, rowStep, out TVector a0, out TVector b0, out TVector c0, out TVector d0, out TVector e0, out TVector f0);
        GradientSides(y + columnStep, rowStep, out TVector a1, out TVector b1, out TVector c1, out TVector d1, out TVector e1, out TVector f1);
        GradientSides(y + (2 * columnStep), rowStep, out TVector a2, out TVector b2, out TVector c2, out TVector d2, out TVector e2, out TVector f2);
        GradientSides(y + (3 * columnStep), rowStep, out TVector a3, out TVector b3, out TVector c3, out TVector d3, out TVector e3, out TVector f3);
        GradientRow(a0, a1, a2, a3, m, plane);
        GradientRow(b0, b1, b2, b3, m + (6 * plane), plane);
        GradientRow(c0, c1, c2, c3, m + (12 * plane), plane);
        GradientRow(d0, d1, d2, d3, m + (18 * plane), plane);
        GradientRow(e0, e1, e2, e3, m + (24 * plane), plane);
        GradientRow(f0, f1, f2, f3, m + (30 * plane), plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void OutputGradientByMemory(float* y, nint rowStep, nint columnStep, float* m, nint plane)
    {
        float* columns = stackalloc float[24 * TLanes.Count];
        float* column = columns;
        for (int i = 0; i < 4; i++, y += columnStep, column += TLanes.Count)
            GradientRow(TLanes.Load(y), TLanes.Load(y + rowStep), TLanes.Load(y + (2 * rowStep)), TLanes.Load(y + (3 * rowStep)), column, 4 * TLanes.Count);
        float* row = columns;
        for (int i = 0; i < 6; i++, row += 4 * TLanes.Count, m += 6 * plane)
            GradientRow(TLanes.Load(row), TLanes.Load(row + TLanes.Count), TLanes.Load(row + (2 * TLanes.Count)), TLanes.Load(row + (3 * TLanes.Count)), m, plane);
    }

    /// <summary>Transforms gradients of a transformed filter to those of the filter, for one vector of output channels: the transpose of <see cref="Filter"/>.</summary>
    /// <param name="u">The first of the 36 gradients.</param>
    /// <param name="plane">Elements from one of the 36 gradients to the next.</param>
    /// <param name="filter">The first tap of the result.</param>
    /// <param name="tapStep">Elements from one tap to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FilterGradient(float* u, nint plane, float* filter, nint tapStep)
    {
        FilterTaps(u, 6 * plane, out TVector a0, out TVector b0, out TVector c0);
        FilterTaps(u + plane, 6 * plane, out TVector a1, out TVector b1, out TVector c1);
        FilterTaps(u + (2 * plane), 6 * plane, out TVector a2, out TVector b2, out TVector c2);
        FilterTaps(u + (3 * plane), 6 * plane, out TVector a3, out TVector b3, out TVector c3);
        FilterTaps(u + (4 * plane), 6 * plane, out TVector a4, out TVector b4, out TVector c4);
        FilterTaps(u + (5 * plane), 6 * plane, out TVector a5, out TVector b5, out TVector c5);
        FilterTaps(a0, a1, a2, a3, a4, a5, filter, tapStep);
        FilterTaps(b0, b1, b2, b3, b4, b5, filter + (3 * tapStep), tapStep);
        FilterTaps(c0, c1, c2, c3, c4, c5, filter + (6 * tapStep), tapStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GradientSides(float* y, nint step, out TVector r0, out TVector r1, out TVector r2, out TVector r3, out TVector r4, out TVector r5) =>
        GradientSides(TLanes.Load(y), TLanes.Load(y + step), TLanes.Load(y + (2 * step)), TLanes.Load(y + (3 * step)), out r0, out r1, out r2, out r3, out r4, out r5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GradientSides(
        TVector y0, TVector y1, TVector y2, TVector y3, out TVector r0, out TVector r1, out TVector r2, out TVector r3, out TVector r4, out TVector r5)
    {
        TVector even = TLanes.Add(y0, y2);
        TVector odd = TLanes.Add(y1, y3);
        TVector even2 = Fma(4, y2, y0);
        TVector odd2 = Fma(8, y3, TLanes.Add(y1, y1));
        r0 = y0;
        r1 = TLanes.Add(even, odd);
        r2 = TLanes.Subtract(even, odd);
        r3 = TLanes.Add(even2, odd2);
        r4 = TLanes.Subtract(even2, odd2);
        r5 = y3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GradientRow(TVector y0, TVector y1, TVector y2, TVector y3, float* to, nint plane)
    {
        GradientSides(y0, y1, y2, y3, out TVector r0, out TVector r1, out TVector r2, out TVector r3, out TVector r4, out TVector r5);
        TLanes.Store(r0, to);
        TLanes.Store(r1, to + plane);
        TLanes.Store(r2, to + (2 * plane));
        TLanes.Store(r3, to + (3 * plane));
        TLanes.Store(r4, to + (4 * plane));
        TLanes.Store(r5, to + (5 * plane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterTaps(float* u, nint step, out TVector w0, out TVector w1, out TVector w2) => FilterTaps(
        TLanes.Load(u), TLanes.Load(u + step), TLanes.Load(u + (2 * step)), TLanes.Load(u + (3 * step)), TLanes.Load(u + (4 * step)), TLanes.Load(u + (5 * step)), out w0, out w1, out w2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterTaps(TVector u0, TVector u1, TVector u2, TVector u3, TVector u4, TVector u5, out TVector w0, out TVector w1, out TVector w2)
    {
        TVector near = TLanes.Multiply(TLanes.Add(u1, u2), TLanes.Create(-1f / 6));
        TVector far = TLanes.Add(u3, u4);
        w0 = Fma(0.25f, u0, Fma(1f / 24, far, near));
        w1 = Fma(1f / 12, TLanes.Subtract(u3, u4), TLanes.Multiply(TLanes.Subtract(u2, u1), TLanes.Create(1f / 6)));
        w2 = TLanes.Add(u5, Fma(1f / 6, far, near));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterTaps(TVector u0, TVector u1, TVector u2, TVector u3, TVector u4, TVector u5, float* to, nint step)
    {
        FilterTaps(u0, u1, u2, u3, u4, u5, out TVector w0, out TVector w1, out TVector w2);
        TLanes.Store(w0, to);
        TLanes.Store(w1, to + step);
        TLanes.Store(w2, to + (2 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Fma(float factor, TVector value, TVector sum) => TLanes.MultiplyAdd(TLanes.Create(factor), value, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputColumnUpper(float* x, nint step, out TVector r0, out TVector r1, out TVector r2)
    {
        TVector x1 = TLanes.Load(x + step);
        TVector x2 = TLanes.Load(x + (2 * step));
        TVector x3 = TLanes.Load(x + (3 * step));
        TVector x4 = TLanes.Load(x + (4 * step));
        r0 = Fma(4, TLanes.Load(x), Fma(-5, x2, x4));
        TVector even = Fma(-4, x2, x4);
        TVector odd = Fma(-4, x1, x3);
        r1 = TLanes.Add(even, odd);
        r2 = TLanes.Subtract(even, odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputColumnLower(float* x, nint step, out TVector r3, out TVector r4, out TVector r5)
    {
        TVector x1 = TLanes.Load(x + step);
        TVector x2 = TLanes.Load(x + (2 * step));
        TVector x3 = TLanes.Load(x + (3 * step));
        TVector x4 = TLanes.Load(x + (4 * step));
        TVector even = TLanes.Subtract(x4, x2);
        TVector odd = TLanes.Subtract(x3, x1);
        r3 = Fma(2, odd, even);
        r4 = Fma(-2, odd, even);
        r5 = Fma(4, x1, Fma(-5, x3, TLanes.Load(x + (5 * step))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputRow(TVector x0, TVector x1, TVector x2, TVector x3, TVector x4, TVector x5, float* to, nint plane)
    {
        TVector even = Fma(-4, x2, x4);
        TVector odd = Fma(-4, x1, x3);
        TVector even2 = TLanes.Subtract(x4, x2);
        TVector odd2 = TLanes.Subtract(x3, x1);
        TLanes.Store(Fma(4, x0, Fma(-5, x2, x4)), to);
        TLanes.Store(TLanes.Add(even, odd), to + plane);
        TLanes.Store(TLanes.Subtract(even, odd), to + (2 * plane));
        TLanes.Store(Fma(2, odd2, even2), to + (3 * plane));
        TLanes.Store(Fma(-2, odd2, even2), to + (4 * plane));
        TLanes.Store(Fma(4, x1, Fma(-5, x3, x5)), to + (5 * plane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterSides(float* filter, nint step, out TVector r0, out TVector r1, out TVector r2, out TVector r3, out TVector r4, out TVector r5) =>
        FilterSides(TLanes.Load(filter), TLanes.Load(filter + step), TLanes.Load(filter + (2 * step)), out r0, out r1, out r2, out r3, out r4, out r5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterSides(TVector g0, TVector g1, TVector g2, out TVector r0, out TVector r1, out TVector r2, out TVector r3, out TVector r4, out TVector r5)
    {
        TVector outer = TLanes.Multiply(TLanes.Add(g0, g2), TLanes.Create(-1f / 6));
        TVector inner = TLanes.Multiply(g1, TLanes.Create(1f / 6));
        TVector far = Fma(1f / 24, g0, TLanes.Multiply(g2, TLanes.Create(1f / 6)));
        TVector half = TLanes.Multiply(g1, TLanes.Create(1f / 12));
        r0 = TLanes.Multiply(g0, TLanes.Create(0.25f));
        r1 = TLanes.Subtract(outer, inner);
        r2 = TLanes.Add(outer, inner);
        r3 = TLanes.Add(far, half);
        r4 = TLanes.Subtract(far, half);
        r5 = g2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterRow(TVector g0, TVector g1, TVector g2, float* to, nint plane)
    {
        FilterSides(g0, g1, g2, out TVector r0, out TVector r1, out TVector r2, out TVector r3, out TVector r4, out TVector r5);
        TLanes.Store(r0, to);
        TLanes.Store(r1, to + plane);
        TLanes.Store(r2, to + (2 * plane));
        TLanes.Store(r3, to + (3 * plane));
        TLanes.Store(r4, to + (4 * plane));
        TLanes.Store(r5, to + (5 * plane));
    }

    // First and third row of outputs, each still of six columns.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputColumnsEven(
        float* m, nint plane, out TVector a0, out TVector a1, out TVector a2, out TVector a3, out TVector a4, out TVector a5, out TVector b0, out TVector b1, out TVector b2, out TVector b3, out TVector b4, out TVector b5)
    {
        OutputColumnEven(m, plane, out a0, out b0);
        OutputColumnEven(m + plane, plane, out a1, out b1);
        OutputColumnEven(m + (2 * plane), plane, out a2, out b2);
        OutputColumnEven(m + (3 * plane), plane, out a3, out b3);
        OutputColumnEven(m + (4 * plane), plane, out a4, out b4);
        OutputColumnEven(m + (5 * plane), plane, out a5, out b5);
    }

    // Second and fourth row of outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputColumnsOdd(
        float* m, nint plane, out TVector a0, out TVector a1, out TVector a2, out TVector a3, out TVector a4, out TVector a5, out TVector b0, out TVector b1, out TVector b2, out TVector b3, out TVector b4, out TVector b5)
    {
        OutputColumnOdd(m, plane, out a0, out b0);
        OutputColumnOdd(m + plane, plane, out a1, out b1);
        OutputColumnOdd(m + (2 * plane), plane, out a2, out b2);
        OutputColumnOdd(m + (3 * plane), plane, out a3, out b3);
        OutputColumnOdd(m + (4 * plane), plane, out a4, out b4);
        OutputColumnOdd(m + (5 * plane), plane, out a5, out b5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputColumnEven(float* m, nint plane, out TVector r0, out TVector r2)
    {
        TVector near = TLanes.Add(TLanes.Load(m + (6 * plane)), TLanes.Load(m + (12 * plane)));
        TVector far = TLanes.Add(TLanes.Load(m + (18 * plane)), TLanes.Load(m + (24 * plane)));
        r0 = TLanes.Add(TLanes.Add(TLanes.Load(m), near), far);
        r2 = Fma(4, far, near);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputColumnOdd(float* m, nint plane, out TVector r1, out TVector r3)
    {
        TVector near = TLanes.Subtract(TLanes.Load(m + (6 * plane)), TLanes.Load(m + (12 * plane)));
        TVector far = TLanes.Subtract(TLanes.Load(m + (18 * plane)), TLanes.Load(m + (24 * plane)));
        r1 = Fma(2, far, near);
        r3 = TLanes.Add(Fma(8, far, near), TLanes.Load(m + (30 * plane)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputRow(
        TVector x0, TVector x1, TVector x2, TVector x3, TVector x4, TVector x5, float* y, nint step, TVector bias, TVector lowest, TVector highest)
    {
        TVector near = TLanes.Add(x1, x2);
        TVector far = TLanes.Add(x3, x4);
        TVector near2 = TLanes.Subtract(x1, x2);
        TVector far2 = TLanes.Subtract(x3, x4);
        Finish(TLanes.Add(TLanes.Add(x0, near), far), y, bias, lowest, highest);
        Finish(Fma(2, far2, near2), y + step, bias, lowest, highest);
        Finish(Fma(4, far, near), y + (2 * step), bias, lowest, highest);
        Finish(TLanes.Add(Fma(8, far2, near2), x5), y + (3 * step), bias, lowest, highest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputPairs(TVector x0, TVector x1, TVector x2, TVector x3, TVector x4, TVector x5, out TVector left, out TVector right)
    {
        TVector near = TLanes.Add(x1, x2);
        TVector far = TLanes.Add(x3, x4);
        TVector near2 = TLanes.Subtract(x1, x2);
        TVector far2 = TLanes.Subtract(x3, x4);
        left = TLanes.Max(TLanes.Add(TLanes.Add(x0, near), far), Fma(2, far2, near2));
        right = TLanes.Max(Fma(4, far, near), TLanes.Add(Fma(8, far2, near2), x5));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(TVector value, float* to, TVector bias, TVector lowest, TVector highest) =>
        TLanes.Store(TLanes.Min(highest, TLanes.Max(lowest, TLanes.Add(value, bias))), to);
}
