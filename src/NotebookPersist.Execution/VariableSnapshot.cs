namespace NotebookPersist.Execution;

/// <summary>Values of a session at one moment, without copies of variables.</summary>
/// <remarks>
/// Until this is disposed, updates of the variables leave the bytes that are seen here alone and write elsewhere.
/// Thread safety: the values may be read from any thread.
/// </remarks>
public sealed class VariableSnapshot : IDisposable
{
    private bool _released;

    internal VariableSnapshot(IReadOnlyList<Tensor> values)
    {
        Values = values;
        foreach (Tensor value in values)
            value.Buffer?.Hold();
    }

    /// <summary>The values, in the order in which they were asked for.</summary>
    public IReadOnlyList<Tensor> Values { get; }

    /// <summary>Updates may write over the bytes again.</summary>
    public void Dispose()
    {
        if (_released)
            return;
        _released = true;
        foreach (Tensor value in Values)
            value.Buffer?.Unhold();
    }
}
