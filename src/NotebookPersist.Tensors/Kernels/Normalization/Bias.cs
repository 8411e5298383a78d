using System.Numerics;
using System.Numerics.Tensors;

namespace NotebookPersist.Kernels;

/// <summary>Adds one number a channel, and sums over everything but channels.</summary>
/// <remarks>Tensors are seen as <c>[outer, channels, inner]</c>; inner is 1 where channels come last.</remarks>
public static class Bias
{
    /// <summary>Adds the bias.</summary>
    /// <param name="value">Any numbers.</param>
    /// <param name="bias">One number a channel.</param>
    /// <param name="result">May be the same memory as <paramref name="value"/>.</param>
    /// <param name="inner">Elements of a channel that lie together.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static unsafe void Add<T>(ReadOnlySpan<T> value, ReadOnlySpan<T> bias, Span<T> result, int inner, Workers workers)
        where T : unmanaged, INumber<T>
    {
        int channels = bias.Length;
        int line = Math.Max(1, channels * inner);
        fixed (T* px = value, pb = bias, py = result)
        {
            T* x = px, b = pb, y = py;
            workers.For(value.Length / line, Math.Max(1, (1 << 15) / line), (start, end) =>
            {
                for (nint o = start; o < end; o++)
                {
                    if (inner == 1)
                    {
                        TensorPrimitives.Add(new ReadOnlySpan<T>(x + (o * line), line), new ReadOnlySpan<T>(b, channels), new Span<T>(y + (o * line), line));
                        continue;
                    }

                    for (int c = 0; c < channels; c++)
                    {
                        nint at = (o * line) + (c * inner);
                        TensorPrimitives.Add(new ReadOnlySpan<T>(x + at, inner), b[c], new Span<T>(y + at, inner));
                    }
                }
            });
        }
    }

    /// <summary>Sums each channel.</summary>
    public static void Sum<T>(ReadOnlySpan<T> value, Span<T> result, int inner)
        where T : unmanaged, INumber<T>
    {
        result.Clear();
        int channels = result.Length;
        int line = channels * inner;
        if (line == 0)
            return;

        // Sums of sums: a long batch does not lose the small numbers.
        const int block = 256;
        if (inner == 1 && channels < block / 2)
        {
            SumFewChannels(value, result, block);
            return;
        }

        T[] partial = new T[channels];
        for (int start = 0; start < value.Length; start += line * block)
        {
            partial.AsSpan().Clear();
            for (int at = start; at < Math.Min(value.Length, start + (line * block)); at += line)
            {
                if (inner == 1)
                {
                    TensorPrimitives.Add(value.Slice(at, line), partial, partial);
                    continue;
                }

                for (int c = 0; c < channels; c++)
                    partial[c] += TensorPrimitives.Sum(value.Slice(at + (c * inner), inner));
            }

            TensorPrimitives.Add(partial, result, result);
        }
    }

    // As many positions side by side as make a long line.
    private static void SumFewChannels<T>(ReadOnlySpan<T> value, Span<T> result, int block)
        where T : unmanaged, INumber<T>
    {
        int channels = result.Length;
        int line = block / channels * channels;
        T[] partial = new T[line];
        T[] sums = new T[channels];
        for (int start = 0; start < value.Length; start += line * block)
        {
            partial.AsSpan().Clear();
            sums.AsSpan().Clear();
            for (int at = start; at < Math.Min(value.Length, start + (line * block)); at += line)
            {
                int length = Math.Min(line, value.Length - at);
                TensorPrimitives.Add(value.Slice(at, length), partial.AsSpan(0, length), partial.AsSpan(0, length));
            }

            for (int at = 0; at < line; at += channels)
                TensorPrimitives.Add(partial.AsSpan(at, channels), sums, sums);
            TensorPrimitives.Add(sums, result, result);
        }
    }
}
