namespace NotebookPersist.Graphs.OpModel;

/// <summary>Kinds of errors of a run, in TensorFlow's terms.</summary>
public enum RunErrorCode
{
    /// <summary>Anything else.</summary>
    Unknown = 2,

    /// <summary>Values or shapes that the operation does not take.</summary>
    InvalidArgument = 3,

    /// <summary>The run took longer than it was given.</summary>
    DeadlineExceeded = 4,

    /// <summary>A name or file that does not exist.</summary>
    NotFound = 5,

    /// <summary>Not enough memory.</summary>
    ResourceExhausted = 8,

    /// <summary>The session is in no state for it, such as an uninitialised variable.</summary>
    FailedPrecondition = 9,

    /// <summary>The run was cancelled.</summary>
    Cancelled = 1,

    /// <summary>The graph itself gave up.</summary>
    Aborted = 10,

    /// <summary>An index past the end.</summary>
    OutOfRange = 11,

    /// <summary>No kernel for this operation or element type.</summary>
    Unimplemented = 12,

    /// <summary>A damaged file.</summary>
    DataLoss = 15,
}
