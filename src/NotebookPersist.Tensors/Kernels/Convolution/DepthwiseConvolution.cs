using System.Numerics;
using System.Numerics.Tensors;

namespace NotebookPersist.Kernels;

/// <summary>Convolution of each channel by itself with its own filters.</summary>
/// <remarks>
/// Images are <c>[batch, height, width, channels]</c>, filters <c>[height, width, channels, multiplier]</c>; output channel
/// <c>c * multiplier + q</c> comes of input channel <c>c</c>. Aliasing: results must not overlap what they come from.
/// </remarks>
public static class DepthwiseConvolution
{
    /// <summary>Slides the filters over the input.</summary>
    public static unsafe void Forward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> filter, Span<T> output, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        int channels = shape.InputChannels;
        int outputs = shape.OutputChannels;
        fixed (T* px = input, pw = filter, py = output)
        {
            T* x = px, w = pw, y = py;
            if (DepthwiseLines.Suits<T>(shape))
            {
                DepthwiseLines.Forward(x, w, y, shape, workers);
                return;
            }

            ForLines<T>(shape, shape.Height.Output, workers, (image, row, expanded) =>
            {
                (int firstY, int endY) = shape.Height.Inside(row);
                for (int column = 0; column < shape.Width.Output; column++)
                {
                    var sum = new Span<T>(y + (((((nint)image * shape.Height.Output) + row) * shape.Width.Output) + column) * outputs, outputs);
                    sum.Clear();
                    (int firstX, int endX) = shape.Width.Inside(column);
                    for (int ty = firstY; ty < endY; ty++)
                    {
                        for (int tx = firstX; tx < endX; tx++)
                        {
                            T* from = Input(x, shape, image, row, column, ty, tx);
                            var taps = new ReadOnlySpan<T>(w + ((((nint)ty * shape.Width.Window) + tx) * outputs), outputs);
                            TensorPrimitives.MultiplyAdd(taps, Expand(from, channels, outputs, expanded), sum, sum);
                        }
                    }
                }
            });
        }
    }

    /// <summary>The gradient towards the input.</summary>
    public static unsafe void BackpropInput<T>(ReadOnlySpan<T> filter, ReadOnlySpan<T> gradient, Span<T> result, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        int channels = shape.InputChannels;
        int outputs = shape.OutputChannels;
        int multiplier = channels == 0 ? 0 : outputs / channels;
        result.Clear();
        fixed (T* pw = filter, pdy = gradient, pdx = result)
        {
            T* w = pw, dy = pdy, dx = pdx;
            // Windows of one image share input elements; images do not.
            workers.For(shape.Batch, 1, (start, end) =>
            {
                for (int image = start; image < end; image++)
                {
                    for (int row = 0; row < shape.Height.Output; row++)
                    {
                        (int firstY, int endY) = shape.Height.Inside(row);
                        for (int column = 0; column < shape.Width.Output; column++)
                        {
                            var from = new ReadOnlySpan<T>(dy + (((((nint)image * shape.Height.Output) + row) * shape.Width.Output) + column) * outputs, outputs);
                            (int firstX, int endX) = shape.Width.Inside(column);
                            for (int ty = firstY; ty < endY; ty++)
                            {
                                for (int tx = firstX; tx < endX; tx++)
                                {
                                    var to = new Span<T>(Input(dx, shape, image, row, column, ty, tx), channels);
                                    var taps = new ReadOnlySpan<T>(w + ((((nint)ty * shape.Width.Window) + tx) * outputs), outputs);
                                    AddProducts(taps, from, to, multiplier);
                                }
                            }
                        }
                    }
                }
            });
        }
    }

    /// <summary>The gradient towards the filter.</summary>
    public static unsafe void BackpropFilter<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, Span<T> result, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        int channels = shape.InputChannels;
        int outputs = shape.OutputChannels;
        result.Clear();
        fixed (T* px = input, pdy = gradient, pdw = result)
        {
            T* x = px, dy = pdy, dw = pdw;
            // Each tap has sums of its own.
            workers.For(shape.Taps, 1, (start, end) =>
            {
                T[] expanded = outputs == channels ? [] : new T[outputs];
                for (int tap = start; tap < end; tap++)
                {
                    int ty = tap / shape.Width.Window;
                    int tx = tap % shape.Width.Window;
                    var to = new Span<T>(dw + ((nint)tap * outputs), outputs);
                    for (int line = 0; line < shape.Batch * shape.Height.Output; line++)
                    {
                        int image = line / shape.Height.Output;
                        int row = line % shape.Height.Output;
                        if ((uint)(shape.Height.Start(row) + (ty * shape.Height.Dilation)) >= (uint)shape.Height.Input)
                            continue;
                        for (int column = 0; column < shape.Width.Output; column++)
                        {
                            if ((uint)(shape.Width.Start(column) + (tx * shape.Width.Dilation)) >= (uint)shape.Width.Input)
                                continue;
                            var from = new ReadOnlySpan<T>(dy + ((((nint)line * shape.Width.Output) + column) * outputs), outputs);
                            ReadOnlySpan<T> values = Expand(Input(x, shape, image, row, column, ty, tx), channels, outputs, expanded);
                            TensorPrimitives.MultiplyAdd(values, from, to, to);
                        }
                    }
                }
            });
        }
    }

    private static void ForLines<T>(WindowShape shape, int rows, Workers workers, Action<int, int, T[]> body)
        where T : unmanaged
    {
        int grain = Math.Max(1, (1 << 14) / Math.Max(1, shape.Width.Output * shape.OutputChannels));
        workers.For(shape.Batch * rows, grain, (start, end) =>
        {
            T[] expanded = shape.OutputChannels == shape.InputChannels ? [] : new T[shape.OutputChannels];
            for (int line = start; line < end; line++)
                body(line / rows, line % rows, expanded);
        });
    }

    private static unsafe T* Input<T>(T* images, WindowShape shape, int image, int row, int column, int ty, int tx)
        where T : unmanaged
    {
        int y = shape.Height.Start(row) + (ty * shape.Height.Dilation);
        int x = shape.Width.Start(column) + (tx * shape.Width.Dilation);
        return images + (((((nint)image * shape.Height.Input) + y) * shape.Width.Input) + x) * shape.InputChannels;
    }

    // One input value for each of the channel's filters.
    private static unsafe ReadOnlySpan<T> Expand<T>(T* from, int channels, int outputs, T[] expanded)
        where T : unmanaged
    {
        if (channels == outputs)
            return new ReadOnlySpan<T>(from, channels);
        int multiplier = outputs / channels;
        for (int c = 0; c < channels; c++)
            expanded.AsSpan(c * multiplier, multiplier).Fill(from[c]);
        return expanded;
    }

    private static void AddProducts<T>(ReadOnlySpan<T> taps, ReadOnlySpan<T> from, Span<T> to, int multiplier)
        where T : unmanaged, INumber<T>
    {
        if (multiplier == 1)
        {
            TensorPrimitives.MultiplyAdd(taps, from, to, to);
            return;
        }

        for (int c = 0; c < to.Length; c++)
            to[c] += TensorPrimitives.Dot(taps.Slice(c * multiplier, multiplier), from.Slice(c * multiplier, multiplier));
    }
}
