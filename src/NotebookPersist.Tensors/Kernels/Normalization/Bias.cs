using System.Numerics;
using System.Numerics.Tensors;

namespace NotebookPersist.Kernels;

/// <summary>Adds one number a channel, and sums over everything but channels.</summary>
/// <remarks>Tensors are seen as <c>[outer, channels, inner]</c>; inner is 1 where channels come last.</remarks>
public static class Bias
{
    // Fewer are not worth another thread.
    private const int ShareElements = 1 << 16;
    private const int MostShares = 16;

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
    /// <param name="value">Any numbers.</param>
    /// <param name="result">One number a channel.</param>
    /// <param name="inner">Elements of a channel that lie together.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    /// <remarks>Summed in shares that do not depend on the number of threads, and the shares in order: the result is the same with any.</remarks>
    public static unsafe void Sum<T>(ReadOnlySpan<T> value, Span<T> result, int inner, Workers workers)
        where T : unmanaged, INumber<T>
    {
        int channels = result.Length;
        int line = channels * inner;
        int shares = line == 0 ? 1 : Math.Clamp(value.Length / Math.Max(line, ShareElements), 1, MostShares);
        if (shares == 1)
        {
            Sum(value, result, inner);
            return;
        }

        int lines = value.Length / line;
        using var scratch = new AlignedScratch<T>((nint)shares * channels);
        fixed (T* pv = value)
        {
            T* from = pv;
            T* sums = scratch.Pointer;
            workers.For(shares, 1, (start, end) =>
            {
                for (nint share = start; share < end; share++)
                {
                    nint first = share * lines / shares;
                    nint count = ((share + 1) * lines / shares) - first;
                    Sum(new ReadOnlySpan<T>(from + (first * line), (int)(count * line)), new Span<T>(sums + (share * channels), channels), inner);
                }
            });
            result.Clear();
            for (nint share = 0; share < shares; share++)
                TensorPrimitives.Add(new ReadOnlySpan<T>(sums + (share * channels), channels), result, result);
        }
    }

    private static void Sum<T>(ReadOnlySpan<T> value, Span<T> result, int inner)
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
        long step = (long)line * block;
        for (long start = 0; start < value.Length; start += step)
        {
            partial.AsSpan().Clear();
            long end = Math.Min(value.Length, start + step);
            for (long at = start; at < end; at += line)
            {
                if (inner == 1)
                {
                    TensorPrimitives.Add(value.Slice((int)at, line), partial, partial);
                    continue;
                }

                for (int c = 0; c < channels; c++)
                    partial[c] += TensorPrimitives.Sum(value.Slice((int)at + (c * inner), inner));
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
        long step = (long)line * block;
        for (long start = 0; start < value.Length; start += step)
        {
            partial.AsSpan().Clear();
            sums.AsSpan().Clear();
            long end = Math.Min(value.Length, start + step);
            for (long at = start; at < end; at += line)
            {
                int length = (int)Math.Min(line, value.Length - at);
                TensorPrimitives.Add(value.Slice((int)at, length), partial.AsSpan(0, length), partial.AsSpan(0, length));
            }

            for (int at = 0; at < line; at += channels)
                TensorPrimitives.Add(partial.AsSpan(at, channels), sums, sums);
            TensorPrimitives.Add(sums, result, result);
        }
    }
}
