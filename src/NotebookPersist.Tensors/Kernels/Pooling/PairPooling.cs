using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>Pooling of two by two elements, no element in two windows: what most networks have.</summary>
/// <remarks>Of equal elements the first counts, in row-major order. Aliasing: results must not overlap what they come from.</remarks>
internal static unsafe class PairPooling
{
    // Less than this is not worth another thread.
    private const int GrainElements = 1 << 15;

    /// <summary>Whether the windows are of the kind, and cover the input.</summary>
    public static bool Suits<T>(WindowShape shape)
        where T : unmanaged => Vector<T>.IsSupported && shape.Depth == WindowAxis.Single && IsPair(shape.Height) && IsPair(shape.Width);

    /// <summary>The largest element of each window; NaN where one is.</summary>
    public static void Max<T>(ReadOnlySpan<T> input, Span<T> output, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        fixed (T* px = input, py = output)
        {
            T* x = px, y = py;
            nint channels = shape.InputChannels;
            nint line = shape.Width.Input * channels;
            nint pooled = shape.Width.Output * channels;
            workers.For(shape.Batch * shape.Height.Output, Grain(line), (start, end) =>
            {
                for (nint row = start; row < end; row++)
                    MaxRow(x + (row * 2 * line), line, y + (row * pooled), pooled, channels);
            });
        }
    }

    /// <summary>Gives each window's gradient to its largest element, and the others nothing.</summary>
    public static void MaxBackprop<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, Span<T> result, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        fixed (T* px = input, pg = gradient, pr = result)
        {
            T* x = px, dy = pg, dx = pr;
            nint channels = shape.InputChannels;
            nint line = shape.Width.Input * channels;
            nint pooled = shape.Width.Output * channels;
            workers.For(shape.Batch * shape.Height.Output, Grain(line), (start, end) =>
            {
                for (nint row = start; row < end; row++)
                    BackpropRow(x + (row * 2 * line), dx + (row * 2 * line), line, dy + (row * pooled), pooled, channels);
            });
        }
    }

    private static bool IsPair(WindowAxis axis) => axis is { Window: 2, Stride: 2, Dilation: 1, Before: 0 } && axis.Input == 2 * axis.Output;

    private static int Grain(nint line) => (int)Math.Max(1, GrainElements / Math.Max(1, 2 * line));

    private static void MaxRow<T>(T* x, nint line, T* y, nint pooled, nint channels)
        where T : unmanaged, INumber<T>
    {
        for (nint at = 0; at < pooled; at += channels, x += 2 * channels, y += channels)
        {
            if (!FillsVectors<T>(at, pooled, channels))
            {
                for (nint c = 0; c < channels; c++)
                    y[c] = T.Max(T.Max(x[c], x[channels + c]), T.Max(x[line + c], x[line + channels + c]));
                continue;
            }

            for (nint first = 0; first < channels; first += Vector<T>.Count)
            {
                nint c = Place<T>(first, channels);
                Vector<T> upper = Vector.Max(Vector.Load(x + c), Vector.Load(x + channels + c));
                Vector<T> lower = Vector.Max(Vector.Load(x + line + c), Vector.Load(x + line + channels + c));
                Vector.Max(upper, lower).Store(y + c);
            }
        }
    }

    private static void BackpropRow<T>(T* x, T* dx, nint line, T* dy, nint pooled, nint channels)
        where T : unmanaged, INumber<T>
    {
        for (nint at = 0; at < pooled; at += channels, x += 2 * channels, dx += 2 * channels, dy += channels)
        {
            if (!FillsVectors<T>(at, pooled, channels))
            {
                BackpropElements(x, dx, line, dy, channels);
                continue;
            }

            for (nint first = 0; first < channels; first += Vector<T>.Count)
            {
                nint c = Place<T>(first, channels);
                Vector<T> largest = Vector.Load(x + c);
                Vector<T> next = Vector.Load(x + channels + c);
                Vector<T> isSecond = Vector.GreaterThan(next, largest);
                largest = Vector.ConditionalSelect(isSecond, next, largest);
                next = Vector.Load(x + line + c);
                Vector<T> isThird = Vector.GreaterThan(next, largest);
                largest = Vector.ConditionalSelect(isThird, next, largest);
                Vector<T> isFourth = Vector.GreaterThan(Vector.Load(x + line + channels + c), largest);
                Vector<T> fourth = Vector.Load(dy + c);
                Vector<T> third = Vector.AndNot(fourth, isFourth);
                Vector<T> second = Vector.AndNot(third, isThird);

                // In this order: where a vector is longer than the channels, what it holds of the next element comes after it.
                Vector.AndNot(second, isSecond).Store(dx + c);
                Vector.BitwiseAnd(second, isSecond).Store(dx + channels + c);
                Vector.BitwiseAnd(third, isThird).Store(dx + line + c);
                Vector.BitwiseAnd(fourth, isFourth).Store(dx + line + channels + c);
            }
        }
    }

    private static void BackpropElements<T>(T* x, T* dx, nint line, T* dy, nint channels)
        where T : unmanaged, INumber<T>
    {
        for (nint c = 0; c < channels; c++)
        {
            nint largest = c;
            largest = x[channels + c] > x[largest] ? channels + c : largest;
            largest = x[line + c] > x[largest] ? line + c : largest;
            largest = x[line + channels + c] > x[largest] ? line + channels + c : largest;
            dx[c] = T.Zero;
            dx[channels + c] = T.Zero;
            dx[line + c] = T.Zero;
            dx[line + channels + c] = T.Zero;
            dx[largest] = dy[c];
        }
    }

    // Fewer channels than a vector has elements are computed together with elements of the next windows, which are stored again later; not at the end of a line.
    private static bool FillsVectors<T>(nint at, nint pooled, nint channels)
        where T : unmanaged => channels >= Vector<T>.Count || at + Vector<T>.Count <= pooled;

    // The last channels are computed twice where they do not fill a vector.
    private static nint Place<T>(nint first, nint channels)
        where T : unmanaged => first + Vector<T>.Count <= channels || channels < Vector<T>.Count ? first : channels - Vector<T>.Count;
}
