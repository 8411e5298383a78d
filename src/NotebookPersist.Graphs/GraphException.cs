namespace NotebookPersist;

/// <summary>A graph was built or imported wrongly: unknown operation, types or shapes that do not fit, a name taken twice.</summary>
public sealed class GraphException : InvalidOperationException
{
    /// <summary>Names the node and the operation type that the fault lies in.</summary>
    public GraphException(string message, string? nodeName = null, string? opName = null, Exception? inner = null)
        : base(message, inner)
    {
        NodeName = nodeName;
        OpName = opName;
    }

    /// <summary>Name of the node that was being made; null where there is none.</summary>
    public string? NodeName { get; }

    /// <summary>Operation type of that node; null where there is none.</summary>
    public string? OpName { get; }
}
