using System.Numerics;
using System.Numerics.Tensors;

namespace NotebookPersist.Kernels.Reductions;

/// <summary>The sum.</summary>
public readonly struct SumOf<T> : IReduction<T>
    where T : unmanaged, INumberBase<T>
{
    // Longer runs are summed in halves, so that the rounding error grows with the logarithm of the length.
    private const int LongestRun = 4096;

    static T IReduction<T>.Empty => T.Zero;

    static T IReduction<T>.Run(ReadOnlySpan<T> x) => Total(x);

    static T IReduction<T>.Pair(T x, T y) => x + y;

    static void IReduction<T>.Into(ReadOnlySpan<T> x, Span<T> partial) => TensorPrimitives.Add(x, partial, partial);

    private static T Total(ReadOnlySpan<T> x)
    {
        if (x.Length <= LongestRun)
            return TensorPrimitives.Sum(x);
        int half = x.Length / 2;
        return Total(x[..half]) + Total(x[half..]);
    }
}

/// <summary>The product.</summary>
public readonly struct ProductOf<T> : IReduction<T>
    where T : unmanaged, INumberBase<T>
{
    static T IReduction<T>.Empty => T.One;

    static T IReduction<T>.Run(ReadOnlySpan<T> x) => TensorPrimitives.Product(x);

    static T IReduction<T>.Pair(T x, T y) => x * y;

    static void IReduction<T>.Into(ReadOnlySpan<T> x, Span<T> partial) => TensorPrimitives.Multiply(x, partial, partial);
}

/// <summary>The largest number; NaN where one is.</summary>
public readonly struct LargestOf<T> : IReduction<T>
    where T : unmanaged, INumber<T>
{
    static T IReduction<T>.Empty => T.CreateSaturating(double.NegativeInfinity);

    static T IReduction<T>.Run(ReadOnlySpan<T> x) => TensorPrimitives.Max(x);

    static T IReduction<T>.Pair(T x, T y) => T.Max(x, y);

    static void IReduction<T>.Into(ReadOnlySpan<T> x, Span<T> partial) => TensorPrimitives.Max(x, partial, partial);
}

/// <summary>The smallest number; NaN where one is.</summary>
public readonly struct SmallestOf<T> : IReduction<T>
    where T : unmanaged, INumber<T>
{
    static T IReduction<T>.Empty => T.CreateSaturating(double.PositiveInfinity);

    static T IReduction<T>.Run(ReadOnlySpan<T> x) => TensorPrimitives.Min(x);

    static T IReduction<T>.Pair(T x, T y) => T.Min(x, y);

    static void IReduction<T>.Into(ReadOnlySpan<T> x, Span<T> partial) => TensorPrimitives.Min(x, partial, partial);
}

/// <summary>Whether all are true.</summary>
public readonly struct AllOf : IReduction<bool>
{
    static bool IReduction<bool>.Empty => true;

    static bool IReduction<bool>.Run(ReadOnlySpan<bool> x) => !x.Contains(false);

    static bool IReduction<bool>.Pair(bool x, bool y) => x && y;

    static void IReduction<bool>.Into(ReadOnlySpan<bool> x, Span<bool> partial)
    {
        for (int i = 0; i < x.Length; i++)
            partial[i] &= x[i];
    }
}

/// <summary>Whether any is true.</summary>
public readonly struct AnyOf : IReduction<bool>
{
    static bool IReduction<bool>.Empty => false;

    static bool IReduction<bool>.Run(ReadOnlySpan<bool> x) => x.Contains(true);

    static bool IReduction<bool>.Pair(bool x, bool y) => x || y;

    static void IReduction<bool>.Into(ReadOnlySpan<bool> x, Span<bool> partial)
    {
        for (int i = 0; i < x.Length; i++)
            partial[i] |= x[i];
    }
}
