namespace NotebookPersist;

/// <summary>How a session runs.</summary>
public sealed record SessionOptions
{
    /// <summary>Number of threads that one kernel may share its work among; by default as many as there are processors.</summary>
    public int ThreadCount { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Whether plans compute ahead what is constant, compute once what is asked for twice, and run chains of operations in one; by default true.
    /// </summary>
    /// <remarks>Results are the same but for rounding where a batch normalisation is multiplied into constant weights.</remarks>
    public bool OptimizesPlans { get; init; } = true;

    /// <summary>Whether convolutions are plain sums of products in float32 always; by default filters of three by three go the faster way of Winograd.</summary>
    /// <remarks>
    /// That way costs about four times the rounding error: root mean square below 5e-6 of that of the result, at most 2e-5 of the largest result.
    /// And an infinite input makes NaN of the up to sixteen results of its tile instead of those whose windows hold it.
    /// </remarks>
    public bool ExactConvolution { get; init; }
}
