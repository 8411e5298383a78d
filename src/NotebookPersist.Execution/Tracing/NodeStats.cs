namespace NotebookPersist;

/// <summary>One time that one operation ran.</summary>
/// <param name="Name">The node; of operations that were run as one, the last.</param>
/// <param name="OpType">What ran: <c>_FusedConv2D</c> where a convolution took its bias along.</param>
/// <param name="Start">Since the run began.</param>
/// <param name="Duration">How long it took, called functions included.</param>
/// <param name="OwnDuration">How long it took itself.</param>
/// <param name="OutputByteCount">Size of its outputs. Unit: bytes.</param>
/// <param name="Inputs">Names of its inputs.</param>
public sealed record NodeStats(string Name, string OpType, TimeSpan Start, TimeSpan Duration, TimeSpan OwnDuration, long OutputByteCount, IReadOnlyList<string> Inputs)
{
    /// <summary>Of operations that ran at the same time, those on different lanes; 0 where nothing else ran.</summary>
    public int Lane { get; init; }
}
