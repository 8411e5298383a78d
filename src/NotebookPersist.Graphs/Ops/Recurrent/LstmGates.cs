using System.Numerics;

namespace NotebookPersist;

/// <summary>One step of a long short-term memory over a batch, all gates in one product.</summary>
/// <remarks>Columns of the weights: input gate, new input, forget gate, output gate; the second version has the forget gate before the new input.</remarks>
internal sealed record LstmGates<T>(T[] W, T[] Wci, T[] Wcf, T[] Wco, T[] B, int Inputs, int Cells, T ForgetBias, T Clip, bool Peephole, bool ForgetSecond)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private int NewInput => ForgetSecond ? 2 * Cells : Cells;

    private int Forget => ForgetSecond ? Cells : 2 * Cells;

    /// <summary>Computes what follows from an input and the state before, batch by batch.</summary>
    /// <param name="x">Shape: [batch, inputs].</param>
    /// <param name="before">State of the cells. Shape: [batch, cells].</param>
    /// <param name="hidden">Output before. Shape: [batch, cells].</param>
    /// <param name="y">Input gate, state, forget gate, output gate, new input, squashed state, output, each [batch, cells].</param>
    public void Step(ReadOnlySpan<T> x, ReadOnlySpan<T> before, ReadOnlySpan<T> hidden, T[][] y)
    {
        int batch = before.Length / Cells;
        T[] sums = new T[4 * Cells];
        for (int row = 0; row < batch; row++)
        {
            B.CopyTo(sums, 0);
            Accumulate(x.Slice(row * Inputs, Inputs), 0, sums);
            Accumulate(hidden.Slice(row * Cells, Cells), Inputs, sums);
            for (int k = 0; k < Cells; k++)
            {
                int at = (row * Cells) + k;
                (T i, T n, T f, T o) = (sums[k], sums[NewInput + k], sums[Forget + k], sums[(3 * Cells) + k]);
                if (Peephole)
                {
                    i += before[at] * Wci[k];
                    f += before[at] * Wcf[k];
                }

                (i, f, n) = (Sigmoid(i), Sigmoid(f + ForgetBias), T.Tanh(n));
                T state = (n * i) + (before[at] * f);
                if (Clip > T.Zero)
                    state = T.Clamp(state, -Clip, Clip);
                if (Peephole)
                    o += state * Wco[k];
                o = Sigmoid(o);
                T squashed = T.Tanh(state);
                (y[0][at], y[1][at], y[2][at], y[3][at], y[4][at], y[5][at], y[6][at]) = (i, state, f, o, n, squashed, squashed * o);
            }
        }
    }

    /// <summary>The gradient of one step; those of the weights are added up.</summary>
    /// <param name="x">Shape: [batch, inputs].</param>
    /// <param name="before">State before.</param>
    /// <param name="hidden">Output before.</param>
    /// <param name="y">What <see cref="Step"/> computed, in its order.</param>
    /// <param name="toState">Gradient that arrives at the state; becomes that of the state before.</param>
    /// <param name="toOutput">Gradient that arrives at the output; becomes that of the output before.</param>
    /// <param name="toX">Gradient of the input.</param>
    /// <param name="toW">Gradient of the weights.</param>
    /// <param name="toPeepholes">Gradients of the three peepholes.</param>
    /// <param name="toB">Gradient of the bias.</param>
    public void Backprop(
        ReadOnlySpan<T> x, ReadOnlySpan<T> before, ReadOnlySpan<T> hidden, T[][] y, T[] toState, T[] toOutput, Span<T> toX, T[] toW, T[][] toPeepholes, T[] toB)
    {
        int batch = before.Length / Cells;
        T[] gates = new T[4 * Cells];
        for (int row = 0; row < batch; row++)
        {
            for (int k = 0; k < Cells; k++)
            {
                int at = (row * Cells) + k;
                (T i, T state, T f, T o, T n, T squashed) = (y[0][at], y[1][at], y[2][at], y[3][at], y[4][at], y[5][at]);
                T toO = o * (T.One - o) * toOutput[at] * squashed;
                T dState = ((T.One - (squashed * squashed)) * toOutput[at] * o) + toState[at];
                if (Peephole)
                    dState += toO * Wco[k];
                T toN = (T.One - (n * n)) * dState * i;
                T toF = f * (T.One - f) * dState * before[at];
                T toI = i * (T.One - i) * dState * n;
                (gates[k], gates[NewInput + k], gates[Forget + k], gates[(3 * Cells) + k]) = (toI, toN, toF, toO);
                toState[at] = dState * f;
                if (!Peephole)
                    continue;
                toState[at] += (toI * Wci[k]) + (toF * Wcf[k]);
                toPeepholes[0][k] += toI * before[at];
                toPeepholes[1][k] += toF * before[at];
                toPeepholes[2][k] += toO * state;
            }

            for (int g = 0; g < gates.Length; g++)
                toB[g] += gates[g];
            Spread(x.Slice(row * Inputs, Inputs), 0, gates, toW, toX.Slice(row * Inputs, Inputs));
            Spread(hidden.Slice(row * Cells, Cells), Inputs, gates, toW, toOutput.AsSpan(row * Cells, Cells));
        }
    }

    private static T Sigmoid(T x) => T.One / (T.One + T.Exp(-x));

    private void Accumulate(ReadOnlySpan<T> values, int firstRow, T[] sums)
    {
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<T> weights = W.AsSpan((firstRow + i) * sums.Length, sums.Length);
            for (int g = 0; g < sums.Length; g++)
                sums[g] += values[i] * weights[g];
        }
    }

    private void Spread(ReadOnlySpan<T> values, int firstRow, T[] gates, T[] toW, Span<T> toValues)
    {
        for (int i = 0; i < values.Length; i++)
        {
            int at = (firstRow + i) * gates.Length;
            T sum = T.Zero;
            for (int g = 0; g < gates.Length; g++)
            {
                sum += gates[g] * W[at + g];
                toW[at + g] += values[i] * gates[g];
            }

            toValues[i] = sum;
        }
    }
}
