namespace NotebookPersist.Fuzzing;

/// <summary>What became of one input.</summary>
/// <param name="IsAccepted">Whether it was read to its end.</param>
/// <param name="Finding">What the reader did wrong, with the place that did it; null where all is well.</param>
internal sealed record FuzzOutcome(bool IsAccepted, string? Finding)
{
    public string? Detail { get; init; }
}
