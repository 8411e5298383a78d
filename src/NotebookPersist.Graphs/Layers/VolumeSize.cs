using System.Runtime.CompilerServices;

namespace NotebookPersist;

/// <summary>Depth, height and width of a window or a step; one number stands for all.</summary>
/// <param name="Depth">Unit: elements.</param>
/// <param name="Height">Unit: elements.</param>
/// <param name="Width">Unit: elements.</param>
[CollectionBuilder(typeof(VolumeSize), nameof(Create))]
public readonly record struct VolumeSize(int Depth, int Height, int Width)
{
    /// <summary>As deep as high and wide.</summary>
    public static implicit operator VolumeSize(int size) => new(size, size, size);

    /// <summary>Depth, height and width.</summary>
    public static implicit operator VolumeSize((int Depth, int Height, int Width) size) => new(size.Depth, size.Height, size.Width);

    /// <summary>Depth, height and width, or one number for all.</summary>
    /// <exception cref="ArgumentException">There are neither one nor three numbers.</exception>
    public static implicit operator VolumeSize(int[] size)
    {
        ArgumentNullException.ThrowIfNull(size);
        return Create(size);
    }

    /// <summary>Depth, height and width, or one number for all, written as a collection: <c>[3, 5, 5]</c>.</summary>
    /// <exception cref="ArgumentException">There are neither one nor three numbers.</exception>
    public static VolumeSize Create(ReadOnlySpan<int> size) => size switch
    {
        [int all] => new VolumeSize(all, all, all),
        [int depth, int height, int width] => new VolumeSize(depth, height, width),
        _ => throw new ArgumentException($"A window of volumes has 3 sizes, depth, height and width, not {size.Length}.", nameof(size)),
    };

    /// <summary>Depth, then height, then width.</summary>
    public IEnumerator<int> GetEnumerator()
    {
        yield return Depth;
        yield return Height;
        yield return Width;
    }

    /// <summary>The three sizes.</summary>
    public int[] ToArray() => [Depth, Height, Width];

    /// <summary>The sizes in all five dimensions of a batch of volumes.</summary>
    internal int[] InBatch(bool channelsFirst) => channelsFirst ? [1, 1, Depth, Height, Width] : [1, Depth, Height, Width, 1];

    /// <summary>The sizes, all above zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not.</exception>
    internal VolumeSize Positive(string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Depth, 1, parameter);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1, parameter);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1, parameter);
        return this;
    }
}
