namespace NotebookPersist.Interactive;

/// <summary>How a magic ended.</summary>
/// <param name="Shown">What is to be shown; null where nothing is, or was already.</param>
/// <param name="Error">Why it failed, in words for its user; null where it did not.</param>
public sealed record MagicOutcome(object? Shown, string? Error);
