using System.Numerics;
using System.Runtime.Intrinsics;

namespace NotebookPersist.Kernels;

/// <summary>The gradient of a convolution towards its filter by the transpose of Winograd's F(4x4, 3x3).</summary>
/// <remarks>
/// Inputs are transformed as for the forward pass, gradients by the transposed output transform; the 36 products sum over tiles instead of
/// channels, and the sums are transformed back to nine taps. The gradient is that of the Winograd convolution itself, and as exact.
/// </remarks>
internal static unsafe class WinogradFilterGradient
{
    private const int Products = 36;

    // All sums are read and written for each block of tiles, and are the fewer the fewer channels there are.
    private const int FewChannels = 128;
    private const int TilesOfFew = 96;
    private const int TilesOfMany = 144;
    private const int Skew = 16;

    /// <summary>Whether a convolution is of the kind that this is for and is faster by it.</summary>
    public static bool Suits(WindowShape shape) => WinogradFilter.Suits(shape)
        // The 36 sums of every pair of channels are read and written for each block of tiles.
        && (long)shape.Batch * WinogradFilter.Tiles(shape.Height.Output) * WinogradFilter.Tiles(shape.Width.Output) >= 16;

    /// <summary>Computes it.</summary>
    public static void Run(ReadOnlySpan<float> input, ReadOnlySpan<float> gradient, Span<float> result, WindowShape shape, Workers workers)
    {
        if (Vector512.IsHardwareAccelerated)
            Run<WideLanes<float>, Vector512<float>>(input, gradient, result, shape, workers);
        else
            Run<GeneralLanes<float>, Vector<float>>(input, gradient, result, shape, workers);
    }

    /// <summary>The same with vectors of a given width.</summary>
    public static void Run<TLanes, TVector>(ReadOnlySpan<float> input, ReadOnlySpan<float> gradient, Span<float> result, WindowShape shape, Workers workers)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        int inputs = shape.InputChannels;
        int panels = (shape.OutputChannels + (2 * TLanes.Count) - 1) / (2 * TLanes.Count);
        nint padded = (nint)panels * 2 * TLanes.Count;
        int tiles = shape.Batch * WinogradFilter.Tiles(shape.Height.Output) * WinogradFilter.Tiles(shape.Width.Output);
        int most = inputs <= FewChannels ? TilesOfFew : TilesOfMany;
        int blocks = (tiles + most - 1) / most;
        int inBlock = (tiles + blocks - 1) / blocks;
        fixed (float* px = input, pdy = gradient, pdw = result)
        {
            float* dy = pdy, dw = pdw;
            var forward = new WinogradConvolution.Pass<TLanes, TVector>(px, null, null, shape, FusedActivation.None, pool: false);
            using var sums = new AlignedScratch<float>(Products * inputs * padded);
            using var left = new AlignedScratch<float>(forward.InputSize(inBlock));
            using var right = new AlignedScratch<float>(Products * ((inBlock * padded) + Skew));
            float* s = sums.Pointer, v = left.Pointer, d = right.Pointer;
            for (int first = 0; first < tiles; first += inBlock)
            {
                int from = first;
                int count = Math.Min(inBlock, tiles - first);
                nint plane = (count * padded) + Skew;
                workers.For(count, 4, (start, end) =>
                {
                    using var edge = new AlignedScratch<float>(Math.Max(forward.EdgeSize, 16 * padded));
                    forward.TransformInput(from, count, start, end, strips: 1, v, edge.Pointer);
                    for (int i = start; i < end; i++)
                        TransformGradient<TLanes, TVector>(forward.Place(from + i), dy, d + (i * 2 * TLanes.Count), plane, count, edge.Pointer, padded, shape);
                });
                workers.For(Products * panels, 1, (start, end) =>
                {
                    for (int item = start; item < end; item++)
                    {
                        workers.Cancellation.ThrowIfCancellationRequested();
                        nint product = item / panels;
                        nint panel = item % panels;
                        float* b = d + (product * plane) + (panel * count * 2 * TLanes.Count);
                        float* c = s + (product * inputs * padded) + (panel * inputs * 2 * TLanes.Count);
                        for (int channel = 0; channel < inputs;)
                        {
                            // Rows of a tile must lie within one block of 16 channels, which is split evenly.
                            int rest = Math.Min(inputs - channel, Gemm.Depth - (channel % Gemm.Depth));
                            int strips = (rest + TLanes.TileRows - 1) / TLanes.TileRows;
                            int height = (rest + strips - 1) / strips;
                            float* a = v + (product * forward.InputPlane(count)) + (channel / Gemm.Depth * count * Gemm.Depth) + (channel % Gemm.Depth);
                            var rows = new RowPanel<float>(a, step: 1, run: 1, blockStep: Gemm.Depth);
                            TileKernel<TLanes, TVector, float>.Run(1, 0, height, 2 * TLanes.Count, count, rows, b, Gemm.AheadByteCount, c, 2 * TLanes.Count, accumulate: from > 0);
                            channel += height;
                            c += height * 2 * TLanes.Count;
                        }
                    }
                });
            }

            workers.For(panels, Math.Max(1, 4096 / inputs), (start, end) =>
            {
                using var edge = new AlignedScratch<float>(9 * TLanes.Count);
                for (int panel = start; panel < end; panel++)
                    TransformSums<TLanes, TVector>(s + ((nint)panel * inputs * 2 * TLanes.Count), inputs * padded, dw, panel * 2 * TLanes.Count, edge.Pointer, shape);
            });
        }
    }

    private static void TransformGradient<TLanes, TVector>(
        (nint Image, int Row, int Column) place, float* dy, float* d, nint plane, int count, float* edge, nint padded, WindowShape shape)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        (nint image, int row, int column) = place;
        int outputs = shape.OutputChannels;
        nint rowStep = (nint)shape.Width.Output * outputs;
        nint columnStep = outputs;
        float* from = dy + (((image * shape.Height.Output) + row) * rowStep) + (column * columnStep);
        if (row + 4 > shape.Height.Output || column + 4 > shape.Width.Output || padded != outputs)
        {
            new Span<float>(edge, 16 * (int)padded).Clear();
            for (int y = 0; y < Math.Min(4, shape.Height.Output - row); y++)
            {
                for (int x = 0; x < Math.Min(4, shape.Width.Output - column); x++)
                    new ReadOnlySpan<float>(from + (y * rowStep) + (x * columnStep), outputs).CopyTo(new Span<float>(edge + (((y * 4) + x) * padded), outputs));
            }

            from = edge;
            rowStep = 4 * padded;
            columnStep = padded;
        }

        int width = 2 * TLanes.Count;
        nint panelStep = (nint)count * width;
        float* to = d;
        for (nint channel = 0; channel < padded; channel += width, to += panelStep)
        {
            WinogradTransforms<TLanes, TVector>.OutputGradient(from + channel, rowStep, columnStep, to, plane);
            WinogradTransforms<TLanes, TVector>.OutputGradient(from + channel + TLanes.Count, rowStep, columnStep, to + TLanes.Count, plane);
        }
    }

    // The sums of one panel of output channels, which lie together.
    private static void TransformSums<TLanes, TVector>(float* s, nint plane, float* dw, int first, float* edge, WindowShape shape)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        int outputs = shape.OutputChannels;
        nint tapStep = (nint)shape.InputChannels * outputs;
        dw += first;
        for (int input = 0; input < shape.InputChannels; input++, s += 2 * TLanes.Count, dw += outputs)
        {
            for (int half = 0; half < Math.Min(2 * TLanes.Count, outputs - first); half += TLanes.Count)
            {
                int channels = Math.Min(TLanes.Count, outputs - first - half);
                if (channels == TLanes.Count)
                {
                    WinogradTransforms<TLanes, TVector>.FilterGradient(s + half, plane, dw + half, tapStep);
                    continue;
                }

                WinogradTransforms<TLanes, TVector>.FilterGradient(s + half, plane, edge, TLanes.Count);
                for (int tap = 0; tap < 9; tap++)
                    new ReadOnlySpan<float>(edge + (tap * TLanes.Count), channels).CopyTo(new Span<float>(dw + half + (tap * tapStep), channels));
            }
        }
    }
}
