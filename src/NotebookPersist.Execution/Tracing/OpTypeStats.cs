namespace NotebookPersist;

/// <summary>What all operations of one type took in one run.</summary>
/// <param name="OpType">The type.</param>
/// <param name="RunCount">How often operations of the type ran.</param>
/// <param name="OwnDuration">Their time, without that of functions they called.</param>
/// <param name="OutputByteCount">Size of their outputs. Unit: bytes.</param>
public sealed record OpTypeStats(string OpType, int RunCount, TimeSpan OwnDuration, long OutputByteCount);
