namespace NotebookPersist;

/// <summary>A checkpoint and a graph do not agree; tells everything that does not, at once.</summary>
public sealed class RestoreException : IOException
{
    /// <summary>Says what does not agree.</summary>
    public RestoreException(string message, RestoreReport? report = null, Exception? inner = null)
        : base(message, inner) => Report = report;

    /// <summary>What was compared, variable by variable; null where nothing could be opened.</summary>
    public RestoreReport? Report { get; }
}
