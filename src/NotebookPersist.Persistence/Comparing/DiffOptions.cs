namespace NotebookPersist;

/// <summary>What counts as different.</summary>
public sealed record DiffOptions
{
    /// <summary>Every bit counts.</summary>
    public static DiffOptions Exact { get; } = new();

    /// <summary>Greatest difference of two elements, in absolute terms, at which floating-point tensors still count as equal; by default 0.</summary>
    public double Tolerance { get; init; }
}
