namespace NotebookPersist;

/// <summary>How a session runs.</summary>
public sealed record SessionOptions
{
    /// <summary>Number of threads that one kernel may share its work among; by default as many as there are processors.</summary>
    public int ThreadCount { get; init; } = Environment.ProcessorCount;
}
