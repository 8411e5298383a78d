using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>Greyscale dilation: the largest sum of an input element and a filter element under each window.</summary>
/// <remarks>Images are <c>[batch, height, width, channels]</c>, filters <c>[height, width, channels]</c>. Padding never wins.</remarks>
public static class Dilation
{
    /// <summary>Slides the filter over the input.</summary>
    public static void Forward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> filter, Span<T> output, WindowShape shape)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        for (int at = 0; at < output.Length; at++)
        {
            Interruption.Check(at);
            (int x, int w) = Largest(input, filter, shape, at);
            output[at] = x < 0 ? T.MinValue : input[x] + filter[w];
        }
    }

    /// <summary>Sends each gradient to the input element, or to the filter element, that was the largest.</summary>
    public static void Backprop<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> filter, ReadOnlySpan<T> gradient, Span<T> result, bool towardsFilter, WindowShape shape)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        result.Clear();
        for (int at = 0; at < gradient.Length; at++)
        {
            Interruption.Check(at);
            (int x, int w) = Largest(input, filter, shape, at);
            if (x >= 0)
                result[towardsFilter ? w : x] += gradient[at];
        }
    }

    private static (int Input, int Filter) Largest<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> filter, WindowShape shape, int at)
        where T : unmanaged, INumber<T>
    {
        int channels = shape.InputChannels;
        int channel = at % channels;
        at /= channels;
        int column = at % shape.Width.Output;
        at /= shape.Width.Output;
        int row = at % shape.Height.Output;
        int image = at / shape.Height.Output;
        (int firstY, int endY) = shape.Height.Inside(row);
        (int firstX, int endX) = shape.Width.Inside(column);
        (int Input, int Filter) largest = (-1, -1);
        T best = T.Zero;
        for (int ty = firstY; ty < endY; ty++)
        {
            for (int tx = firstX; tx < endX; tx++)
            {
                int y = shape.Height.Start(row) + (ty * shape.Height.Dilation);
                int x = shape.Width.Start(column) + (tx * shape.Width.Dilation);
                int from = ((((((image * shape.Height.Input) + y) * shape.Width.Input) + x) * channels)) + channel;
                int tap = (((ty * shape.Width.Window) + tx) * channels) + channel;
                T value = input[from] + filter[tap];
                if (largest.Input >= 0 && !(value > best))
                    continue;
                best = value;
                largest = (from, tap);
            }
        }

        return largest;
    }
}
