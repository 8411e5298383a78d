using System.Numerics;
using System.Runtime.InteropServices;

namespace NotebookPersist.Kernels;

/// <summary>An activation or the gradient of one: a function of two elements in the same place.</summary>
/// <remarks>Functions of one element ignore the second.</remarks>
public interface IActivation<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Whether <see cref="Apply(Vector{T}, Vector{T}, Vector{T})"/> is there; else elements are computed one by one.</summary>
    static abstract bool IsVectorized { get; }

    /// <summary>One element.</summary>
    static abstract T Apply(T x, T y, T parameter);

    /// <summary>A vector of elements.</summary>
    static abstract Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter);
}

/// <summary>Runs activations over tensors.</summary>
public static class Activation
{
    private const int Grain = 1 << 14;

    /// <summary>Applies the function to all elements.</summary>
    /// <param name="x">First argument.</param>
    /// <param name="y">Second argument, as long as the first.</param>
    /// <param name="result">May be the same memory as either argument.</param>
    /// <param name="parameter">A constant of the function.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static unsafe void Run<T, TActivation>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result, T parameter, Workers workers)
        where T : unmanaged, INumber<T>
        where TActivation : struct, IActivation<T>
    {
        fixed (T* px = x, py = y, pr = result)
        {
            T* first = px, second = py, to = pr;
            workers.For(result.Length, Grain, (start, end) => Run<T, TActivation>(
                new ReadOnlySpan<T>(first + start, end - start), new ReadOnlySpan<T>(second + start, end - start), new Span<T>(to + start, end - start), parameter));
        }
    }

    /// <summary>Applies the function to elements few enough for one thread.</summary>
    /// <inheritdoc cref="Run{T, TActivation}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T}, T, Workers)"/>
    public static void Run<T, TActivation>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result, T parameter)
        where T : unmanaged, INumber<T>
        where TActivation : struct, IActivation<T>
    {
        // The lengths are compared here, once.
        x = x[..result.Length];
        y = y[..result.Length];
        int i = 0;
        if (TActivation.IsVectorized)
        {
            var constant = new Vector<T>(parameter);
            ref T first = ref MemoryMarshal.GetReference(x);
            ref T second = ref MemoryMarshal.GetReference(y);
            ref T to = ref MemoryMarshal.GetReference(result);
            for (; i <= result.Length - Vector<T>.Count; i += Vector<T>.Count)
                TActivation.Apply(Vector.LoadUnsafe(ref first, (nuint)i), Vector.LoadUnsafe(ref second, (nuint)i), constant).StoreUnsafe(ref to, (nuint)i);
            if (i < result.Length)
            {
                // The rest as a vector too: an element is computed alike wherever it lies.
                Span<T> rest = stackalloc T[2 * Vector<T>.Count];
                Span<T> secondRest = rest[Vector<T>.Count..];
                x[i..].CopyTo(rest);
                y[i..].CopyTo(secondRest);
                TActivation.Apply(new Vector<T>(rest), new Vector<T>(secondRest), constant).CopyTo(rest);
                rest[..(result.Length - i)].CopyTo(result[i..]);
            }

            return;
        }

        for (; i < result.Length; i++)
            result[i] = TActivation.Apply(x[i], y[i], parameter);
    }
}
