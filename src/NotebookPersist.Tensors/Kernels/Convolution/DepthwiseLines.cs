using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NotebookPersist.Kernels;

/// <summary>Convolution of each channel by itself with one filter: four neighbouring windows at a time, a vector of channels wide.</summary>
/// <remarks>Each sum stays in a register until it is whole; a tap is loaded once for four windows. Aliasing: the result must not overlap the factors.</remarks>
internal static unsafe class DepthwiseLines
{
    private const int WindowsAtOnce = 4;

    // Elements of output that are worth another thread.
    private const int Grain = 1 << 14;

    /// <summary>Whether a convolution is of the kind.</summary>
    public static bool Suits<T>(WindowShape shape)
        where T : unmanaged, INumber<T> =>
        shape.InputChannels == shape.OutputChannels && Vector<T>.IsSupported && shape.InputChannels >= Vector<T>.Count && shape.Depth == WindowAxis.Single;

    /// <summary>Slides the filters over the input.</summary>
    public static void Forward<T>(T* x, T* w, T* y, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        // With few channels narrower vectors waste less.
        if (Vector512.IsHardwareAccelerated && shape.InputChannels >= Vector512<T>.Count)
            Run<WideLanes<T>, Vector512<T>, T>(x, w, y, shape, workers);
        else
            Run<GeneralLanes<T>, Vector<T>, T>(x, w, y, shape, workers);
    }

    /// <summary>The same with vectors of a given width, whatever the machine would choose.</summary>
    public static void ForwardWith<TLanes, TVector, T>(ReadOnlySpan<T> input, ReadOnlySpan<T> filter, Span<T> output, WindowShape shape)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumber<T>
    {
        fixed (T* x = input, w = filter, y = output)
            Run<TLanes, TVector, T>(x, w, y, shape, Workers.Single);
    }

    private static void Run<TLanes, TVector, T>(T* x, T* w, T* y, WindowShape shape, Workers workers)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumber<T>
    {
        WindowAxis down = shape.Height;
        WindowAxis across = shape.Width;
        nint channels = shape.InputChannels;
        if (across.Output == 0 || channels == 0)
            return;
        nint inputLine = across.Input * channels;
        (int firstInner, int endInner) = Inner(across);
        bool isTriple = across is { Window: 3, Stride: 1, Dilation: 1 };
        workers.For(shape.Batch * down.Output, (int)Math.Max(1, Grain / (across.Output * channels)), (start, end) =>
        {
            for (int line = start; line < end; line++)
            {
                (int image, int row) = Math.DivRem(line, down.Output);
                (int firstY, int endY) = down.Inside(row);
                nint top = ((nint)image * down.Input) + down.Start(row) + (firstY * down.Dilation);
                T* to = y + ((nint)line * across.Output * channels);
                for (int column = 0; column < across.Output;)
                {
                    // Neighbours go together where all their taps are inside; the last ones once more where they are not four.
                    bool isInner = column >= firstInner && column < endInner && endInner - firstInner >= WindowsAtOnce;
                    column = isInner ? Math.Min(column, endInner - WindowsAtOnce) : column;
                    (int firstX, int endX) = across.Inside(column);
                    T* from = x + (top * inputLine) + ((across.Start(column) + ((nint)firstX * across.Dilation)) * channels);
                    T* taps = w + ((((nint)firstY * across.Window) + firstX) * channels);
                    var walk = new Walk(down.Dilation * inputLine, across.Dilation * channels, across.Window * channels, endY - firstY, endX - firstX, channels);
                    if (!isInner)
                        Column<TLanes, TVector, T>(from, taps, to + (column * channels), walk);
                    else if (isTriple)
                        Triples<TLanes, TVector, T>(from, taps, to + (column * channels), walk);
                    else
                        Columns<TLanes, TVector, T>(from, across.Stride * channels, taps, to + (column * channels), walk);
                    column += isInner ? WindowsAtOnce : 1;
                }
            }
        });
    }

    // Windows of which every tap is inside.
    private static (int First, int End) Inner(WindowAxis across)
    {
        int first = 0;
        while (first < across.Output && across.Start(first) < 0)
            first++;
        int end = across.Output;
        while (end > first && across.Start(end - 1) + ((across.Window - 1) * across.Dilation) >= across.Input)
            end--;
        return (first, end);
    }

    // Four windows a step apart. The last channels are computed twice where they do not fill a vector.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<TLanes, TVector, T>(T* x, nint step, T* w, T* y, Walk walk)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumber<T>
    {
        nint channels = walk.Channels;
        for (nint at = 0; at < channels; at += TLanes.Count)
        {
            nint channel = at <= channels - TLanes.Count ? at : channels - TLanes.Count;
            TVector s0 = default, s1 = default, s2 = default, s3 = default;
            for (nint line = 0; line < walk.Lines; line++)
            {
                T* from0 = x + channel + (line * walk.LineStep);
                T* from1 = from0 + step;
                T* from2 = from1 + step;
                T* from3 = from2 + step;
                T* tap = w + channel + (line * walk.TapLine);
                for (nint i = walk.Taps; i > 0; i--)
                {
                    TVector v = TLanes.Load(tap);
                    s0 = TLanes.MultiplyAdd(v, TLanes.Load(from0), s0);
                    s1 = TLanes.MultiplyAdd(v, TLanes.Load(from1), s1);
                    s2 = TLanes.MultiplyAdd(v, TLanes.Load(from2), s2);
                    s3 = TLanes.MultiplyAdd(v, TLanes.Load(from3), s3);
                    tap += channels;
                    from0 += walk.TapStep;
                    from1 += walk.TapStep;
                    from2 += walk.TapStep;
                    from3 += walk.TapStep;
                }
            }

            T* to = y + channel;
            TLanes.Store(s0, to);
            TLanes.Store(s1, to + channels);
            TLanes.Store(s2, to + (2 * channels));
            TLanes.Store(s3, to + (3 * channels));
        }
    }

    // Four neighbouring windows of three columns: six columns of the input are loaded once for all of them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Triples<TLanes, TVector, T>(T* x, T* w, T* y, Walk walk)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumber<T>
    {
        nint channels = walk.Channels;
        for (nint at = 0; at < channels; at += TLanes.Count)
        {
            nint channel = at <= channels - TLanes.Count ? at : channels - TLanes.Count;
            TVector s0 = default, s1 = default, s2 = default, s3 = default;
            T* from = x + channel;
            T* tap = w + channel;
            for (nint line = walk.Lines; line > 0; line--)
            {
                TVector w0 = TLanes.Load(tap), w1 = TLanes.Load(tap + channels), w2 = TLanes.Load(tap + (2 * channels));
                TVector v = TLanes.Load(from);
                s0 = TLanes.MultiplyAdd(w0, v, s0);
                v = TLanes.Load(from + channels);
                s0 = TLanes.MultiplyAdd(w1, v, s0);
                s1 = TLanes.MultiplyAdd(w0, v, s1);
                v = TLanes.Load(from + (2 * channels));
                s0 = TLanes.MultiplyAdd(w2, v, s0);
                s1 = TLanes.MultiplyAdd(w1, v, s1);
                s2 = TLanes.MultiplyAdd(w0, v, s2);
                v = TLanes.Load(from + (3 * channels));
                s1 = TLanes.MultiplyAdd(w2, v, s1);
                s2 = TLanes.MultiplyAdd(w1, v, s2);
                s3 = TLanes.MultiplyAdd(w0, v, s3);
                v = TLanes.Load(from + (4 * channels));
                s2 = TLanes.MultiplyAdd(w2, v, s2);
                s3 = TLanes.MultiplyAdd(w1, v, s3);
                v = TLanes.Load(from + (5 * channels));
                s3 = TLanes.MultiplyAdd(w2, v, s3);
                from += walk.LineStep;
                tap += walk.TapLine;
            }

            T* to = y + channel;
            TLanes.Store(s0, to);
            TLanes.Store(s1, to + channels);
            TLanes.Store(s2, to + (2 * channels));
            TLanes.Store(s3, to + (3 * channels));
        }
    }

    // One window, at the edge.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Column<TLanes, TVector, T>(T* x, T* w, T* y, Walk walk)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumber<T>
    {
        for (nint at = 0; at < walk.Channels; at += TLanes.Count)
        {
            nint channel = at <= walk.Channels - TLanes.Count ? at : walk.Channels - TLanes.Count;
            TVector sum = default;
            for (nint line = 0; line < walk.Lines; line++)
            {
                T* from = x + channel + (line * walk.LineStep);
                T* tap = w + channel + (line * walk.TapLine);
                for (nint i = walk.Taps; i > 0; i--, tap += walk.Channels, from += walk.TapStep)
                    sum = TLanes.MultiplyAdd(TLanes.Load(tap), TLanes.Load(from), sum);
            }

            TLanes.Store(sum, y + channel);
        }
    }

    /// <summary>How the taps of a window lie.</summary>
    /// <param name="LineStep">Elements of the input from one line of taps to the next.</param>
    /// <param name="TapStep">Elements of the input from one tap of a line to the next.</param>
    /// <param name="TapLine">Elements of the filter from one line to the next.</param>
    /// <param name="Lines">Number of lines that are inside.</param>
    /// <param name="Taps">Number of taps of a line that are inside.</param>
    /// <param name="Channels">Number of channels.</param>
    private readonly record struct Walk(nint LineStep, nint TapStep, nint TapLine, nint Lines, nint Taps, nint Channels);
}
