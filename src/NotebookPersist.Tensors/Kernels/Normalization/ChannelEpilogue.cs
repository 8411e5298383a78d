using System.Numerics;
using System.Numerics.Tensors;

namespace NotebookPersist.Kernels;

/// <summary>What follows a product of channels in the same pass over memory: normalisation, bias, activation.</summary>
/// <remarks>Values are seen as <c>[rows, channels]</c>. Aliasing: works in place.</remarks>
public static class ChannelEpilogue
{
    private const int ElementsPerPiece = 1 << 15;

    /// <summary>activation((value - mean) * factor + bias), channel by channel.</summary>
    /// <param name="values">Whole rows of channels.</param>
    /// <param name="channels">Length of a row.</param>
    /// <param name="mean">One number a channel; empty where nothing is taken off and nothing is multiplied.</param>
    /// <param name="factor">As long as <paramref name="mean"/>.</param>
    /// <param name="bias">One number a channel; empty where nothing is added.</param>
    /// <param name="activation">What comes last.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static unsafe void Run<T>(Span<T> values, int channels, ReadOnlySpan<T> mean, ReadOnlySpan<T> factor, ReadOnlySpan<T> bias, ChannelActivation activation, Workers workers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (channels == 0)
            return;
        fixed (T* pv = values, pm = mean, pf = factor, pb = bias)
            workers.For(values.Length / channels, Math.Max(1, ElementsPerPiece / channels), new Rows<T>(pv, mean.IsEmpty ? null : pm, pf, bias.IsEmpty ? null : pb, channels, activation));
    }

    private static void Activate<T>(Span<T> row, ChannelActivation activation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        switch (activation)
        {
            case ChannelActivation.Relu:
                Relu(row);
                break;
            case ChannelActivation.Relu6:
                T six = T.CreateTruncating(6);
                for (int i = 0; i < row.Length; i++)
                    row[i] = row[i] < T.Zero ? T.Zero : row[i] > six ? six : row[i];
                break;
            case ChannelActivation.Elu:
                for (int i = 0; i < row.Length; i++)
                    row[i] = row[i] < T.Zero ? T.Exp(row[i]) - T.One : row[i];
                break;
        }
    }

    private static void Relu<T>(Span<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0;
        for (; i <= row.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var x = new Vector<T>(row[i..]);
            Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero, x).CopyTo(row[i..]);
        }

        for (; i < row.Length; i++)
            row[i] = row[i] < T.Zero ? T.Zero : row[i];
    }

    private readonly unsafe struct Rows<T>(T* values, T* mean, T* factor, T* bias, int channels, ChannelActivation activation) : IRangeBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(int start, int end)
        {
            for (nint at = start; at < end; at++)
            {
                var row = new Span<T>(values + (at * channels), channels);
                if (mean is not null)
                {
                    TensorPrimitives.Subtract(row, new ReadOnlySpan<T>(mean, channels), row);
                    TensorPrimitives.Multiply(row, new ReadOnlySpan<T>(factor, channels), row);
                }

                if (bias is not null)
                    TensorPrimitives.Add(row, new ReadOnlySpan<T>(bias, channels), row);
                Activate(row, activation);
            }
        }
    }
}
