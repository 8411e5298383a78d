using System.Numerics;
using System.Numerics.Tensors;

namespace NotebookPersist.Kernels;

/// <summary>Largest elements and means of windows over up to three spatial axes.</summary>
/// <remarks>
/// Images are <c>[batch, depth, height, width, channels]</c>; an image with channels first is one of a single channel and a larger batch.
/// Padding takes no part: it is never the largest, and no mean counts it. Of equal elements the first counts, in row-major order.
/// Aliasing: results must not overlap what they come from.
/// </remarks>
public static class Pooling
{
    /// <summary>The largest element of each window.</summary>
    public static void Max<T>(ReadOnlySpan<T> input, Span<T> output, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        if (PairPooling.Suits<T>(shape))
            PairPooling.Max(input, output, shape, workers);
        else
            Run<T, Largest<T>>(input, output, shape, workers);
    }

    /// <summary>Gives each window's gradient to its largest element.</summary>
    /// <param name="input">What was pooled.</param>
    /// <param name="gradient">Shape: that of the output.</param>
    /// <param name="result">Shape: that of the input.</param>
    /// <param name="shape">The windows.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static void MaxBackprop<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, Span<T> result, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        if (PairPooling.Suits<T>(shape))
        {
            PairPooling.MaxBackprop(input, gradient, result, shape, workers);
            return;
        }

        using var scratch = new AlignedScratch<int>(gradient.Length);
        Span<int> positions = scratch.Span[..gradient.Length];
        ArgMax(input, positions, shape, workers);
        Scatter(gradient, positions, result);
    }

    /// <summary>The mean of each window.</summary>
    public static void Average<T>(ReadOnlySpan<T> input, Span<T> output, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T> => Run<T, Mean<T>>(input, output, shape, workers);

    /// <summary>Position of the largest element of each window.</summary>
    /// <param name="input">The input.</param>
    /// <param name="positions">Shape: that of the output. Indices into the whole input, -1 for a window without elements.</param>
    /// <param name="shape">The windows.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static unsafe void ArgMax<T>(ReadOnlySpan<T> input, Span<int> positions, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        int channels = shape.InputChannels;
        fixed (T* px = input)
        fixed (int* pp = positions)
        {
            T* x = px;
            int* to = pp;
            workers.For((int)shape.OutputPositions, Grain(shape), (start, end) =>
            {
                for (int at = start; at < end; at++)
                {
                    int* best = to + ((nint)at * channels);
                    new Span<int>(best, channels).Fill(-1);
                    foreach (int from in new Window(shape, at))
                    {
                        for (int c = 0; c < channels; c++)
                        {
                            if (best[c] < 0 || x[from + c] > x[best[c]])
                                best[c] = from + c;
                        }
                    }
                }
            });
        }
    }

    /// <summary>Adds each window's gradient to the element at its position.</summary>
    public static void Scatter<T>(ReadOnlySpan<T> gradient, ReadOnlySpan<int> positions, Span<T> result)
        where T : unmanaged, INumber<T>
    {
        result.Clear();
        for (int i = 0; i < gradient.Length; i++)
        {
            if (positions[i] >= 0)
                result[positions[i]] += gradient[i];
        }
    }

    /// <summary>Spreads each window's gradient evenly over its elements.</summary>
    public static unsafe void AverageBackprop<T>(ReadOnlySpan<T> gradient, Span<T> result, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        int channels = shape.InputChannels;
        result.Clear();
        fixed (T* pg = gradient, pr = result)
        {
            T* dy = pg, dx = pr;
            int windows = shape.Batch == 0 ? 0 : (int)(shape.OutputPositions / shape.Batch);
            workers.For(shape.Batch, Math.Max(1, (1 << 14) / Math.Max(1, windows * channels)), (start, end) =>
            {
                T[] share = new T[channels];
                for (int at = start * windows; at < end * windows; at++)
                {
                    var window = new Window(shape, at);
                    if (window.Count == 0)
                        continue;
                    TensorPrimitives.Divide(new ReadOnlySpan<T>(dy + ((nint)at * channels), channels), T.CreateChecked(window.Count), share);
                    foreach (int to in window)
                    {
                        var sum = new Span<T>(dx + to, channels);
                        TensorPrimitives.Add(sum, share, sum);
                    }
                }
            });
        }
    }

    private static unsafe void Run<T, TReduction>(ReadOnlySpan<T> input, Span<T> output, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
        where TReduction : struct, IReduction<T>
    {
        int channels = shape.InputChannels;
        fixed (T* px = input, py = output)
        {
            T* x = px, y = py;
            workers.For((int)shape.OutputPositions, Grain(shape), (start, end) =>
            {
                for (int at = start; at < end; at++)
                {
                    var to = new Span<T>(y + ((nint)at * channels), channels);
                    var window = new Window(shape, at);
                    if (channels == 1)
                    {
                        T value = TReduction.Empty;
                        bool first = true;
                        foreach (int from in window)
                        {
                            value = first ? x[from] : TReduction.Combine(value, x[from]);
                            first = false;
                        }

                        to[0] = TReduction.Finish(value, window.Count);
                        continue;
                    }

                    if (window.Count == 0)
                        to.Fill(TReduction.Empty);
                    bool filled = false;
                    foreach (int from in window)
                    {
                        var values = new ReadOnlySpan<T>(x + from, channels);
                        if (filled)
                            TReduction.Combine(to, values);
                        else
                            values.CopyTo(to);
                        filled = true;
                    }

                    TReduction.Finish(to, window.Count);
                }
            });
        }
    }

    private static int Grain(WindowShape shape) => Math.Max(1, (1 << 15) / Math.Max(1, shape.InputChannels * shape.Taps));

    private interface IReduction<T>
        where T : unmanaged
    {
        static abstract T Empty { get; }

        static abstract T Combine(T left, T right);

        static abstract void Combine(Span<T> sum, ReadOnlySpan<T> values);

        static abstract T Finish(T value, int count);

        static abstract void Finish(Span<T> values, int count);
    }

    private readonly struct Largest<T> : IReduction<T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        public static T Empty => T.MinValue;

        public static T Combine(T left, T right) => T.Max(left, right);

        public static void Combine(Span<T> sum, ReadOnlySpan<T> values) => TensorPrimitives.Max(sum, values, sum);

        public static T Finish(T value, int count) => value;

        public static void Finish(Span<T> values, int count)
        {
            // The largest is what it is.
        }
    }

    private readonly struct Mean<T> : IReduction<T>
        where T : unmanaged, INumber<T>
    {
        public static T Empty => T.Zero;

        public static T Combine(T left, T right) => left + right;

        public static void Combine(Span<T> sum, ReadOnlySpan<T> values) => TensorPrimitives.Add(sum, values, sum);

        public static T Finish(T value, int count) => count == 0 ? value : value / T.CreateChecked(count);

        public static void Finish(Span<T> values, int count)
        {
            if (count > 1)
                TensorPrimitives.Divide(values, T.CreateChecked(count), values);
        }
    }

    /// <summary>Offsets of the first channel of a window's elements that lie inside the input, in row-major order.</summary>
    private ref struct Window
    {
        private readonly int _firstX;
        private readonly int _endX;
        private readonly int _firstY;
        private readonly int _endY;
        private readonly int _endZ;
        private readonly int _stepX;
        private readonly int _stepY;
        private readonly int _stepZ;
        private readonly int _origin;
        private int _x;
        private int _y;
        private int _z;

        public Window(WindowShape shape, int at)
        {
            int column = at % shape.Width.Output;
            at /= shape.Width.Output;
            int row = at % shape.Height.Output;
            at /= shape.Height.Output;
            int slice = at % shape.Depth.Output;
            int image = at / shape.Depth.Output;
            (_firstX, _endX) = shape.Width.Inside(column);
            (_firstY, _endY) = shape.Height.Inside(row);
            (_z, _endZ) = shape.Depth.Inside(slice);
            Count = (_endX - _firstX) * (_endY - _firstY) * (_endZ - _z);
            int lineSize = shape.Width.Input * shape.InputChannels;
            int sliceSize = lineSize * shape.Height.Input;
            (_stepX, _stepY, _stepZ) = (shape.Width.Dilation * shape.InputChannels, shape.Height.Dilation * lineSize, shape.Depth.Dilation * sliceSize);
            _origin = (((image * shape.Depth.Input) + shape.Depth.Start(slice)) * sliceSize)
                + (shape.Height.Start(row) * lineSize)
                + (shape.Width.Start(column) * shape.InputChannels);
            (_x, _y) = (_firstX - 1, _firstY);
            if (Count == 0)
                _z = _endZ;
        }

        public int Count { get; }

        public readonly int Current => _origin + (_z * _stepZ) + (_y * _stepY) + (_x * _stepX);

        public readonly Window GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_z >= _endZ)
                return false;
            if (++_x < _endX)
                return true;
            _x = _firstX;
            if (++_y < _endY)
                return true;
            _y = _firstY;
            return ++_z < _endZ;
        }
    }
}
