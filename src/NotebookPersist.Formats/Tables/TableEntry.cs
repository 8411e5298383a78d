namespace NotebookPersist.Formats.Tables;

/// <summary>A key and its value, as views of a block.</summary>
/// <param name="Key">The key's bytes.</param>
/// <param name="Value">The value's bytes.</param>
/// <param name="BlockOffset">Where the block starts. Unit: bytes from the start of the file.</param>
internal readonly record struct TableEntry(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, long BlockOffset);
