using System.Numerics;
using System.Runtime.Intrinsics;

namespace NotebookPersist.Kernels;

/// <summary>Convolution of images with few channels, or by few filters: micro-kernels read the windows where they lie in lines that were padded.</summary>
/// <remarks>With three channels a window is too small to be worth packing, with few filters it is used too seldom. Sums run over the whole window, in order.</remarks>
internal static unsafe class LineConvolution
{
    private const int MostChannels = 4;
    private const int RowsAtOnce = 8;

    // With more channels a packed window serves more panels of the filter, and packing costs less than it saves; filter and lines must stay in the second cache.
    private const int MostOutputs = 64;
    private const int MostDepth = 2048;
    private const long FilterByteCount = 256 << 10;
    private const long LinesByteCount = 96 << 10;

    /// <summary>Whether a convolution is of the kind that this is for.</summary>
    public static bool Suits<T>(WindowShape shape)
        where T : unmanaged, INumber<T> =>
        shape.Depth == WindowAxis.Single
        && shape.Width.Dilation == 1
        && shape.InputChannels > 0
        && shape.Width.Output >= 6
        && shape.OutputChannels >= 4
        && (shape.InputChannels <= MostChannels || IsSmall<T>(shape));

    private static bool IsSmall<T>(WindowShape shape)
        where T : unmanaged, INumber<T> =>
        shape.Width.Window > 1
        && shape.OutputChannels <= MostOutputs
        && shape.WindowSize <= MostDepth
        && PackedMatrix<T>.RoundUp(shape.OutputChannels) * shape.WindowSize * sizeof(T) <= FilterByteCount
        && Lines(shape.Height) * Pitch(shape) * sizeof(T) <= LinesByteCount;

    private static int Lines(WindowAxis down) => ((RowsAtOnce - 1) * down.Stride) + ((down.Window - 1) * down.Dilation) + 1;

    private static nint Pitch(WindowShape shape) => (((nint)(shape.Width.Output - 1) * shape.Width.Stride) + shape.Width.Window) * shape.InputChannels;

    /// <summary>Slides the filter over the input, then does what follows.</summary>
    public static void Forward<T>(T* x, T* w, T* y, WindowShape shape, RowFinish<T> finish, Workers workers)
        where T : unmanaged, INumber<T>
    {
        if (Vector512.IsHardwareAccelerated)
            Run<T, TileKernel<WideLanes<T>, Vector512<T>, T>>(x, w, y, shape, finish, workers);
        else
            Run<T, TileKernel<GeneralLanes<T>, Vector<T>, T>>(x, w, y, shape, finish, workers);
    }

    /// <summary>The same with a given micro-kernel, whatever the machine would choose.</summary>
    public static void ForwardWith<T, TKernel>(ReadOnlySpan<T> input, ReadOnlySpan<T> filter, Span<T> output, WindowShape shape)
        where T : unmanaged, INumber<T>
        where TKernel : struct, IMicroKernel<T>
    {
        fixed (T* x = input, w = filter, y = output)
            Run<T, TKernel>(x, w, y, shape, default, Workers.Single);
    }

    /// <summary>The same with a given micro-kernel.</summary>
    public static void Run<T, TKernel>(T* x, T* w, T* y, WindowShape shape, RowFinish<T> finish, Workers workers)
        where T : unmanaged, INumber<T>
        where TKernel : struct, IMicroKernel<T>
    {
        nint depth = shape.WindowSize;
        nint panels = (shape.OutputChannels + TKernel.Columns - 1) / TKernel.Columns;
        using var packed = new AlignedScratch<T>(panels * depth * TKernel.Columns);
        Gemm.PackAll<T, DenseRows<T>, TKernel>(new DenseRows<T>(w, shape.OutputChannels), false, shape.OutputChannels, depth, packed.Pointer, workers);
        T* filter = packed.Pointer;
        WindowAxis down = shape.Height;
        WindowAxis across = shape.Width;
        nint pitch = Pitch(shape);
        int groups = (down.Output + RowsAtOnce - 1) / RowsAtOnce;
        int lines = Lines(down);

        // Tiles of equal heights: one of almost all rows runs at almost full speed, one of two rows does not.
        bool isNarrow = 2 * shape.OutputChannels <= TKernel.Columns;
        nint tileRows = isNarrow ? TKernel.NarrowRows : TKernel.Rows;
        nint strips = (across.Output + tileRows - 1) / tileRows;
        nint inStrip = (across.Output + strips - 1) / strips;
        nint computed = isNarrow ? TKernel.Columns / 2 : TKernel.Columns;
        using var spread = new AlignedScratch<T>((nint)shape.OutputChannels * Vector<T>.Count);
        var finishing = new LineFinish<T>(finish, shape.OutputChannels, spread.Pointer);
        workers.For(shape.Batch * groups, 1, (start, end) =>
        {
            using var scratch = new AlignedScratch<T>((lines * pitch) + (TKernel.NarrowRows * TKernel.Columns));
            T* tile = scratch.Pointer + (lines * pitch);
            for (int item = start; item < end; item++)
            {
                workers.Cancellation.ThrowIfCancellationRequested();
                nint image = item / groups;
                int first = item % groups * RowsAtOnce;
                int rows = Math.Min(RowsAtOnce, down.Output - first);
                CopyLines(x + (image * down.Input * across.Input * shape.InputChannels), down.Start(first), lines, pitch, scratch.Pointer, shape);
                for (int row = 0; row < rows; row++)
                {
                    T* to = y + (((image * down.Output) + first + row) * across.Output * shape.OutputChannels);
                    for (nint column = 0; column < across.Output; column += inStrip)
                    {
                        T* from = scratch.Pointer + ((nint)row * down.Stride * pitch) + (column * across.Stride * shape.InputChannels);
                        var windows = new RowPanel<T>(from, (nint)across.Stride * shape.InputChannels, (nint)across.Window * shape.InputChannels, down.Dilation * pitch);
                        nint count = Math.Min(inStrip, across.Output - column);
                        if (shape.OutputChannels < computed && (across.Output - column - count) * shape.OutputChannels >= computed - shape.OutputChannels)
                        {
                            // What a row has too many is overwritten by the next, and after the last by the next tile.
                            TKernel.Run(1, 0, count, computed, depth, windows, filter, Gemm.AheadByteCount, to + (column * shape.OutputChannels), shape.OutputChannels, accumulate: false);
                            continue;
                        }

                        for (nint panel = 0; panel < panels; panel++)
                        {
                            nint channel = panel * TKernel.Columns;
                            Gemm.MultiplyTile<T, TKernel>(
                                count,
                                Math.Min(TKernel.Columns, shape.OutputChannels - channel),
                                depth,
                                windows,
                                filter + (channel * depth),
                                to + (column * shape.OutputChannels) + channel,
                                shape.OutputChannels,
                                accumulate: false,
                                tile);
                        }
                    }

                    finishing.Apply(to, across.Output);
                }
            }
        });
    }

    private static void CopyLines<T>(T* image, int top, int lines, nint pitch, T* to, WindowShape shape)
        where T : unmanaged
    {
        nint width = (nint)shape.Width.Input * shape.InputChannels;
        nint start = -(nint)shape.Width.Before * shape.InputChannels;
        nint left = Math.Clamp(-start, 0, pitch);
        nint right = Math.Clamp(width - start, left, pitch);
        for (int line = 0; line < lines; line++, to += pitch)
        {
            var target = new Span<T>(to, (int)pitch);
            if ((uint)(top + line) >= (uint)shape.Height.Input)
            {
                target.Clear();
                continue;
            }

            target[..(int)left].Clear();
            new ReadOnlySpan<T>(image + ((top + line) * width) + start + left, (int)(right - left)).CopyTo(target[(int)left..]);
            target[(int)right..].Clear();
        }
    }
}
