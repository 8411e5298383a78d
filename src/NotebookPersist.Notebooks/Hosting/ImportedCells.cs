namespace NotebookPersist.Notebooks.Hosting;

/// <summary>The cells of a file that a magic has asked for.</summary>
/// <param name="Count">How many are run; null where that shows only when they run.</param>
/// <param name="LeftOut">Those that are not, each with its language.</param>
public sealed record ImportedCells(int? Count, IReadOnlyList<string> LeftOut);
