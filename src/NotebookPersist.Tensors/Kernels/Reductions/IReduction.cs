namespace NotebookPersist.Kernels.Reductions;

/// <summary>How many numbers become one.</summary>
public interface IReduction<T>
    where T : unmanaged
{
    /// <summary>The result for no numbers.</summary>
    static abstract T Empty { get; }

    /// <summary>Of a run of numbers, at least one.</summary>
    static abstract T Run(ReadOnlySpan<T> x);

    /// <summary>Of two partial results.</summary>
    static abstract T Pair(T x, T y);

    /// <summary>Takes a row into partial results, element by element.</summary>
    static abstract void Into(ReadOnlySpan<T> x, Span<T> partial);
}
