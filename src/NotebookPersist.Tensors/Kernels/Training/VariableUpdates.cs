using System.Numerics;
using System.Runtime.CompilerServices;

namespace NotebookPersist.Kernels.Training;

/// <summary>Applies a training rule to a variable and its slots, in place.</summary>
/// <remarks>Aliasing: the gradient may be the variable itself; the slots may not overlap.</remarks>
public static class VariableUpdates
{
    private const int GrainElements = 1 << 16;

    /// <summary>Changes every element.</summary>
    /// <param name="rule">What to do.</param>
    /// <param name="state">The variable, then its slots; all of one size.</param>
    /// <param name="gradient">As many elements as the variable.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static void Apply<T, TRule>(TRule rule, IReadOnlyList<Tensor> state, Tensor gradient, Workers workers)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TRule : struct, IUpdateRule<T>
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(gradient);
        // A cancelled run must not leave a variable changed in part.
        var whole = workers with { Cancellation = CancellationToken.None };
        whole.For(gradient.Count, GrainElements, (start, end) => Change<T, TRule>(rule, state, start, gradient.Data<T>()[start..end]));
    }

    /// <summary>Changes the rows that have a gradient, one after the other: a row that occurs twice is changed twice.</summary>
    /// <param name="rule">What to do.</param>
    /// <param name="state">The variable, then its slots; all of one shape.</param>
    /// <param name="gradient">One row for each index.</param>
    /// <param name="rows">Row numbers of the variable, checked by the caller.</param>
    public static void ApplyRows<T, TRule>(TRule rule, IReadOnlyList<Tensor> state, Tensor gradient, ReadOnlySpan<int> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TRule : struct, IUpdateRule<T>
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(gradient);
        if (rows.IsEmpty)
            return;
        int width = gradient.Count / rows.Length;
        for (int i = 0; i < rows.Length; i++)
            Change<T, TRule>(rule, state, rows[i] * width, gradient.Data<T>().Slice(i * width, width));
    }

    private static void Change<T, TRule>(TRule rule, IReadOnlyList<Tensor> state, int start, ReadOnlySpan<T> gradient)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TRule : struct, IUpdateRule<T>
    {
        Span<T> variable = state[0].MutableData<T>().Slice(start, gradient.Length);
        Span<T> slot0 = TRule.SlotCount > 0 ? state[1].MutableData<T>().Slice(start, gradient.Length) : default;
        Span<T> slot1 = TRule.SlotCount > 1 ? state[2].MutableData<T>().Slice(start, gradient.Length) : default;
        Span<T> slot2 = TRule.SlotCount > 2 ? state[3].MutableData<T>().Slice(start, gradient.Length) : default;
        int width = Vector<T>.Count;
        int i = 0;
        for (; i + width <= gradient.Length; i += width)
        {
            Step(
                rule,
                variable.Slice(i, width),
                TRule.SlotCount > 0 ? slot0.Slice(i, width) : default,
                TRule.SlotCount > 1 ? slot1.Slice(i, width) : default,
                TRule.SlotCount > 2 ? slot2.Slice(i, width) : default,
                gradient.Slice(i, width));
        }

        if (i == gradient.Length)
            return;

        // The rest goes through the same code, padded: each rule is written once.
        int rest = gradient.Length - i;
        Span<T> padded = stackalloc T[width * 5];
        padded.Fill(T.One);
        variable[i..].CopyTo(padded);
        if (TRule.SlotCount > 0)
            slot0[i..].CopyTo(padded[width..]);
        if (TRule.SlotCount > 1)
            slot1[i..].CopyTo(padded[(2 * width)..]);
        if (TRule.SlotCount > 2)
            slot2[i..].CopyTo(padded[(3 * width)..]);
        gradient[i..].CopyTo(padded[(4 * width)..]);
        Step(rule, padded, padded[width..], padded[(2 * width)..], padded[(3 * width)..], padded[(4 * width)..]);
        padded[..rest].CopyTo(variable[i..]);
        if (TRule.SlotCount > 0)
            padded.Slice(width, rest).CopyTo(slot0[i..]);
        if (TRule.SlotCount > 1)
            padded.Slice(2 * width, rest).CopyTo(slot1[i..]);
        if (TRule.SlotCount > 2)
            padded.Slice(3 * width, rest).CopyTo(slot2[i..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<T, TRule>(TRule rule, Span<T> variable, Span<T> slot0, Span<T> slot1, Span<T> slot2, ReadOnlySpan<T> gradient)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TRule : struct, IUpdateRule<T>
    {
        var v = new Vector<T>(variable);
        Vector<T> s0 = TRule.SlotCount > 0 ? new Vector<T>(slot0) : default;
        Vector<T> s1 = TRule.SlotCount > 1 ? new Vector<T>(slot1) : default;
        Vector<T> s2 = TRule.SlotCount > 2 ? new Vector<T>(slot2) : default;
        rule.Update(ref v, ref s0, ref s1, ref s2, new Vector<T>(gradient));
        v.CopyTo(variable);
        if (TRule.SlotCount > 0)
            s0.CopyTo(slot0);
        if (TRule.SlotCount > 1)
            s1.CopyTo(slot1);
        if (TRule.SlotCount > 2)
            s2.CopyTo(slot2);
    }
}
