namespace NotebookPersist;

/// <summary>What a tensor of a checkpoint, or a scope of them, is to initialise: a variable, the parts of one, a name, or a scope that ends with a slash.</summary>
public readonly record struct InitTarget
{
    private InitTarget(string? name, IReadOnlyList<Variable>? variables) => (Name, Variables) = (name, variables);

    /// <summary>Name of a variable or scope; null where variables are given.</summary>
    public string? Name { get; }

    /// <summary>The variable, or its parts; null where a name is given.</summary>
    public IReadOnlyList<Variable>? Variables { get; }

    /// <summary>A variable by its name, or a scope.</summary>
    public static implicit operator InitTarget(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new InitTarget(name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name, null);
    }

    /// <summary>A variable.</summary>
    public static implicit operator InitTarget(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return new InitTarget(null, [variable]);
    }

    /// <summary>The parts of a partitioned variable.</summary>
    public static implicit operator InitTarget(Variable[] parts)
    {
        ArgumentOutOfRangeException.ThrowIfZero((parts ?? []).Length, nameof(parts));
        return new InitTarget(null, parts);
    }
}
