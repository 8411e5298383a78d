namespace NotebookPersist.Notebooks.Hosting;

/// <summary>A run of a cell.</summary>
/// <param name="Number">The number of the run; 0 for a silent one.</param>
/// <param name="Cell">What the client calls the cell.</param>
/// <param name="Code">The cell's text when it was run.</param>
/// <param name="Outcome">How it ended, in one word.</param>
public sealed record CellRun(int Number, string Cell, string Code, string Outcome);
