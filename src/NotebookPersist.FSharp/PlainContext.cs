namespace NotebookPersist.FSharpCells;

/// <summary>Takes the synchronization context from the thread for the length of a block.</summary>
/// <remarks>The compiler waits on the cell's thread for work that it would send back to this very thread.</remarks>
internal readonly struct PlainContext : IDisposable
{
    private readonly SynchronizationContext? _before;

    private PlainContext(SynchronizationContext? before) => _before = before;

    public static PlainContext Enter()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        return new PlainContext(before);
    }

    public void Dispose() => SynchronizationContext.SetSynchronizationContext(_before);
}
