using System.Numerics;

namespace NotebookPersist;

/// <summary>Multiplies two matrices, row-major: [m, k] and [k, n].</summary>
internal delegate void EinsumProduct<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> result, int m, int n, int k);

/// <summary>An operand of a sum of products: each label occurs once, in the order of the elements.</summary>
internal sealed record EinsumTerm<T>(int[] Labels, T[] Elements)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>An operand as it was given: labels that occur twice leave its diagonal, broadcast ones go away.</summary>
    public static EinsumTerm<T> Of(int[] labels, Shape shape, T[] elements, Dictionary<int, long> sizes)
    {
        var steps = new Dictionary<int, int>();
        int step = 1;
        for (int axis = labels.Length - 1; axis >= 0; axis--)
        {
            // A dimension of size 1 where others have more is the same for all of them.
            if (shape[axis] == sizes[labels[axis]])
                steps[labels[axis]] = steps.GetValueOrDefault(labels[axis]) + step;
            step *= (int)shape[axis];
        }

        int[] kept = [.. labels.Where(steps.ContainsKey).Distinct()];
        return new EinsumTerm<T>(kept, Walk(elements, kept, steps, sizes));
    }

    /// <summary>The product of two terms, summed over what is not needed.</summary>
    public EinsumTerm<T> Times(EinsumTerm<T> other, HashSet<int> needed, Dictionary<int, long> sizes, EinsumProduct<T> multiply)
    {
        int[] batch = [.. Labels.Where(l => other.Labels.Contains(l) && needed.Contains(l))];
        int[] contracted = [.. Labels.Where(l => other.Labels.Contains(l) && !needed.Contains(l))];
        int[] left = [.. Labels.Where(l => !other.Labels.Contains(l) && needed.Contains(l))];
        int[] right = [.. other.Labels.Where(l => !Labels.Contains(l) && needed.Contains(l))];
        T[] a = Arranged([.. batch, .. left, .. contracted], sizes);
        T[] b = other.Arranged([.. batch, .. contracted, .. right], sizes);
        (int count, int m, int n, int k) = (Product(batch, sizes), Product(left, sizes), Product(right, sizes), Product(contracted, sizes));
        T[] product = new T[count * m * n];
        for (int i = 0; i < count && product.Length > 0; i++)
            multiply(a.AsSpan(i * m * k, m * k), b.AsSpan(i * k * n, k * n), product.AsSpan(i * m * n, m * n), m, n, k);
        return new EinsumTerm<T>([.. batch, .. left, .. right], product);
    }

    /// <summary>The elements in another order of labels, summed over those that are left out; a label that occurs twice spreads over the diagonal.</summary>
    public T[] Arranged(int[] labels, Dictionary<int, long> sizes)
    {
        if (labels.SequenceEqual(Labels))
            return Elements;
        T[] summed = Summed([.. Labels.Where(l => !labels.Contains(l))], sizes, out int[] kept);
        var steps = new Dictionary<int, int>();
        int step = 1;
        foreach (int label in kept.Reverse())
        {
            steps[label] = step;
            step *= (int)sizes[label];
        }

        int[] distinct = [.. labels.Distinct()];
        T[] moved = Walk(summed, distinct, steps, sizes);
        if (distinct.Length == labels.Length)
            return moved;
        T[] spread = new T[Product(labels, sizes)];
        var places = new Dictionary<int, int>();
        step = 1;
        foreach (int label in labels.Reverse())
        {
            places[label] = places.GetValueOrDefault(label) + step;
            step *= (int)sizes[label];
        }

        int at = 0;
        foreach (int place in Positions(distinct, places, sizes))
            spread[place] = moved[at++];
        return spread;
    }

    private static int Product(int[] labels, Dictionary<int, long> sizes) => labels.Aggregate(1, (product, label) => checked(product * (int)sizes[label]));

    private static T[] Walk(T[] from, int[] labels, Dictionary<int, int> steps, Dictionary<int, long> sizes)
    {
        T[] to = new T[Product(labels, sizes)];
        int at = 0;
        foreach (int position in Positions(labels, steps, sizes))
            to[at++] = from[position];
        return to;
    }

    private static IEnumerable<int> Positions(int[] labels, Dictionary<int, int> steps, Dictionary<int, long> sizes)
    {
        int total = Product(labels, sizes);
        int[] index = new int[labels.Length];
        int[] step = [.. labels.Select(l => steps.GetValueOrDefault(l))];
        int[] size = [.. labels.Select(l => (int)sizes[l])];
        int position = 0;
        for (int i = 0; i < total; i++)
        {
            yield return position;
            for (int axis = labels.Length - 1; axis >= 0; axis--)
            {
                position += step[axis];
                if (++index[axis] < size[axis])
                    break;
                position -= step[axis] * size[axis];
                index[axis] = 0;
            }
        }
    }

    private T[] Summed(int[] dropped, Dictionary<int, long> sizes, out int[] kept)
    {
        kept = [.. Labels.Except(dropped)];
        if (dropped.Length == 0)
            return Elements;
        int[] order = [.. kept, .. dropped];
        T[] moved = new EinsumTerm<T>(Labels, Elements).Arranged(order, sizes);
        T[] sums = new T[Product(kept, sizes)];
        int width = Product(dropped, sizes);
        for (int i = 0; i < sums.Length; i++)
        {
            T sum = T.Zero;
            for (int j = 0; j < width; j++)
                sum += moved[(i * width) + j];
            sums[i] = sum;
        }

        return sums;
    }
}
