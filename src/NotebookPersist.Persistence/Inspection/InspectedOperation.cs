namespace NotebookPersist;

/// <summary>A stored node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Operation type.</param>
/// <param name="Inputs">Inputs as they are stored.</param>
/// <param name="Outputs">Names of its outputs; empty where they cannot be told.</param>
public sealed record InspectedOperation(string Name, string Type, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);
