namespace NotebookPersist;

/// <summary>How one run is done.</summary>
/// <remarks>Source: TensorFlow's <c>tf.RunOptions</c>.</remarks>
public sealed record RunOptions
{
    /// <summary>How much is noted for <see cref="RunMetadata"/>.</summary>
    public TraceLevel TraceLevel { get; init; }

    /// <summary>After which the run is stopped and fails with DEADLINE_EXCEEDED; zero for never.</summary>
    public TimeSpan Timeout { get; init; }
}
