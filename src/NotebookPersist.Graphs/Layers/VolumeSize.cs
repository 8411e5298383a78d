namespace NotebookPersist;

/// <summary>Depth, height and width of a window or a step; one number stands for all.</summary>
/// <param name="Depth">Unit: elements.</param>
/// <param name="Height">Unit: elements.</param>
/// <param name="Width">Unit: elements.</param>
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
        return size.Length switch
        {
            1 => new VolumeSize(size[0], size[0], size[0]),
            3 => new VolumeSize(size[0], size[1], size[2]),
            _ => throw new ArgumentException($"A window of volumes has 3 sizes, depth, height and width, not {size.Length}.", nameof(size)),
        };
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
