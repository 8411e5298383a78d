namespace NotebookPersist;

/// <summary>What kind of thing the doctor found.</summary>
public enum FindingKind
{
    /// <summary>A block of an index or V1 file is wrong, so that the checkpoint cannot be read.</summary>
    DamagedBlock,

    /// <summary>The bytes of a tensor are wrong.</summary>
    DamagedTensor,

    /// <summary>Bytes that no reader needs are wrong.</summary>
    DamagedUnusedBlock,

    /// <summary>A file ends before its contents do.</summary>
    TruncatedFile,

    /// <summary>A file that a checkpoint needs is not there.</summary>
    MissingFile,

    /// <summary>A file is of another checkpoint, or of a save with another number of files.</summary>
    ForeignFile,

    /// <summary>A data file whose index is not there.</summary>
    OrphanData,

    /// <summary>A meta graph whose checkpoint is not there.</summary>
    OrphanMetaGraph,

    /// <summary>A meta graph, or the graph of a SavedModel, does not parse.</summary>
    DamagedGraph,

    /// <summary>A file cannot be opened, or a link leads nowhere.</summary>
    Unreadable,

    /// <summary>A file of a later release, or of values that cannot be read here.</summary>
    Unsupported,

    /// <summary>The state file does not parse or names nothing.</summary>
    BrokenState,

    /// <summary>The state file names a checkpoint that is not there.</summary>
    StateNamesMissing,

    /// <summary>The state file names a checkpoint that is damaged.</summary>
    StateNamesDamaged,

    /// <summary>The state file tells complete paths of a place from which the folder was moved.</summary>
    MovedFolder,

    /// <summary>The state file names a checkpoint in another folder, while one of the same name is beside it.</summary>
    NamesOtherFolder,

    /// <summary>The state file names an older checkpoint than the newest sound one.</summary>
    StaleState,

    /// <summary>Several checkpoints, and no state file that names the newest.</summary>
    MissingState,

    /// <summary>A temporary file or folder that a process left when it died.</summary>
    Leftover,

    /// <summary>A temporary file or folder that a process may still be writing.</summary>
    BeingWritten,

    /// <summary>There is no checkpoint at all.</summary>
    NothingThere,
}

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Note,

    /// <summary>Something is not as it should be, but no value is lost by it.</summary>
    Warning,

    /// <summary>Values cannot be read, or the newest checkpoint is not found.</summary>
    Error,
}

/// <summary>One thing that the doctor found.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="What">What is wrong, in one or two sentences.</param>
/// <param name="Path">The file or folder concerned.</param>
/// <param name="Remedy">What to do about it, one sentence.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record Finding(FindingKind Kind, FindingSeverity Severity, string What, string Path, string Remedy)
{
    /// <summary>Unit: bytes from the start of the file; null where the place is not one byte.</summary>
    public long? ByteOffset { get; init; }

    /// <summary>The tensor concerned; null where it is not one.</summary>
    public string? TensorName { get; init; }

    /// <summary>True where <see cref="CheckpointDoctor.Repair"/> puts it right.</summary>
    public bool IsRepairable { get; init; }
}
