using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NotebookPersist;

/// <summary>Sizes of a tensor's dimensions, outermost first; sizes and even the rank can be unknown in a graph.</summary>
/// <remarks>
/// Written as a collection: <c>Shape s = [3, 3, 64, 128];</c>, with -1 or null for an unknown size. <see cref="Unknown"/> has no known rank.
/// Thread safety: immutable.
/// </remarks>
[CollectionBuilder(typeof(Shape), nameof(OfSizes))]
public sealed class Shape : IEquatable<Shape>, IReadOnlyList<long>
{
    /// <summary>The most dimensions that a shape has in TensorFlow.</summary>
    public const int MaxRank = 254;

    private readonly long[]? _dimensions;

    private Shape(long[]? dimensions) => _dimensions = dimensions;

    /// <summary>The shape of a scalar: rank 0.</summary>
    public static Shape Scalar { get; } = new([]);

    /// <summary>A shape of which not even the rank is known.</summary>
    public static Shape Unknown { get; } = new(null);

    /// <summary>False where not even the rank is known.</summary>
    public bool HasRank => _dimensions is not null;

    /// <summary>Number of dimensions; -1 where unknown.</summary>
    public int Rank => _dimensions?.Length ?? -1;

    /// <summary>True where rank and every size are known.</summary>
    public bool IsFullyKnown => _dimensions is not null && Array.TrueForAll(_dimensions, static d => d >= 0);

    /// <summary>Sizes, -1 where unknown.</summary>
    /// <exception cref="InvalidOperationException">The rank is unknown.</exception>
    public ReadOnlySpan<long> Dimensions => _dimensions ?? throw new InvalidOperationException("The rank of this shape is unknown.");

    /// <summary>Number of elements; 1 for a scalar, -1 where any size is unknown.</summary>
    /// <exception cref="OverflowException">The product does not fit 63 bits.</exception>
    public long ElementCount
    {
        get
        {
            if (!IsFullyKnown)
                return -1;
            // A zero anywhere makes the tensor empty, however large the other sizes are.
            if (Array.IndexOf(_dimensions!, 0) >= 0)
                return 0;
            long count = 1;
            foreach (long d in _dimensions!)
                count = checked(count * d);
            return count;
        }
    }

    int IReadOnlyCollection<long>.Count => Dimensions.Length;

    /// <summary>Size of one dimension, -1 where unknown; an index counts from the end with <c>^</c>.</summary>
    /// <exception cref="InvalidOperationException">The rank is unknown.</exception>
    public long this[Index index] => Dimensions[index];

    /// <inheritdoc/>
    public long this[int index] => Dimensions[index];

    /// <summary>Makes a shape of the given sizes, -1 for unknown ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is below -1.</exception>
    public static Shape Create(ReadOnlySpan<long> dimensions)
    {
        foreach (long d in dimensions)
            ArgumentOutOfRangeException.ThrowIfLessThan(d, -1, nameof(dimensions));
        return dimensions.IsEmpty ? Scalar : new Shape(dimensions.ToArray());
    }

    /// <summary>What a written collection makes: sizes, -1 or null for unknown ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is below -1.</exception>
    public static Shape OfSizes(ReadOnlySpan<Dimension> sizes) => Create(MemoryMarshal.Cast<Dimension, long>(sizes));

    /// <summary>A shape of known rank whose sizes are all unknown.</summary>
    public static Shape OfRank(int rank)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, MaxRank);
        long[] dimensions = new long[rank];
        Array.Fill(dimensions, -1);
        return Create(dimensions);
    }

    /// <summary>Shape from sizes.</summary>
    public static implicit operator Shape(long[] dimensions) => Create(dimensions);

    /// <summary>Shape from sizes.</summary>
    public static implicit operator Shape(int[] dimensions) => Create(Array.ConvertAll(dimensions, static d => (long)d));

    /// <summary>True where both have the same rank and the same known sizes.</summary>
    public static bool operator ==(Shape? left, Shape? right) => left is null ? right is null : left.Equals(right);

    /// <summary>True where rank or any size differs.</summary>
    public static bool operator !=(Shape? left, Shape? right) => !(left == right);

    /// <summary>True where one concrete shape could be both: ranks equal or unknown, sizes equal or unknown.</summary>
    public bool IsCompatibleWith(Shape other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (_dimensions is null || other._dimensions is null)
            return true;
        if (_dimensions.Length != other._dimensions.Length)
            return false;
        for (int i = 0; i < _dimensions.Length; i++)
        {
            if (_dimensions[i] >= 0 && other._dimensions[i] >= 0 && _dimensions[i] != other._dimensions[i])
                return false;
        }

        return true;
    }

    /// <summary>What is known of a tensor that has both shapes.</summary>
    /// <exception cref="ArgumentException">The shapes are not compatible.</exception>
    public Shape MergeWith(Shape other)
    {
        if (!IsCompatibleWith(other))
            throw new ArgumentException($"Shapes {this} and {other} are not compatible.", nameof(other));
        if (_dimensions is null)
            return other;
        if (other._dimensions is null)
            return this;
        long[] merged = (long[])_dimensions.Clone();
        for (int i = 0; i < merged.Length; i++)
        {
            if (merged[i] < 0)
                merged[i] = other._dimensions[i];
        }

        return Create(merged);
    }

    /// <summary>This shape's sizes followed by another's; unknown where either rank is.</summary>
    public Shape Concatenate(Shape other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _dimensions is null || other._dimensions is null ? Unknown : Create([.. _dimensions, .. other._dimensions]);
    }

    /// <summary>Sizes as an array, -1 where unknown: the <c>get_shape().as_list()</c> of TensorFlow.</summary>
    /// <exception cref="InvalidOperationException">The rank is unknown.</exception>
    public long[] ToArray() => Dimensions.ToArray();

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null
        && (_dimensions is null ? other._dimensions is null : other._dimensions is not null && _dimensions.AsSpan().SequenceEqual(other._dimensions));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Rank);
        foreach (long d in _dimensions ?? [])
            hash.Add(d);
        return hash.ToHashCode();
    }

    /// <summary>[2,3] as TensorFlow's C++ messages write it; ? for what is unknown.</summary>
    public override string ToString() => _dimensions is null
        ? "<unknown>"
        : $"[{string.Join(',', _dimensions.Select(static d => d < 0 ? "?" : d.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>(2, 3) or (2,) as TensorFlow's Python messages write it; ? for an unknown size.</summary>
    public string ToPythonString()
    {
        if (_dimensions is null)
            return "<unknown>";
        IEnumerable<string> sizes = _dimensions.Select(static d => d < 0 ? "?" : d.ToString(CultureInfo.InvariantCulture));
        return _dimensions.Length == 1 ? $"({sizes.First()},)" : $"({string.Join(", ", sizes)})";
    }

    /// <summary>Sizes as a list, -1 where unknown: the <c>as_list()</c> of TensorFlow.</summary>
    /// <exception cref="InvalidOperationException">The rank is unknown.</exception>
    /// <exception cref="OverflowException">A size does not fit 31 bits.</exception>
    public int[] AsList() => Array.ConvertAll(ToArray(), static d => checked((int)d));

    /// <summary>Goes through the sizes, as numbers that a list of sizes takes.</summary>
    public IEnumerator<Dimension> GetEnumerator()
    {
        foreach (long d in _dimensions ?? [])
            yield return d;
    }

    IEnumerator<long> IEnumerable<long>.GetEnumerator() => ((IEnumerable<long>)(_dimensions ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<long>)this).GetEnumerator();
}
