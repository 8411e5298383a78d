namespace NotebookPersist.Graphs.OpModel;

/// <summary>A kernel cannot go on: what it was given is wrong. The session adds which node it was.</summary>
public sealed class KernelException : InvalidOperationException
{
    /// <summary>Says what is wrong.</summary>
    public KernelException(RunErrorCode code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>The kind of error in TensorFlow's terms.</summary>
    public RunErrorCode Code { get; }
}
