namespace NotebookPersist;

/// <summary>A name scope that is entered; disposing leaves it.</summary>
public sealed class NameScope : IDisposable
{
    private Action? _leave;

    internal NameScope(string name, Action leave) => (Name, _leave) = (name, leave);

    /// <summary>Full name with a slash at its end, which enters the same scope again.</summary>
    public string Name { get; }

    /// <summary>Leaves the scope.</summary>
    public void Dispose()
    {
        _leave?.Invoke();
        _leave = null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
