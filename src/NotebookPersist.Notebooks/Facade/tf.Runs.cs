namespace NotebookPersist;

public static partial class tf
{
    /// <summary>How one run is done.</summary>
    /// <param name="traceLevel">How much is noted.</param>
    /// <param name="timeoutInMs">After which the run is stopped; 0 for never. Unit: milliseconds.</param>
    public static RunOptions RunOptions(TraceLevel traceLevel = TraceLevel.NoTrace, int timeoutInMs = 0) =>
        new() { TraceLevel = traceLevel, Timeout = TimeSpan.FromMilliseconds(timeoutInMs) };

    /// <summary>Takes what a run tells of itself.</summary>
    public static RunMetadata RunMetadata() => new();
}
