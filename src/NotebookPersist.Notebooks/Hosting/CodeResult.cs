namespace NotebookPersist.Notebooks.Hosting;

/// <summary>What code that a magic has run ended in: shown as the value of a cell's last expression is.</summary>
/// <param name="Value">The value; null may be one.</param>
public sealed record CodeResult(object? Value);
