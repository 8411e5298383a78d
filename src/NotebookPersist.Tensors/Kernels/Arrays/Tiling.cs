namespace NotebookPersist.Kernels;

/// <summary>Repeats tensors along their dimensions.</summary>
public static class Tiling
{
    /// <summary>Fills a target whose sizes are multiples of the source's.</summary>
    public static void Tile(Tensor source, Tensor target, Workers workers)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (target.Count == 0)
            return;
        int rank = source.Rank;
        StridedView read = StridedView.Of(source);
        StridedView write = StridedView.Of(target);
        // Two dimensions for each: which copy, and where in it.
        long[] sizes = new long[2 * rank];
        int[] from = new int[2 * rank];
        int[] to = new int[2 * rank];
        for (int i = 0; i < rank; i++)
        {
            sizes[2 * i] = target.Shape[i] / source.Shape[i];
            sizes[(2 * i) + 1] = source.Shape[i];
            from[(2 * i) + 1] = read.Strides[i];
            to[2 * i] = checked((int)source.Shape[i] * write.Strides[i]);
            to[(2 * i) + 1] = write.Strides[i];
        }

        StridedCopy.Run(read with { Strides = from }, write with { Strides = to }, sizes, workers);
    }

    /// <summary>Fills a target by repeating the source along the dimensions where it has size 1 or none.</summary>
    public static void Broadcast(Tensor source, Tensor target, Workers workers)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        StridedView read = StridedView.Of(source);
        int[] from = new int[target.Rank];
        for (int i = 1; i <= source.Rank; i++)
            from[^i] = source.Shape[^i] == 1 ? 0 : read.Strides[^i];
        StridedCopy.Run(read with { Strides = from }, StridedView.Of(target), target.Shape.Dimensions, workers);
    }
}
