namespace NotebookPersist;

/// <summary>Sums of sizes as files tell them, which may be anything: what is too much for 63 bits is the greatest number that they hold.</summary>
/// <remarks>Thread safety: pure functions.</remarks>
public static class Totals
{
    /// <summary>The sum.</summary>
    public static long Of(IEnumerable<long> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        Int128 sum = 0;
        foreach (long size in sizes)
            sum += size;
        return Bounded(sum);
    }

    /// <summary>Elements of a tensor; 0 where a size is not known.</summary>
    public static long ElementsOf(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!shape.IsFullyKnown || shape.Contains(0))
            return 0;
        Int128 count = 1;
        foreach (long size in shape.Dimensions)
            count = Bounded(count * size);
        return (long)count;
    }

    /// <summary>Bytes of a tensor; 0 where a size is not known.</summary>
    /// <returns>Unit: bytes.</returns>
    public static long BytesOf(DType dtype, Shape shape) => Bounded((Int128)ElementsOf(shape) * dtype.Size());

    private static long Bounded(Int128 value) => (long)Int128.Min(value, long.MaxValue);
}
