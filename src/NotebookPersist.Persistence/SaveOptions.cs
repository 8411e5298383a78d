namespace NotebookPersist;

/// <summary>How a save is done, beyond what TensorFlow's Saver can be told.</summary>
public sealed record SaveOptions
{
    /// <summary>A full, durable save.</summary>
    public static SaveOptions Default { get; } = new();

    /// <summary>
    /// True to write only tensors that changed since the newest checkpoint in the folder: the others stay in its data files, which get one more
    /// name (or are copied where the file system has no links). The result is an ordinary checkpoint, and old ones can be deleted.
    /// </summary>
    public bool Incremental { get; init; }

    /// <summary>False to leave it to the system when the bytes reach the disk: faster, but a power failure can take the checkpoint.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>
    /// True to delete as many old checkpoints as exceed the saver's limit; false deletes one a save at most, as TensorFlow does, also where an
    /// earlier process kept more.
    /// </summary>
    public bool DeletesToLimit { get; init; }

    /// <summary>Told of every piece that was written, from the thread that writes.</summary>
    public IProgress<SaveProgress>? Progress { get; init; }

    /// <summary>What becomes of an asynchronous save while an earlier one is still being written.</summary>
    public SaveOverlap Overlap { get; init; }
}

/// <summary>What becomes of an asynchronous save while an earlier one is still being written.</summary>
public enum SaveOverlap
{
    /// <summary>It is written after the earlier one.</summary>
    Wait,

    /// <summary>It takes the place of one that waits; that one is never written.</summary>
    Coalesce,
}

/// <summary>How far a save has come.</summary>
/// <param name="Prefix">The checkpoint.</param>
/// <param name="WrittenByteCount">Unit: bytes.</param>
/// <param name="TotalByteCount">Unit: bytes; without what is linked.</param>
public readonly record struct SaveProgress(string Prefix, long WrittenByteCount, long TotalByteCount);
