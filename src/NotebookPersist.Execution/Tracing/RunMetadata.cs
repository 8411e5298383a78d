namespace NotebookPersist;

/// <summary>What a run tells of itself.</summary>
/// <remarks>Source: TensorFlow's <c>tf.RunMetadata</c>.</remarks>
public sealed class RunMetadata
{
    /// <summary>What each operation took; null where no trace was asked for.</summary>
    public StepStats? StepStats { get; internal set; }

    /// <summary>The same as TensorFlow's message, which its tools read.</summary>
    public Protos.RunMetadata ToProto() => new() { StepStats = StepStats?.ToProto() };
}
