using System.Numerics;
using System.Numerics.Tensors;

namespace NotebookPersist.Kernels;

/// <summary>Convolution over up to three spatial axes as a matrix product whose left side is made on the fly.</summary>
/// <remarks>
/// Images are <c>[batch, depth, height, width, channels]</c>, filters <c>[depth, height, width, in, out]</c>.
/// Aliasing: results must not overlap what they come from. Thread safety: pure functions.
/// </remarks>
public static class Convolution
{
    // Pooled elements that are worth another thread.
    private const int PoolGrain = 1 << 13;

    /// <summary>Slides the filter over the input, then does what follows.</summary>
    /// <param name="input">The images.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="output">The result; smaller than the windows are many where it is pooled.</param>
    /// <param name="shape">The windows.</param>
    /// <param name="epilogue">What is done to the sums.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static unsafe void Forward<T>(
        ReadOnlySpan<T> input, ReadOnlySpan<T> filter, Span<T> output, WindowShape shape, Epilogue<T> epilogue, Workers workers)
        where T : unmanaged, INumber<T>
    {
        if (!epilogue.MaxPool)
        {
            fixed (T* x = input, w = filter, y = output, bias = epilogue.Bias)
                Forward(x, w, y, shape, new RowFinish<T>(bias, epilogue.Activation), workers);
            return;
        }

        int count = checked((int)shape.OutputPositions * shape.OutputChannels);
        using var whole = new AlignedScratch<T>(count);
        var sums = new Span<T>(whole.Pointer, count);
        Forward(input, filter, sums, shape, workers);
        epilogue.Apply(sums, shape.OutputChannels);
        fixed (T* y = output)
            MaxPoolPairs(whole.Pointer, y, shape, workers);
    }

    /// <summary>Slides a transformed filter over the input, then does what follows.</summary>
    /// <param name="input">The images.</param>
    /// <param name="filter">The filter; its remarks tell the error.</param>
    /// <param name="output">The result; smaller than the windows are many where it is pooled.</param>
    /// <param name="shape">The windows, such as <see cref="WinogradFilter.Suits"/> allows.</param>
    /// <param name="epilogue">What is done to the sums.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static void Forward(
        ReadOnlySpan<float> input, WinogradFilter filter, Span<float> output, WindowShape shape, Epilogue<float> epilogue, Workers workers) =>
        WinogradConvolution.Forward(input, filter, output, shape, epilogue, workers);

    /// <summary>The gradient towards the input by a filter that was transformed for it.</summary>
    /// <param name="reversed">The filter as <see cref="WinogradFilter.SetReversed"/> transforms it.</param>
    /// <param name="gradient">Shape: that of the output.</param>
    /// <param name="result">Shape: that of the input.</param>
    /// <param name="shape">The forward convolution.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static void BackpropInput(WinogradFilter reversed, ReadOnlySpan<float> gradient, Span<float> result, WindowShape shape, Workers workers) =>
        WinogradConvolution.Forward(gradient, reversed, result, shape.Reversed, default, workers);

    /// <summary>Slides the filter over the input.</summary>
    public static unsafe void Forward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> filter, Span<T> output, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        fixed (T* x = input, w = filter, y = output)
            Forward(x, w, y, shape, default, workers);
    }

    /// <summary>The gradient towards the input.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="gradient">Shape: that of the output.</param>
    /// <param name="result">Shape: that of the input.</param>
    /// <param name="shape">The forward convolution.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static unsafe void BackpropInput<T>(ReadOnlySpan<T> filter, ReadOnlySpan<T> gradient, Span<T> result, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        fixed (T* w = filter, dy = gradient, dx = result)
        {
            if (WindowScatter.Suits<T>(shape))
            {
                WindowScatter.Run(w, dy, dx, shape, workers);
                return;
            }

            nint depth = (nint)shape.Taps * shape.OutputChannels;
            using var reversed = new AlignedScratch<T>(depth * shape.InputChannels);
            Reverse(w, reversed.Pointer, shape);
            if (shape is { Height.Stride: 1, Width.Stride: 1 } && LineConvolution.Suits<T>(shape.Reversed))
            {
                LineConvolution.Forward(dy, reversed.Pointer, dx, shape.Reversed, default, workers);
                return;
            }

            Gemm.Multiply(
                (nint)shape.InputPositions,
                shape.InputChannels,
                depth,
                new PatchRows<T>(dy, shape.Reversed, (shape.Depth.Stride, shape.Height.Stride, shape.Width.Stride)),
                transposeA: false,
                new DenseRows<T>(reversed.Pointer, shape.InputChannels),
                transposeB: false,
                dx,
                shape.InputChannels,
                default,
                workers);
        }
    }

    /// <summary>The gradient towards a filter of three by three, by Winograd where that is faster.</summary>
    /// <inheritdoc cref="BackpropFilter{T}"/>
    /// <returns>False, and nothing is done, where it is not.</returns>
    public static bool TryBackpropFilter(ReadOnlySpan<float> input, ReadOnlySpan<float> gradient, Span<float> result, WindowShape shape, Workers workers)
    {
        if (!WinogradFilterGradient.Suits(shape))
            return false;
        WinogradFilterGradient.Run(input, gradient, result, shape, workers);
        return true;
    }

    /// <summary>The gradient towards the filter.</summary>
    /// <param name="input">The input.</param>
    /// <param name="gradient">Shape: that of the output.</param>
    /// <param name="result">Shape: that of the filter.</param>
    /// <param name="shape">The forward convolution.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static unsafe void BackpropFilter<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, Span<T> result, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        if (LineFilterGradient.Suits<T>(shape))
        {
            fixed (T* x = input, dy = gradient, dw = result)
                LineFilterGradient.Run(x, dy, dw, shape, workers);
            return;
        }

        nint depth = (nint)shape.Taps * shape.InputChannels;
        using var transposed = new AlignedScratch<T>(depth * shape.OutputChannels);
        fixed (T* x = input, dy = gradient, dw = result)
        {
            // Windows are cheap to pack as rows of the sum; hence the transposed product, whose result is small enough to turn.
            Gemm.Multiply(
                shape.OutputChannels,
                depth,
                (nint)shape.OutputPositions,
                new DenseRows<T>(dy, shape.OutputChannels),
                transposeA: true,
                new PatchRows<T>(x, shape),
                transposeB: false,
                transposed.Pointer,
                depth,
                default,
                workers);
            ChannelLayout.Transpose(new ReadOnlySpan<T>(transposed.Pointer, result.Length), new Span<T>(dw, result.Length), 1, shape.OutputChannels, (int)depth);
        }
    }

    /// <summary>Writes every window of the input as one row.</summary>
    /// <param name="input">Shape: [batch, depth, height, width, channels].</param>
    /// <param name="patches">Shape: [windows, taps * channels].</param>
    /// <param name="shape">The windows.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static unsafe void ExtractPatches<T>(ReadOnlySpan<T> input, Span<T> patches, WindowShape shape, Workers workers)
        where T : unmanaged
    {
        int length = shape.Taps * shape.InputChannels;
        fixed (T* x = input, y = patches)
        {
            T* to = y;
            var rows = new PatchRows<T>(x, shape);
            workers.For((int)shape.OutputPositions, Math.Max(1, (1 << 16) / Math.Max(1, length)), (start, end) =>
            {
                for (nint row = start; row < end; row++)
                {
                    T* line = to + (row * length);
                    T* made = rows.Row(row, 0, length, line);
                    if (made != line)
                        new ReadOnlySpan<T>(made, length).CopyTo(new Span<T>(line, length));
                }
            });
        }
    }

    private static unsafe void Forward<T>(T* x, T* w, T* y, WindowShape shape, RowFinish<T> finish, Workers workers)
        where T : unmanaged, INumber<T>
    {
        if (LineConvolution.Suits<T>(shape))
        {
            LineConvolution.Forward(x, w, y, shape, finish, workers);
            return;
        }

        Gemm.Multiply(
            (nint)shape.OutputPositions,
            shape.OutputChannels,
            shape.WindowSize,
            new PatchRows<T>(x, shape),
            transposeA: false,
            new DenseRows<T>(w, shape.OutputChannels),
            transposeB: false,
            y,
            shape.OutputChannels,
            finish,
            workers);
    }

    private static unsafe void MaxPoolPairs<T>(T* from, T* to, WindowShape shape, Workers workers)
        where T : unmanaged, INumber<T>
    {
        int channels = shape.OutputChannels;
        int height = shape.Height.Output / 2;
        int width = shape.Width.Output / 2;
        nint line = (nint)shape.Width.Output * channels;
        workers.For(shape.Batch * height, Math.Max(1, PoolGrain / Math.Max(1, width * channels)), (start, end) =>
        {
            for (int row = start; row < end; row++)
            {
                T* upper = from + ((((nint)(row / height) * shape.Height.Output) + (row % height * 2)) * line);
                for (int x = 0; x < width; x++, upper += 2 * channels)
                {
                    var largest = new Span<T>(to + ((((nint)row * width) + x) * channels), channels);
                    TensorPrimitives.Max(new ReadOnlySpan<T>(upper, channels), new ReadOnlySpan<T>(upper + channels, channels), largest);
                    TensorPrimitives.Max(largest, new ReadOnlySpan<T>(upper + line, channels), largest);
                    TensorPrimitives.Max(largest, new ReadOnlySpan<T>(upper + line + channels, channels), largest);
                }
            }
        });
    }

    // [taps, in, out] to [taps from the last to the first, out, in].
    private static unsafe void Reverse<T>(T* filter, T* reversed, WindowShape shape)
        where T : unmanaged
    {
        int size = shape.InputChannels * shape.OutputChannels;
        for (int tap = 0; tap < shape.Taps; tap++)
        {
            var from = new ReadOnlySpan<T>(filter + ((nint)tap * size), size);
            var to = new Span<T>(reversed + ((nint)(shape.Taps - 1 - tap) * size), size);
            ChannelLayout.Transpose(from, to, 1, shape.InputChannels, shape.OutputChannels);
        }
    }
}
