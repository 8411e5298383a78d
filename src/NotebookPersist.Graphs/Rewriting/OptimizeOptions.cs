namespace NotebookPersist;

/// <summary>Which rewrites make a graph smaller and faster for inference.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record OptimizeOptions
{
    /// <summary>Whether to take out what only training needs: Identity, CheckNumerics, StopGradient, Print, and waiting for assertions.</summary>
    public bool RemoveTrainingNodes { get; init; } = true;

    /// <summary>Whether to compute ahead what depends on constants alone.</summary>
    public bool FoldConstants { get; init; } = true;

    /// <summary>Whether to multiply batch normalisations, and products with constants, into the weights before them.</summary>
    public bool FoldBatchNorms { get; init; } = true;

    /// <summary>Whether nodes that compute the same become one.</summary>
    public bool MergeDuplicates { get; init; } = true;

    /// <summary>Element types for inputs, by name, in the place of those that the graph tells.</summary>
    public IReadOnlyDictionary<string, DType> InputTypes { get; init; } = new Dictionary<string, DType>();
}
