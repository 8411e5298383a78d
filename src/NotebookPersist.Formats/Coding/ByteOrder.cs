namespace NotebookPersist.Formats.Coding;

/// <summary>The order of keys: unsigned bytes, shorter first.</summary>
internal sealed class ByteOrder : IComparer<byte[]>
{
    /// <summary>The only one needed.</summary>
    public static ByteOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
