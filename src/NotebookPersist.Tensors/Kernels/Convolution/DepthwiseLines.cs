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
        nint inputLine = across.Input * channels;
        workers.For(shape.Batch * down.Output, (int)Math.Max(1, Grain / (across.Output * channels)), (start, end) =>
        {
            for (int line = start; line < end; line++)
            {
                (int image, int row) = Math.DivRem(line, down.Output);
                (int firstY, int endY) = down.Inside(row);
                for (int column = 0; column < across.Output;)
                {
                    // Neighbours go together where all their taps are inside.
                    (int firstX, int endX) = across.Inside(column);
                    bool isInner = column + WindowsAtOnce <= across.Output && endX - firstX == across.Window
                        && across.Start(column + WindowsAtOnce - 1) + ((across.Window - 1) * across.Dilation) < across.Input;
                    nint top = ((nint)image * down.Input) + down.Start(row) + (firstY * down.Dilation);
                    T* from = x + (top * inputLine) + ((across.Start(column) + ((nint)firstX * across.Dilation)) * channels);
                    Columns<TLanes, TVector, T>(
                        from,
                        isInner ? across.Stride * channels : 0,
                        down.Dilation * inputLine,
                        across.Dilation * channels,
                        w + ((((nint)firstY * across.Window) + firstX) * channels),
                        across.Window * channels,
                        endY - firstY,
                        endX - firstX,
                        y + ((((nint)line * across.Output) + column) * channels),
                        isInner ? channels : 0,
                        channels);
                    column += isInner ? WindowsAtOnce : 1;
                }
            }
        });
    }

    // Four windows a step apart, or four times the same. The last channels are computed twice where they do not fill a vector.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<TLanes, TVector, T>(
        T* x, nint step, nint lineStep, nint tapStep, T* w, nint tapLine, nint tapLines, nint taps, T* y, nint outputStep, nint channels)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumber<T>
    {
        for (nint at = 0; at < channels; at += TLanes.Count)
        {
            nint channel = at <= channels - TLanes.Count ? at : channels - TLanes.Count;
            TVector s0 = default, s1 = default, s2 = default, s3 = default;
            for (nint line = 0; line < tapLines; line++)
            {
                T* from0 = x + channel + (line * lineStep);
                T* from1 = from0 + step;
                T* from2 = from1 + step;
                T* from3 = from2 + step;
                T* tap = w + channel + (line * tapLine);
                for (nint i = taps; i > 0; i--)
                {
                    TVector v = TLanes.Load(tap);
                    s0 = TLanes.MultiplyAdd(v, TLanes.Load(from0), s0);
                    s1 = TLanes.MultiplyAdd(v, TLanes.Load(from1), s1);
                    s2 = TLanes.MultiplyAdd(v, TLanes.Load(from2), s2);
                    s3 = TLanes.MultiplyAdd(v, TLanes.Load(from3), s3);
                    tap += channels;
                    from0 += tapStep;
                    from1 += tapStep;
                    from2 += tapStep;
                    from3 += tapStep;
                }
            }

            T* to = y + channel;
            TLanes.Store(s0, to);
            TLanes.Store(s1, to + outputStep);
            TLanes.Store(s2, to + (2 * outputStep));
            TLanes.Store(s3, to + (3 * outputStep));
        }
    }
}
