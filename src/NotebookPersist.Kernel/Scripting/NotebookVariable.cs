namespace NotebookPersist.Kernel.Scripting;

/// <summary>A variable that cells have declared and later cells can use.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its declared type.</param>
/// <param name="Value">Its present value.</param>
public sealed record NotebookVariable(string Name, Type Type, object? Value);
