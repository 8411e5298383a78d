namespace NotebookPersist;

/// <summary>Height and width of a window or a step; one number stands for both.</summary>
/// <param name="Height">Unit: elements.</param>
/// <param name="Width">Unit: elements.</param>
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
        return size.Length switch
        {
            1 => new WindowSize(size[0], size[0]),
            2 => new WindowSize(size[0], size[1]),
            _ => throw new ArgumentException($"A window has 2 sizes, height and width, not {size.Length}.", nameof(size)),
        };
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
