using System.Globalization;

namespace NotebookPersist;

/// <summary>A size in a written shape: a number, or null or -1 where it is not known, as in <c>[null, 784]</c>.</summary>
/// <param name="Size">Unit: elements; -1 where unknown.</param>
public readonly record struct Dimension(long Size)
{
    /// <summary>A known size, or -1.</summary>
    public static implicit operator Dimension(long size) => new(size);

    /// <summary>A size that may be unknown.</summary>
    public static implicit operator Dimension(long? size) => new(size ?? -1);

    /// <summary>The size, -1 where unknown.</summary>
    public static implicit operator long(Dimension dimension) => dimension.Size;

    /// <inheritdoc/>
    public override string ToString() => Size.ToString(CultureInfo.InvariantCulture);
}
