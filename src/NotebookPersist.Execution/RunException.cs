using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>A run failed: at a node, or because of what was fed or fetched.</summary>
public sealed class RunException : InvalidOperationException
{
    /// <summary>Says what is wrong and, where a node is to blame, which one.</summary>
    public RunException(string message, RunErrorCode code, Operation? operation = null, Exception? inner = null)
        : base(operation is null ? message : $"{message}\n\t [[node {operation.Name} (op: {operation.Type}) ]]", inner)
    {
        Code = code;
        NodeName = operation?.Name;
        OpName = operation?.Type;
    }

    /// <summary>The kind of error in TensorFlow's terms.</summary>
    public RunErrorCode Code { get; }

    /// <summary>The node that failed; null where none did.</summary>
    public string? NodeName { get; }

    /// <summary>Its operation type.</summary>
    public string? OpName { get; }
}
