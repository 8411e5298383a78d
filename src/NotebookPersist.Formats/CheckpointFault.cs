namespace NotebookPersist.Formats;

/// <summary>What is wrong with the bytes of a file.</summary>
public enum CheckpointFault
{
    /// <summary>The file is not in the expected format at all, for instance a table without its magic number.</summary>
    NotThisFormat,

    /// <summary>The file ends before its contents do.</summary>
    Truncated,

    /// <summary>A stored checksum differs from the checksum of the bytes.</summary>
    ChecksumMismatch,

    /// <summary>A length, offset, key or other part of the structure contradicts the rest.</summary>
    BadStructure,

    /// <summary>A compressed block does not decompress.</summary>
    BadCompression,

    /// <summary>A protobuf message does not parse.</summary>
    BadMessage,

    /// <summary>Text in protobuf's text format does not parse.</summary>
    BadText,

    /// <summary>The file asks for a reader of another version.</summary>
    UnsupportedVersion,

    /// <summary>The file holds something that is valid but that this library does not read, such as a variant tensor.</summary>
    Unsupported,

    /// <summary>The slices of a partitioned tensor overlap, leave a gap or disagree.</summary>
    BadSlices,

    /// <summary>A size in the file is beyond what is accepted from a file.</summary>
    LimitExceeded,
}
