using System.Runtime.CompilerServices;

namespace NotebookPersist;

/// <summary>Height and width of a window or a step; one number stands for both.</summary>
/// <param name="Height">Unit: elements.</param>
/// <param name="Width">Unit: elements.</param>
[CollectionBuilder(typeof(WindowSize), nameof(Create))]
public readonly record struct WindowSize(int Height, int Width)
{
    /// <summary>As high as wide.</summary>
    public static implicit operator WindowSize(int size) => new(size, size);

    /// <summary>Height and width.</summary>
    public static implicit operator WindowSize((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>Height and width, or one number for both.</summary>
    /// <exception cref="ArgumentException">There are neither one nor two numbers.</exception>
    public static implicit operator WindowSize(int[] size)
    {
        ArgumentNullException.ThrowIfNull(size);
        return Create(size);
    }

    /// <summary>Height and width, or one number for both, written as a collection: <c>[5, 5]</c>.</summary>
    /// <exception cref="ArgumentException">There are neither one nor two numbers.</exception>
    public static WindowSize Create(ReadOnlySpan<int> size) => size switch
    {
        [int both] => new WindowSize(both, both),
        [int height, int width] => new WindowSize(height, width),
        _ => throw new ArgumentException($"A window has 2 sizes, height and width, not {size.Length}.", nameof(size)),
    };

    /// <summary>Height, then width.</summary>
    public IEnumerator<int> GetEnumerator()
    {
        yield return Height;
        yield return Width;
    }

    /// <summary>The sizes in all four dimensions of a batch of images.</summary>
    internal int[] InBatch(bool channelsFirst) => channelsFirst ? [1, 1, Height, Width] : [1, Height, Width, 1];

    /// <summary>The sizes, all above zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not.</exception>
    internal WindowSize Positive(string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1, parameter);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1, parameter);
        return this;
    }
}
