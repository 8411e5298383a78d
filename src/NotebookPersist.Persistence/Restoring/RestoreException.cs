namespace NotebookPersist;

/// <summary>A checkpoint and a graph do not agree; tells everything that does not, at once, and what may help.</summary>
public sealed class RestoreException : IOException
{
    /// <summary>Says what does not agree.</summary>
    public RestoreException(string message, RestorePlan? plan = null, Exception? inner = null)
        : base(message, inner) => Plan = plan;

    /// <summary>What was compared, variable by variable; null where nothing could be opened.</summary>
    public RestorePlan? Plan { get; }
}
