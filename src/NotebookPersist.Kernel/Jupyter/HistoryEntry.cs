namespace NotebookPersist.Kernel.Jupyter;

/// <summary>A cell that was run.</summary>
/// <param name="Session">The session, from 1.</param>
/// <param name="Line">The number of the run in its session, from 1.</param>
/// <param name="Source">The cell.</param>
/// <param name="Output">The text of its value; null where it had none, or is of an earlier session.</param>
internal sealed record HistoryEntry(int Session, int Line, string Source, string? Output = null);
