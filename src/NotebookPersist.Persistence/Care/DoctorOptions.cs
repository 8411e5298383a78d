namespace NotebookPersist;

/// <summary>How the doctor tells what is left over from what is being written.</summary>
public sealed record DoctorOptions
{
    /// <summary>The usual.</summary>
    public static DoctorOptions Default { get; } = new();

    /// <summary>How long nothing may have changed a temporary file before it counts as left over; by default ten minutes.</summary>
    /// <remarks>Files that this library is writing are locked and never taken, however old; TensorFlow does not lock its own.</remarks>
    public TimeSpan QuietTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
