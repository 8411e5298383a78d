namespace NotebookPersist.Notebooks.Hosting;

/// <summary>A variable for cells to use.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its declared type: public, and not made by a cell.</param>
/// <param name="Value">Its value.</param>
public sealed record CellVariable(string Name, Type Type, object? Value);
