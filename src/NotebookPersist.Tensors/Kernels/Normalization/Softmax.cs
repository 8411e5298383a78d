using System.Numerics;
using System.Numerics.Tensors;

namespace NotebookPersist.Kernels;

/// <summary>Softmax and the losses built on it, row by row.</summary>
/// <remarks>
/// Each row's largest element is taken off first, so that no power overflows. Matrices are <c>[rows, classes]</c>, row-major.
/// </remarks>
public static class Softmax
{
    /// <summary>exp(x) / sum(exp(x)) of each row, or its logarithm.</summary>
    /// <param name="logits">Any numbers.</param>
    /// <param name="result">May be the same memory.</param>
    /// <param name="classes">Length of a row.</param>
    /// <param name="logarithm">Whether the logarithm is wanted.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static unsafe void Run<T>(ReadOnlySpan<T> logits, Span<T> result, int classes, bool logarithm, Workers workers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (classes == 0)
            return;
        fixed (T* px = logits, py = result)
        {
            T* x = px, y = py;
            workers.For(result.Length / classes, Grain(classes), (start, end) =>
            {
                if (typeof(T) == typeof(float) && !logarithm)
                {
                    for (nint row = start; row < end; row++)
                        Exponential.Softmax((float*)(x + (row * classes)), (float*)(y + (row * classes)), classes);
                    return;
                }

                T[] powers = logarithm ? new T[classes] : [];
                for (nint row = start; row < end; row++)
                {
                    var from = new ReadOnlySpan<T>(x + (row * classes), classes);
                    var to = new Span<T>(y + (row * classes), classes);
                    TensorPrimitives.Subtract(from, TensorPrimitives.Max(from), to);
                    if (logarithm)
                    {
                        TensorPrimitives.Exp(to, powers);
                        TensorPrimitives.Subtract(to, T.Log(TensorPrimitives.Sum<T>(powers)), to);
                    }
                    else
                    {
                        TensorPrimitives.Exp(to, to);
                        TensorPrimitives.Divide(to, TensorPrimitives.Sum<T>(to), to);
                    }
                }
            });
        }
    }

    /// <summary>Cross entropy of softmax(logits) against a distribution a row, and its gradient towards the logits.</summary>
    /// <param name="logits">Any numbers.</param>
    /// <param name="labels">Probabilities.</param>
    /// <param name="loss">One element a row.</param>
    /// <param name="gradient">softmax(logits) - labels.</param>
    /// <param name="classes">Length of a row.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static unsafe void CrossEntropy<T>(ReadOnlySpan<T> logits, ReadOnlySpan<T> labels, Span<T> loss, Span<T> gradient, int classes, Workers workers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (classes == 0)
        {
            loss.Clear();
            return;
        }

        fixed (T* px = logits, pl = labels, po = loss, pg = gradient)
        {
            T* x = px, l = pl, o = po, g = pg;
            workers.For(loss.Length, Grain(classes), (start, end) =>
            {
                T[] shifted = new T[classes];
                for (nint row = start; row < end; row++)
                {
                    var from = new ReadOnlySpan<T>(x + (row * classes), classes);
                    var label = new ReadOnlySpan<T>(l + (row * classes), classes);
                    var to = new Span<T>(g + (row * classes), classes);
                    TensorPrimitives.Subtract(from, TensorPrimitives.Max(from), shifted);
                    TensorPrimitives.Exp(shifted, to);
                    T sum = TensorPrimitives.Sum<T>(to);
                    T logSum = T.Log(sum);
                    T total = T.Zero;
                    for (int c = 0; c < classes; c++)
                    {
                        total += label[c] * (logSum - shifted[c]);
                        to[c] = (to[c] / sum) - label[c];
                    }

                    o[row] = total;
                }
            });
        }
    }

    /// <summary>Cross entropy of softmax(logits) against one class a row, and its gradient towards the logits.</summary>
    /// <param name="logits">Any numbers.</param>
    /// <param name="labels">Class of each row; one out of range makes the row NaN.</param>
    /// <param name="loss">One element a row.</param>
    /// <param name="gradient">softmax(logits) less one at the class.</param>
    /// <param name="classes">Length of a row.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    public static unsafe void SparseCrossEntropy<T>(ReadOnlySpan<T> logits, ReadOnlySpan<long> labels, Span<T> loss, Span<T> gradient, int classes, Workers workers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* px = logits, po = loss, pg = gradient)
        fixed (long* pl = labels)
        {
            T* x = px, o = po, g = pg;
            long* l = pl;
            workers.For(loss.Length, Grain(classes), (start, end) =>
            {
                T[] shifted = new T[classes];
                for (nint row = start; row < end; row++)
                {
                    var from = new ReadOnlySpan<T>(x + (row * classes), classes);
                    var to = new Span<T>(g + (row * classes), classes);
                    if (l[row] < 0 || l[row] >= classes)
                    {
                        to.Fill(T.NaN);
                        o[row] = T.NaN;
                        continue;
                    }

                    TensorPrimitives.Subtract(from, TensorPrimitives.Max(from), shifted);
                    TensorPrimitives.Exp(shifted, to);
                    T sum = TensorPrimitives.Sum<T>(to);
                    o[row] = T.Log(sum) - shifted[l[row]];
                    TensorPrimitives.Divide(to, sum, to);
                    to[(int)l[row]] -= T.One;
                }
            });
        }
    }

    private static int Grain(int classes) => Math.Max(1, (1 << 13) / Math.Max(1, classes));
}
