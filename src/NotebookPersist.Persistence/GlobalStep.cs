namespace NotebookPersist;

/// <summary>The step that a checkpoint is named after: a number, or a value of the graph that is read when saving.</summary>
public readonly record struct GlobalStep
{
    private GlobalStep(long? number, Output? output, string? name) => (Number, Output, Name) = (number, output, name);

    /// <summary>The number; null where a value of the graph is meant.</summary>
    public long? Number { get; }

    /// <summary>The value of the graph; null for a number or a name.</summary>
    public Output? Output { get; }

    /// <summary>The name of a value of the graph; null for others.</summary>
    public string? Name { get; }

    /// <summary>A number.</summary>
    public static implicit operator GlobalStep(long step) => new(step, null, null);

    /// <summary>A number.</summary>
    public static implicit operator GlobalStep(int step) => new(step, null, null);

    /// <summary>A value of the graph.</summary>
    public static implicit operator GlobalStep(Output output) => new(null, output, null);

    /// <summary>A variable, such as the global step.</summary>
    public static implicit operator GlobalStep(Variable variable) => new(null, variable?.Value, null);

    /// <summary>The name of a value of the graph, <c>global_step:0</c>.</summary>
    public static implicit operator GlobalStep(string name) => new(null, null, name);

    /// <summary>The step as a number.</summary>
    internal long Evaluate(Session session) => Number
        ?? (long)(Output is not null ? session.Run(Output) : session.Run(Name!) ?? throw new ArgumentException($"The global step '{Name}' is an operation, not a tensor."));
}
