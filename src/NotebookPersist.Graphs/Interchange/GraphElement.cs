namespace NotebookPersist;

/// <summary>An operation, or one of its outputs, looked up by name in an imported graph.</summary>
/// <param name="Operation">The operation asked for, or the one whose output was asked for.</param>
/// <param name="Output">The output; null where the name was that of an operation.</param>
public readonly record struct GraphElement(Operation Operation, Output? Output)
{
    /// <summary>The operation.</summary>
    public static implicit operator Operation(GraphElement element) => element.Operation;

    /// <summary>The output asked for; output 0 where the name was that of an operation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The operation has no output.</exception>
    public static implicit operator Output(GraphElement element) => element.ToOutput();

    /// <summary>The output asked for; output 0 where the name was that of an operation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The operation has no output.</exception>
    public Output ToOutput() => Output ?? Operation[0];

    /// <summary>The name asked for.</summary>
    public override string ToString() => Output?.Name ?? Operation.Name;
}
