namespace NotebookPersist;

/// <summary>How a graph that was written is compared with the one it was made from.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record VerifyOptions
{
    /// <summary>Tolerance where only variables became constants.</summary>
    public const double FrozenTolerance = 1e-5;

    /// <summary>Tolerance where sums and products were rewritten.</summary>
    public const double OptimizedTolerance = 1e-4;

    /// <summary>False writes without running the graphs. The file is read back and compared in any case.</summary>
    public bool IsWanted { get; init; } = true;

    /// <summary>
    /// Largest difference that counts as equal, as a part of the largest value of the output;
    /// by default <see cref="FrozenTolerance"/>, or <see cref="OptimizedTolerance"/> after rewrites.
    /// </summary>
    public double? Tolerance { get; init; }

    /// <summary>Values for inputs; those not given are made from the placeholders' shapes.</summary>
    public FeedDict? Feed { get; init; }
}
