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
}
