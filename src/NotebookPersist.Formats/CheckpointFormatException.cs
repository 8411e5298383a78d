namespace NotebookPersist.Formats;

/// <summary>The bytes of a checkpoint, graph or tensor file are wrong.</summary>
/// <remarks>The message says what was being read, what was found and what was expected, and names the file.</remarks>
public sealed class CheckpointFormatException : IOException
{
    /// <summary>Describes what is wrong and where.</summary>
    /// <param name="message">One or two sentences; names the file.</param>
    /// <param name="fault">The kind of damage.</param>
    /// <param name="path">The file, or a word for where the bytes came from.</param>
    /// <param name="byteOffset">Unit: bytes from the start of the file; null where the place is not one byte.</param>
    /// <param name="innerException">What the parser below said.</param>
    public CheckpointFormatException(string message, CheckpointFault fault, string path, long? byteOffset = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Fault = fault;
        Path = path;
        ByteOffset = byteOffset;
    }

    /// <summary>The kind of damage.</summary>
    public CheckpointFault Fault { get; }

    /// <summary>The file whose bytes are wrong.</summary>
    public string Path { get; }

    /// <summary>Unit: bytes from the start of the file; null where the place is not one byte.</summary>
    public long? ByteOffset { get; }
}
