namespace NotebookPersist.Kernels;

/// <summary>Copies blocks of bytes between arrays of any strides: transposing, padding and cropping are all of this kind.</summary>
public static class StridedCopy
{
    /// <summary>Copies a box of elements.</summary>
    /// <param name="source">Bytes to read.</param>
    /// <param name="sourceOffset">Where the box starts. Unit: elements.</param>
    /// <param name="sourceStrides">Distance from one index to the next on each axis. Unit: elements.</param>
    /// <param name="target">Bytes to write. Must not overlap <paramref name="source"/>.</param>
    /// <param name="targetOffset">Where the box goes. Unit: elements.</param>
    /// <param name="targetStrides">Distance from one index to the next on each axis. Unit: elements.</param>
    /// <param name="sizes">Sizes of the box.</param>
    /// <param name="elementSize">Unit: bytes.</param>
    public static void Run(
        ReadOnlySpan<byte> source,
        long sourceOffset,
        ReadOnlySpan<long> sourceStrides,
        Span<byte> target,
        long targetOffset,
        ReadOnlySpan<long> targetStrides,
        ReadOnlySpan<long> sizes,
        int elementSize)
    {
        if (sizes.IndexOf(0) >= 0)
            return;
        if (sizes.IsEmpty)
        {
            Copy(source, sourceOffset, target, targetOffset, elementSize);
            return;
        }

        // Inner axes that are dense on both sides are one run of bytes.
        int axis = sizes.Length;
        long run = 1;
        while (axis > 0 && sourceStrides[axis - 1] == run && targetStrides[axis - 1] == run)
            run *= sizes[--axis];
        Axis(source, sourceOffset * elementSize, sourceStrides[..axis], target, targetOffset * elementSize, targetStrides[..axis], sizes[..axis], elementSize, (int)(run * elementSize));
    }

    /// <summary>Strides of a dense row-major array.</summary>
    public static long[] DenseStrides(ReadOnlySpan<long> sizes)
    {
        long[] strides = new long[sizes.Length];
        long stride = 1;
        for (int i = sizes.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= sizes[i];
        }

        return strides;
    }

    private static void Axis(
        ReadOnlySpan<byte> source,
        long from,
        ReadOnlySpan<long> sourceStrides,
        Span<byte> target,
        long to,
        ReadOnlySpan<long> targetStrides,
        ReadOnlySpan<long> sizes,
        int elementSize,
        int run)
    {
        if (sizes.IsEmpty)
        {
            source.Slice((int)from, run).CopyTo(target[(int)to..]);
            return;
        }

        long fromStep = sourceStrides[0] * elementSize;
        long toStep = targetStrides[0] * elementSize;
        for (long i = 0; i < sizes[0]; i++)
        {
            if (sizes.Length == 1)
                source.Slice((int)from, run).CopyTo(target[(int)to..]);
            else
                Axis(source, from, sourceStrides[1..], target, to, targetStrides[1..], sizes[1..], elementSize, run);
            from += fromStep;
            to += toStep;
        }
    }

    private static void Copy(ReadOnlySpan<byte> source, long from, Span<byte> target, long to, int elementSize) =>
        source.Slice((int)from * elementSize, elementSize).CopyTo(target[((int)to * elementSize)..]);
}
