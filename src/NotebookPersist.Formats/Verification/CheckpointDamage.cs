namespace NotebookPersist.Formats;

/// <summary>What a damage does to a checkpoint.</summary>
public enum CheckpointDamageKind
{
    /// <summary>A file that the checkpoint needs is not there.</summary>
    MissingFile,

    /// <summary>A file is there but is of another checkpoint.</summary>
    ForeignFile,

    /// <summary>A file ends before its contents do.</summary>
    Truncated,

    /// <summary>A block of a table, or what the table says, is wrong.</summary>
    Block,

    /// <summary>The bytes of one tensor are wrong.</summary>
    Tensor,

    /// <summary>A file cannot be opened or read.</summary>
    Unreadable,

    /// <summary>A checkpoint of a later release, or values that cannot be read here: nothing is known to be wrong.</summary>
    Unsupported,

    /// <summary>Bytes that no reader needs are wrong; every value is right.</summary>
    Unused,
}

/// <summary>One thing that is wrong with the files of a checkpoint.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Message">One or two sentences; names the file.</param>
/// <param name="Path">The file.</param>
/// <param name="ByteOffset">Unit: bytes from the start of the file; null where the place is not one byte.</param>
/// <param name="TensorName">The tensor concerned; null where it is not one.</param>
public sealed record CheckpointDamage(CheckpointDamageKind Kind, string Message, string Path, long? ByteOffset = null, string? TensorName = null)
{
    /// <summary>True where every value can still be read.</summary>
    public bool IsHarmless => Kind == CheckpointDamageKind.Unused;
}
