using System.Numerics;

namespace NotebookPersist;

internal static class Proximal
{
    /// <summary>Moves every element towards zero by a threshold, and to zero where it is nearer than that.</summary>
    public static Vector<T> Shrink<T>(Vector<T> value, Vector<T> threshold)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Sign(value) * Vector.Max(Vector.Abs(value) - threshold, Vector<T>.Zero);

    /// <summary>-1, 0 or 1.</summary>
    public static Vector<T> Sign<T>(Vector<T> value)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector.ConditionalSelect(
            Vector.GreaterThan(value, Vector<T>.Zero),
            Vector<T>.One,
            Vector.ConditionalSelect(Vector.LessThan(value, Vector<T>.Zero), -Vector<T>.One, Vector<T>.Zero));
}
