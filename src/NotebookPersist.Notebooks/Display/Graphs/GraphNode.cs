namespace NotebookPersist.Notebooks.Graphs;

/// <summary>One operation as a picture needs it.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Type">Operation type.</param>
/// <param name="Kind">What it is there for.</param>
/// <param name="Value">Type and shape of its first output, as far as known; a scalar constant's value.</param>
/// <param name="Shape">Shape of a variable, input or first output.</param>
/// <param name="DType">Element type of the first output; invalid where unknown.</param>
internal sealed record GraphNode(string Name, string Type, NodeKind Kind, string Value, Shape Shape, DType DType)
{
    /// <summary>Numbers of the nodes whose values it takes.</summary>
    public List<int> Inputs { get; } = [];

    /// <summary>Numbers of the nodes that must run before it.</summary>
    public List<int> ControlInputs { get; } = [];

    /// <summary>The last part of the name.</summary>
    public string ShortName => Name[(Name.LastIndexOf('/') + 1)..];
}
