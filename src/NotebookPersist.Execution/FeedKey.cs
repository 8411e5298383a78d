namespace NotebookPersist;

/// <summary>What a fed value replaces: a symbolic value, or its name.</summary>
public readonly record struct FeedKey
{
    private FeedKey(Output? output, string? name) => (Output, Name) = (output, name);

    /// <summary>The symbolic value; null where a name was given.</summary>
    public Output? Output { get; }

    /// <summary>The name; null where a symbolic value was given.</summary>
    public string? Name { get; }

    /// <summary>A symbolic value.</summary>
    public static implicit operator FeedKey(Output output) => new(output, null);

    /// <summary>The value of a variable as operations read it.</summary>
    public static implicit operator FeedKey(Variable variable) => new(variable?.Value, null);

    /// <summary>A name of the form <c>operation:index</c>.</summary>
    public static implicit operator FeedKey(string name) => new(null, name);

    /// <inheritdoc/>
    public override string ToString() => Output?.Name ?? Name ?? "nothing";
}
