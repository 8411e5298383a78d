using System.Runtime.CompilerServices;

namespace NotebookPersist;

/// <summary>Dimensions that an operation works along: one, several as <c>[0, 1]</c>, or none given.</summary>
/// <remarks>Negative ones count from the end. Thread safety: immutable.</remarks>
[CollectionBuilder(typeof(Axes), nameof(Create))]
public readonly struct Axes
{
    private Axes(int[]? values) => Values = values;

    /// <summary>True where none was given.</summary>
    public bool IsMissing => Values is null;

    /// <summary>The dimensions; null where none was given.</summary>
    internal int[]? Values { get; }

    /// <summary>One dimension.</summary>
    public static implicit operator Axes(int axis) => new([axis]);

    /// <summary>Several dimensions; null for none given.</summary>
    public static implicit operator Axes(int[]? axes) => new(axes is null ? null : [.. axes]);

    /// <summary>Several dimensions, written as a collection.</summary>
    public static Axes Create(ReadOnlySpan<int> axes) => new(axes.ToArray());

    /// <summary>One dimension after the other.</summary>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(Values ?? [])).GetEnumerator();

    /// <summary>The dimensions, which must be given.</summary>
    /// <exception cref="ArgumentException">None is.</exception>
    internal int[] Required(string parameter) => Values ?? throw new ArgumentException("Say which dimensions, such as 0 or [0, 1].", parameter);
}
