using System.Numerics;
using System.Numerics.Tensors;

namespace NotebookPersist.Kernels;

/// <summary>The late part of an epilogue: one more pass over the rows of a result, in place.</summary>
public static class EpilogueRows
{
    private const int ElementsPerPiece = 1 << 15;

    /// <summary>Does what <see cref="Epilogue{T}.Early"/> left; nothing where all is done.</summary>
    /// <param name="epilogue">Without a pool where it is late.</param>
    /// <param name="values">Whole rows of channels.</param>
    /// <param name="channels">Length of a row.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static unsafe void Finish<T>(this Epilogue<T> epilogue, Span<T> values, int channels, Workers workers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!epilogue.IsLate || channels == 0)
            return;
        bool normalizes = !epilogue.Factor.IsEmpty;
        fixed (T* pv = values, pm = epilogue.Mean, pf = epilogue.Factor, pb = epilogue.Bias)
        {
            // Without a normalisation the bias is in the sums already.
            var rows = new Rows<T>(pv, normalizes ? pm : null, pf, normalizes && !epilogue.Bias.IsEmpty ? pb : null, channels, normalizes ? epilogue.Activation : FusedActivation.None, epilogue.Elu);
            workers.For(values.Length / channels, Math.Max(1, ElementsPerPiece / channels), rows);
        }
    }

    private readonly unsafe struct Rows<T>(T* values, T* mean, T* factor, T* bias, int channels, FusedActivation activation, bool elu) : IRangeBody
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

                new Epilogue<T> { Bias = bias is null ? [] : new ReadOnlySpan<T>(bias, channels), Activation = activation }.Apply(row, channels);
                for (int i = 0; elu && i < row.Length; i++)
                    row[i] = row[i] < T.Zero ? T.Exp(row[i]) - T.One : row[i];
            }
        }
    }
}
