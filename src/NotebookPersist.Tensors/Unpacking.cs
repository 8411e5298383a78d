namespace NotebookPersist;

/// <summary>Lets several names take the parts of a list, as Python does: <c>var (_, loss) = session.Run([train, loss]);</c>.</summary>
/// <remarks>A list of another length is refused.</remarks>
public static class Unpacking
{
    /// <summary>The parts of a list of two.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public static void Deconstruct<T>(this IReadOnlyList<T> values, out T first, out T second)
    {
        Require(values, 2);
        (first, second) = (values[0], values[1]);
    }

    /// <summary>The parts of a list of three.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public static void Deconstruct<T>(this IReadOnlyList<T> values, out T first, out T second, out T third)
    {
        Require(values, 3);
        (first, second, third) = (values[0], values[1], values[2]);
    }

    /// <summary>The parts of a list of four.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public static void Deconstruct<T>(this IReadOnlyList<T> values, out T first, out T second, out T third, out T fourth)
    {
        Require(values, 4);
        (first, second, third, fourth) = (values[0], values[1], values[2], values[3]);
    }

    /// <summary>The parts of a list of five.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public static void Deconstruct<T>(this IReadOnlyList<T> values, out T first, out T second, out T third, out T fourth, out T fifth)
    {
        Require(values, 5);
        (first, second, third, fourth, fifth) = (values[0], values[1], values[2], values[3], values[4]);
    }

    /// <summary>The parts of a list of six.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public static void Deconstruct<T>(this IReadOnlyList<T> values, out T first, out T second, out T third, out T fourth, out T fifth, out T sixth)
    {
        Require(values, 6);
        (first, second, third, fourth, fifth, sixth) = (values[0], values[1], values[2], values[3], values[4], values[5]);
    }

    private static void Require<T>(IReadOnlyList<T> values, int count)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != count)
            throw new ArgumentException($"{count} names cannot take the {values.Count} values of a list: there must be as many names, '_' for those that are not needed.", nameof(values));
    }
}
