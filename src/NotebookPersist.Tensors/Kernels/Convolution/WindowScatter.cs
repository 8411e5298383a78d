using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NotebookPersist.Kernels;

/// <summary>The gradient of a convolution towards an input whose channels fill no vector: the gradients of whole windows fill several.</summary>
/// <remarks>
/// A line of windows is one product; the lines that a line of the input was part of are kept, and each of its elements adds up what its windows have for it.
/// Gathering instead multiplies by padding too, and by the zeros between windows that move by more than one element.
/// Sums run over the output's channels, and those are added up from tap to tap, in order: the result is the same with any number of threads.
/// </remarks>
internal static unsafe class WindowScatter
{
    // Adding up a vector of a window costs as much as so many of its products.
    private const int AddingCost = 4;

    // Lines of windows that are kept stay in the second cache.
    private const long LinesByteCount = 256 << 10;

    /// <summary>Whether a convolution is of the kind, and this way is the shorter one.</summary>
    public static bool Suits<T>(WindowShape shape)
        where T : unmanaged, INumber<T>
    {
        if (!Vector<T>.IsSupported || shape.Depth != WindowAxis.Single || shape.InputChannels is 0 || shape.InputChannels > Vector<T>.Count || shape.OutputChannels < 4 || shape.WindowSize < 2 * Vector<T>.Count)
            return false;
        long vectors = (shape.WindowSize + Vector<T>.Count - 1) / Vector<T>.Count;
        if (Kept(shape.Height) * shape.Width.Output * vectors * Vector<T>.Count * sizeof(T) > LinesByteCount)
            return false;
        long gathering = shape.InputPositions * shape.Taps * shape.OutputChannels;
        return shape.OutputPositions * vectors * (shape.OutputChannels + AddingCost) < gathering;
    }

    // Lines of windows that one line of the input can be part of.
    private static long Kept(WindowAxis down) => ((down.Window - 1L) * down.Dilation / down.Stride) + 1;

    /// <summary>Computes it.</summary>
    /// <param name="w">The filter.</param>
    /// <param name="dy">Gradient towards the output.</param>
    /// <param name="dx">The result.</param>
    /// <param name="shape">The forward convolution.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static void Run<T>(T* w, T* dy, T* dx, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        if (Vector512.IsHardwareAccelerated)
            Run<T, TileKernel<WideLanes<T>, Vector512<T>, T>>(w, dy, dx, shape, workers);
        else
            Run<T, TileKernel<GeneralLanes<T>, Vector<T>, T>>(w, dy, dx, shape, workers);
    }

    /// <summary>The same with a given micro-kernel, whatever the machine would choose.</summary>
    public static void RunWith<T, TKernel>(ReadOnlySpan<T> filter, ReadOnlySpan<T> gradient, Span<T> result, WindowShape shape)
        where T : unmanaged, INumber<T>
        where TKernel : struct, IMicroKernel<T>
    {
        fixed (T* w = filter, dy = gradient, dx = result)
            Run<T, TKernel>(w, dy, dx, shape, Workers.Single);
    }

    private static void Run<T, TKernel>(T* w, T* dy, T* dx, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
        where TKernel : struct, IMicroKernel<T>
    {
        nint panels = (shape.WindowSize + TKernel.Columns - 1) / TKernel.Columns;
        using var packed = new AlignedScratch<T>(panels * TKernel.Columns * shape.OutputChannels);
        Gemm.PackAll<T, DenseRows<T>, TKernel>(new DenseRows<T>(w, shape.OutputChannels), true, shape.WindowSize, shape.OutputChannels, packed.Pointer, workers);
        var pass = new Pass<T, TKernel>(packed.Pointer, panels, shape);
        nint outputs = (nint)shape.Height.Output * shape.Width.Output * shape.OutputChannels;
        nint inputs = (nint)shape.Height.Input * shape.Width.Input * shape.InputChannels;
        workers.For(shape.Batch, 1, (start, end) =>
        {
            using var lines = new AlignedScratch<T>(pass.ScratchSize);
            for (nint image = start; image < end; image++)
            {
                workers.Cancellation.ThrowIfCancellationRequested();
                pass.Run(dy + (image * outputs), dx + (image * inputs), lines.Pointer);
            }
        });
    }

    private readonly struct Pass<T, TKernel>(T* filter, nint panels, WindowShape shape)
        where T : unmanaged, INumber<T>
        where TKernel : struct, IMicroKernel<T>
    {
        private readonly nint _window = panels * TKernel.Columns;

        private readonly nint _kept = (nint)Kept(shape.Height);

        /// <summary>The kept lines; a vector more, as the last tap is read with what would follow it.</summary>
        public nint ScratchSize => (_kept * LineSize) + Vector<T>.Count;

        private nint LineSize => shape.Width.Output * _window;

        public void Run(T* dy, T* dx, T* lines)
        {
            WindowAxis down = shape.Height;
            int made = 0;
            for (int y = 0; y < down.Input; y++)
            {
                // Windows whose first line is at most this one.
                int reached = y + down.Before < 0 ? 0 : Math.Min(down.Output, ((y + down.Before) / down.Stride) + 1);
                for (; made < reached; made++)
                    MakeLine(dy + ((nint)made * shape.Width.Output * shape.OutputChannels), lines + (made % _kept * LineSize));
                AddUp(y, lines, dx + ((nint)y * shape.Width.Input * shape.InputChannels));
            }
        }

        private void MakeLine(T* gradient, T* to)
        {
            nint strips = (shape.Width.Output + TKernel.Rows - 1) / TKernel.Rows;
            nint inStrip = strips == 0 ? 1 : (shape.Width.Output + strips - 1) / strips;
            nint depth = shape.OutputChannels;
            for (nint panel = 0; panel < panels; panel++)
            {
                T* columns = filter + (panel * TKernel.Columns * depth);
                for (nint at = 0; at < shape.Width.Output; at += inStrip)
                {
                    var rows = new RowPanel<T>(gradient + (at * depth), step: depth, run: depth, blockStep: depth);
                    TKernel.Run(1, 0, Math.Min(inStrip, shape.Width.Output - at), TKernel.Columns, depth, rows, columns, Gemm.AheadByteCount, to + (at * _window) + (panel * TKernel.Columns), _window, accumulate: false);
                }
            }
        }

        private void AddUp(int y, T* lines, T* to)
        {
            // Where a line of taps lies in the kept lines that have it.
            WindowAxis down = shape.Height;
            T** taps = stackalloc T*[down.Window];
            nint count = 0;
            for (int ty = 0; ty < down.Window; ty++)
            {
                int start = y + down.Before - (ty * down.Dilation);
                if (start >= 0 && start % down.Stride == 0 && start / down.Stride < down.Output)
                    taps[count++] = lines + (start / down.Stride % _kept * LineSize) + ((nint)ty * shape.Width.Window * shape.InputChannels);
            }

            T* rest = stackalloc T[Vector<T>.Count];
            for (int x = 0; x < shape.Width.Input; x++, to += shape.InputChannels)
            {
                Vector<T> sum = shape.Width is { Stride: 1, Dilation: 1 } ? Neighbours(x, taps, count) : Apart(x, taps, count);

                // What a vector has too many is overwritten by the next; nothing comes after the last.
                if ((shape.Width.Input - x) * shape.InputChannels >= Vector<T>.Count)
                {
                    sum.Store(to);
                    continue;
                }

                sum.Store(rest);
                for (int channel = 0; channel < shape.InputChannels; channel++)
                    to[channel] = rest[channel];
            }
        }

        // From tap to tap the window before.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector<T> Neighbours(int x, T** taps, nint lines)
        {
            WindowAxis across = shape.Width;
            int first = Math.Max(0, x + across.Before - (across.Output - 1));
            nint count = Math.Min(across.Window - 1, x + across.Before) - first + 1;
            nint offset = ((x + across.Before - first) * _window) + (first * shape.InputChannels);
            nint step = shape.InputChannels - _window;
            Vector<T> even = Vector<T>.Zero, odd = Vector<T>.Zero;
            for (nint line = 0; line < lines; line++)
            {
                T* from = taps[line] + offset;
                nint left = count;
                for (; left > 1; left -= 2, from += 2 * step)
                {
                    even += Vector.Load(from);
                    odd += Vector.Load(from + step);
                }

                if (left == 1)
                    even += Vector.Load(from);
            }

            return even + odd;
        }

        private Vector<T> Apart(int x, T** taps, nint lines)
        {
            WindowAxis across = shape.Width;
            Vector<T> sum = Vector<T>.Zero;
            for (nint line = 0; line < lines; line++)
            {
                for (int tx = 0; tx < across.Window; tx++)
                {
                    int start = x + across.Before - (tx * across.Dilation);
                    if (start >= 0 && start % across.Stride == 0 && start / across.Stride < across.Output)
                        sum += Vector.Load(taps[line] + (start / across.Stride * _window) + (tx * shape.InputChannels));
                }
            }

            return sum;
        }
    }
}
