namespace NotebookPersist;

/// <summary>Whether <see cref="Graph.GetVariable"/> makes variables or gives those that exist.</summary>
/// <remarks>Written as <c>true</c> for <see cref="Existing"/>, and <c>false</c> or null for <see cref="Inherit"/>.</remarks>
public readonly record struct VariableReuse
{
    private readonly string? _name;

    private VariableReuse(string name) => _name = name;

    /// <summary>As the surrounding scope; outside all, variables are made and must be new.</summary>
    public static VariableReuse Inherit => default;

    /// <summary>Variables must exist.</summary>
    public static VariableReuse Existing { get; } = new(nameof(Existing));

    /// <summary>Variables are made where they do not exist.</summary>
    public static VariableReuse Auto { get; } = new(nameof(Auto));

    /// <summary>True: variables must exist; false: as the surrounding scope.</summary>
    public static implicit operator VariableReuse(bool reuse) => reuse ? Existing : Inherit;

    /// <summary>True: variables must exist; false or null: as the surrounding scope.</summary>
    public static implicit operator VariableReuse(bool? reuse) => reuse == true ? Existing : Inherit;

    /// <inheritdoc/>
    public override string ToString() => _name ?? nameof(Inherit);
}
