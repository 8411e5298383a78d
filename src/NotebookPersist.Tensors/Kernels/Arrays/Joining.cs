namespace NotebookPersist.Kernels;

/// <summary>Puts tensors side by side along a dimension, and takes them apart again.</summary>
public static class Joining
{
    /// <summary>Copies parts one after another into every row of the whole.</summary>
    /// <param name="parts">Seen as <paramref name="rows"/> rows each, of any width.</param>
    /// <param name="whole">Its rows are as wide as those of all parts together.</param>
    /// <param name="rows">Product of the sizes before the joined dimension.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static void Join(ReadOnlySpan<Tensor> parts, Tensor whole, int rows, Workers workers)
    {
        ArgumentNullException.ThrowIfNull(whole);
        int width = rows == 0 ? 0 : whole.Count / rows;
        int at = 0;
        foreach (Tensor part in parts)
        {
            int own = rows == 0 ? 0 : part.Count / rows;
            StridedCopy.Run(new StridedView(part, 0, [own, 1]), new StridedView(whole, at, [width, 1]), [rows, own], workers);
            at += own;
        }
    }

    /// <summary>The opposite of <see cref="Join"/>: fills the parts from the whole.</summary>
    public static void Split(Tensor whole, ReadOnlySpan<Tensor> parts, int rows, Workers workers)
    {
        ArgumentNullException.ThrowIfNull(whole);
        int width = rows == 0 ? 0 : whole.Count / rows;
        int at = 0;
        foreach (Tensor part in parts)
        {
            int own = rows == 0 ? 0 : part.Count / rows;
            StridedCopy.Run(new StridedView(whole, at, [width, 1]), new StridedView(part, 0, [own, 1]), [rows, own], workers);
            at += own;
        }
    }
}
