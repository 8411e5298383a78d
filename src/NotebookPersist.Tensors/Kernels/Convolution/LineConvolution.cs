using System.Numerics;
using System.Runtime.Intrinsics;

namespace NotebookPersist.Kernels;

/// <summary>Convolution of images with few channels: micro-kernels read the windows where they lie in lines that were padded.</summary>
/// <remarks>With three channels a window is too small to be worth packing. The sums are in the order of the plain ones.</remarks>
internal static unsafe class LineConvolution
{
    private const int MostChannels = 4;
    private const int RowsAtOnce = 8;

    /// <summary>Whether a convolution is of the kind that this is for.</summary>
    public static bool Suits(WindowShape shape) =>
        shape.Depth == WindowAxis.Single && shape.Width.Dilation == 1 && shape.InputChannels is > 0 and <= MostChannels && shape.Width.Output >= 6 && shape.OutputChannels >= 4;

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
        nint pitch = (((nint)(across.Output - 1) * across.Stride) + across.Window) * shape.InputChannels;
        int groups = (down.Output + RowsAtOnce - 1) / RowsAtOnce;
        int lines = ((RowsAtOnce - 1) * down.Stride) + ((down.Window - 1) * down.Dilation) + 1;
        workers.For(shape.Batch * groups, 1, (start, end) =>
        {
            using var scratch = new AlignedScratch<T>((lines * pitch) + (TKernel.Rows * TKernel.Columns));
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
                    for (int column = 0; column < across.Output; column += (int)TKernel.Rows)
                    {
                        T* from = scratch.Pointer + ((nint)row * down.Stride * pitch) + ((nint)column * across.Stride * shape.InputChannels);
                        var windows = new RowPanel<T>(from, (nint)across.Stride * shape.InputChannels, (nint)across.Window * shape.InputChannels, down.Dilation * pitch);
                        for (nint panel = 0; panel < panels; panel++)
                        {
                            nint channel = panel * TKernel.Columns;
                            Gemm.MultiplyTile<T, TKernel>(
                                Math.Min(TKernel.Rows, across.Output - column),
                                Math.Min(TKernel.Columns, shape.OutputChannels - channel),
                                depth,
                                windows,
                                filter + (channel * depth),
                                to + ((nint)column * shape.OutputChannels) + channel,
                                shape.OutputChannels,
                                accumulate: false,
                                tile);
                        }
                    }

                    finish.Apply(to, across.Output, 0, shape.OutputChannels, shape.OutputChannels);
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
