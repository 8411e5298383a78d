namespace NotebookPersist;

/// <summary>What unfreezing wrote.</summary>
/// <param name="Prefix">Prefix of the checkpoint; the graph is beside it as <c>.meta</c>.</param>
/// <param name="Variables">Names of the constants that became variables.</param>
/// <param name="ByteCount">Unit: bytes of their values.</param>
/// <param name="NodeCount">Operations of the graph, with those of initialisation and saver.</param>
/// <param name="Elapsed">Time it took.</param>
public sealed record UnfrozenModel(string Prefix, IReadOnlyList<string> Variables, long ByteCount, int NodeCount, TimeSpan Elapsed)
{
    /// <inheritdoc/>
    public override string ToString() => $"Made {Variables.Count} variables of constants; the graph of {NodeCount} operations is '{Prefix}.meta', the values are checkpoint '{Prefix}'.";
}
