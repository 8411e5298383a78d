using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace NotebookPersist.Kernels;

/// <summary>The gradient of a convolution towards its filter where windows move one element at a time: no window is written out.</summary>
/// <remarks>
/// Each channel's lines are laid apart, padded. The taps of one line of the filter are then one line seen from neighbouring places, rows that a
/// micro-kernel reads as they lie, summed over positions instead of channels. Images are summed in shares that do not depend on the number of threads,
/// and the shares in order: the result is the same with any.
/// </remarks>
internal static unsafe class LineFilterGradient
{
    // Taps of a line are the rows of one tile of the narrowest vectors.
    private const int MostTaps = 6;

    // Positions that are summed at a time: their gradients of one panel of channels stay in the nearest cache.
    private const int PositionsAtOnce = 256;
    private const int MostShares = 16;

    // Sums of a share stay in the second cache.
    private const long MostFilterByteCount = 512 << 10;

    /// <summary>Whether a convolution is of the kind that this is for.</summary>
    public static bool Suits<T>(WindowShape shape)
        where T : unmanaged =>
        shape.Depth == WindowAxis.Single
        && shape.Width is { Stride: 1, Dilation: 1, Window: > 1 and <= MostTaps, Output: >= 4 and <= 2 * PositionsAtOnce }
        && shape.OutputChannels >= 4
        && (long)shape.WindowSize * (shape.OutputChannels + 15) * sizeof(T) <= MostFilterByteCount;

    /// <summary>Computes it.</summary>
    public static void Run<T>(T* x, T* dy, T* dw, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        if (Vector512.IsHardwareAccelerated)
            Run<T, TileKernel<WideLanes<T>, Vector512<T>, T>>(x, dy, dw, shape, workers);
        else
            Run<T, TileKernel<GeneralLanes<T>, Vector<T>, T>>(x, dy, dw, shape, workers);
    }

    /// <summary>The same with a given micro-kernel, whatever the machine would choose.</summary>
    public static void RunWith<T, TKernel>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, Span<T> result, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
        where TKernel : struct, IMicroKernel<T>
    {
        fixed (T* x = input, dy = gradient, dw = result)
            Run<T, TKernel>(x, dy, dw, shape, workers);
    }

    private static void Run<T, TKernel>(T* x, T* dy, T* dw, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
        where TKernel : struct, IMicroKernel<T>
    {
        var pass = new Pass<T, TKernel>(x, dy, shape);
        nint size = shape.WindowSize * pass.Stride;
        int items = shape.Batch * pass.Groups;
        int shares = Math.Min(items, MostShares);
        using var scratch = new AlignedScratch<T>(Math.Max(1, shares) * size);
        T* sums = scratch.Pointer;
        if (shares == 0)
            new Span<T>(sums, (int)size).Clear();
        workers.For(shares, 1, (start, end) =>
        {
            using var lines = new AlignedScratch<T>(pass.ScratchSize);
            for (nint share = start; share < end; share++)
            {
                int first = (int)(share * items / shares);
                for (int item = first; item < (int)((share + 1) * items / shares); item++)
                {
                    workers.Cancellation.ThrowIfCancellationRequested();
                    pass.Add(item, lines.Pointer, sums + (share * size), accumulate: item > first);
                }
            }
        });
        workers.For(shape.WindowSize, Math.Max(1, (1 << 15) / (Math.Max(1, shares) * shape.OutputChannels)), (start, end) =>
        {
            for (nint row = start; row < end; row++)
            {
                var to = new Span<T>(dw + (row * shape.OutputChannels), shape.OutputChannels);
                T* from = sums + (row * pass.Stride);
                new ReadOnlySpan<T>(from, shape.OutputChannels).CopyTo(to);
                for (nint share = 1; share < shares; share++)
                    TensorPrimitives.Add(to, new ReadOnlySpan<T>(from + (share * size), shape.OutputChannels), to);
            }
        });
    }

    private readonly struct Pass<T, TKernel>(T* x, T* dy, WindowShape shape)
        where T : unmanaged, INumber<T>
        where TKernel : struct, IMicroKernel<T>
    {
        private readonly int _rowsAtOnce = RowsAtOnce(shape);
        private readonly nint _pitch = shape.Width.Output - 1 + shape.Width.Window;

        /// <summary>Pieces of an image.</summary>
        public int Groups => (shape.Height.Output + _rowsAtOnce - 1) / _rowsAtOnce;

        /// <summary>Elements of the sums of one tap and input channel.</summary>
        public nint Stride => (shape.OutputChannels + TKernel.Columns - 1) / TKernel.Columns * TKernel.Columns;

        public nint ScratchSize => (shape.InputChannels * PlaneSize) + ((nint)_rowsAtOnce * shape.Width.Output * Stride);

        private int Lines => ((_rowsAtOnce - 1) * shape.Height.Stride) + ((shape.Height.Window - 1) * shape.Height.Dilation) + 1;

        private nint PlaneSize => Lines * _pitch;

        public void Add(int item, T* planes, T* sums, bool accumulate)
        {
            int image = item / Groups;
            int first = item % Groups * _rowsAtOnce;
            int rows = Math.Min(_rowsAtOnce, shape.Height.Output - first);
            nint positions = (nint)rows * shape.Width.Output;
            T* panels = planes + (shape.InputChannels * PlaneSize);
            FillPlanes(image, first, planes);
            FillPanels(dy + ((((nint)image * shape.Height.Output) + first) * shape.Width.Output * shape.OutputChannels), positions, panels);
            for (nint channel = 0; channel < shape.OutputChannels; channel += TKernel.Columns)
            {
                T* panel = panels + (channel * positions);
                nint columns = shape.OutputChannels - channel <= TKernel.Columns / 2 ? TKernel.Columns / 2 : TKernel.Columns;
                for (nint input = 0; input < shape.InputChannels; input++)
                {
                    for (nint line = 0; line < shape.Height.Window; line++)
                    {
                        T* from = planes + (input * PlaneSize) + (line * shape.Height.Dilation * _pitch);
                        var taps = new RowPanel<T>(from, step: 1, run: shape.Width.Output, blockStep: shape.Height.Stride * _pitch);
                        T* to = sums + (((line * shape.Width.Window * shape.InputChannels) + input) * Stride) + channel;
                        TKernel.Run(1, 0, shape.Width.Window, columns, positions, taps, panel, Gemm.AheadByteCount, to, shape.InputChannels * Stride, accumulate);
                    }
                }
            }
        }

        // Pieces of an image are alike: a last one of a single line would cost as much to lay out as the others.
        private static int RowsAtOnce(WindowShape shape)
        {
            int height = Math.Max(1, shape.Height.Output);
            int most = Math.Clamp(PositionsAtOnce / Math.Max(1, shape.Width.Output), 1, height);
            int pieces = (height + most - 1) / most;
            return (height + pieces - 1) / pieces;
        }

        private void FillPlanes(int image, int firstRow, T* planes)
        {
            new Span<T>(planes, (int)(shape.InputChannels * PlaneSize)).Clear();
            int channels = shape.InputChannels;
            int top = shape.Height.Start(firstRow);
            int left = Math.Max(0, -shape.Width.Before);
            int right = (int)Math.Min(shape.Width.Input, _pitch - shape.Width.Before);
            for (int line = Math.Max(0, -top); line < Math.Min(Lines, shape.Height.Input - top); line++)
            {
                T* from = x + ((((((nint)image * shape.Height.Input) + top + line) * shape.Width.Input) + left) * channels);
                T* to = planes + (line * _pitch) + left + shape.Width.Before;
                if (channels == 1 && left < right)
                {
                    new ReadOnlySpan<T>(from, right - left).CopyTo(new Span<T>(to, right - left));
                    continue;
                }

                for (int column = left; column < right; column++, from += channels, to++)
                {
                    T* plane = to;
                    for (int channel = 0; channel < channels; channel++, plane += PlaneSize)
                        *plane = from[channel];
                }
            }
        }

        // What a panel has too many holds anything, as what comes of it is dropped; but nothing is read past the end.
        private void FillPanels(T* gradient, nint positions, T* panels)
        {
            T* end = gradient + (positions * shape.OutputChannels);
            for (nint channel = 0; channel < shape.OutputChannels; channel += TKernel.Columns)
            {
                nint count = Math.Min(TKernel.Columns, shape.OutputChannels - channel);
                T* from = gradient + channel;
                T* to = panels + (channel * positions);
                for (nint position = 0; position < positions; position++, from += shape.OutputChannels, to += TKernel.Columns)
                {
                    if (from + TKernel.Columns > end)
                    {
                        new ReadOnlySpan<T>(from, (int)count).CopyTo(new Span<T>(to, (int)count));
                        continue;
                    }

                    for (nint i = 0; i < count; i += Vector<T>.Count)
                        Vector.Load(from + i).Store(to + i);
                }
            }
        }
    }
}
