namespace NotebookPersist;

/// <summary>What a run is asked for: a symbolic value, a variable, an operation, or the name of one of them.</summary>
public readonly record struct Fetch
{
    private Fetch(Output? output, Operation? operation, string? name) => (Output, Operation, Name) = (output, operation, name);

    /// <summary>The symbolic value; null for others.</summary>
    public Output? Output { get; }

    /// <summary>The operation to run for its effect; null for others.</summary>
    public Operation? Operation { get; }

    /// <summary>The name: with a colon a value, without one an operation; null for others.</summary>
    public string? Name { get; }

    /// <summary>A symbolic value.</summary>
    public static implicit operator Fetch(Output output) => new(output, null, null);

    /// <summary>The value of a variable.</summary>
    public static implicit operator Fetch(Variable variable) => new(variable is { IsResource: true } ? variable.Value : variable?.Reference, null, null);

    /// <summary>An operation, run for its effect.</summary>
    public static implicit operator Fetch(Operation operation) => new(null, operation, null);

    /// <summary>What was looked up in an imported graph: a value, or an operation run for its effect.</summary>
    public static implicit operator Fetch(GraphElement element) => new(element.Output, element.Output is null ? element.Operation : null, null);

    /// <summary>A name: <c>operation:index</c> for a value, <c>operation</c> for an operation.</summary>
    public static implicit operator Fetch(string name) => new(null, null, name);

    /// <inheritdoc/>
    public override string ToString() => Output?.Name ?? Operation?.Name ?? Name ?? "nothing";
}
