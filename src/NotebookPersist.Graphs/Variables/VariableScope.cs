namespace NotebookPersist;

/// <summary>A scope of variable names that is entered; disposing leaves it.</summary>
/// <remarks>Names of variables follow it as it is called; names of operations follow the name scope opened with it, which is made unique.</remarks>
public sealed class VariableScope : IDisposable
{
    private Action? _leave;

    internal VariableScope(string name, string originalNameScope, VariableReuse reuse, VariableDefaults defaults, Action? leave) =>
        (Name, OriginalNameScope, Reuse, Defaults, _leave) = (name, originalNameScope, reuse, defaults, leave);

    /// <summary>Full name, without a slash at its end; empty outside all scopes.</summary>
    public string Name { get; }

    /// <summary>The name scope of the operations made inside, with a slash at its end.</summary>
    public string OriginalNameScope { get; }

    /// <summary>Whether variables are made or given again.</summary>
    public VariableReuse Reuse { get; private set; }

    /// <summary>What variables start with unless told otherwise; null for the type's own.</summary>
    public IInitializer? Initializer => Defaults.Initializer;

    /// <summary>Whether variables are made behind resource handles; null where the scope does not say.</summary>
    public bool? UseResource => Defaults.UseResource;

    /// <summary>Gives the loss terms of variables unless told otherwise; null for none.</summary>
    public Func<Output, Output?>? Regularizer => Defaults.Regularizer;

    /// <summary>How variables are cut into parts unless told otherwise; null for not at all.</summary>
    public Partitioner? Partitioner => Defaults.Partitioner;

    /// <summary>What variables made inside get unless told otherwise.</summary>
    internal VariableDefaults Defaults { get; }

    /// <summary>From now on variables in this scope must exist.</summary>
    public void ReuseVariables() => Reuse = VariableReuse.Existing;

    /// <summary>Leaves the scope.</summary>
    public void Dispose()
    {
        _leave?.Invoke();
        _leave = null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
