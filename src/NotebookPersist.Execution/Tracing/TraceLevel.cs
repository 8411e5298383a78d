namespace NotebookPersist;

/// <summary>How much of a run is noted.</summary>
/// <remarks>Source: TensorFlow's RunOptions.TraceLevel.</remarks>
public enum TraceLevel
{
    /// <summary>Nothing.</summary>
    NoTrace = 0,

    /// <summary>Every operation; there is no other software to trace here.</summary>
    SoftwareTrace = 1,

    /// <summary>Every operation; there is no other hardware to trace here.</summary>
    HardwareTrace = 2,

    /// <summary>Every operation.</summary>
    FullTrace = 3,
}
