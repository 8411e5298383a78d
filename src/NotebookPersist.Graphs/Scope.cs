namespace NotebookPersist;

/// <summary>Something entered that disposing leaves, once.</summary>
internal sealed class Scope(Action leave) : IDisposable
{
    private Action? _leave = leave;

    public void Dispose()
    {
        _leave?.Invoke();
        _leave = null;
    }
}
