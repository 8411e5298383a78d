using System.Numerics;

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
            workers.For(result.Length, Grain, (start, end) =>
            {
                int i = start;
                if (TActivation.IsVectorized)
                {
                    var constant = new Vector<T>(parameter);
                    for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
                        TActivation.Apply(Vector.Load(first + i), Vector.Load(second + i), constant).Store(to + i);
                }

                for (; i < end; i++)
                    to[i] = TActivation.Apply(first[i], second[i], parameter);
            });
        }
    }
}
