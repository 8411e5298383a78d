using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>A graph whose variables are constants.</summary>
/// <param name="GraphDef">The graph.</param>
/// <param name="OutputNames">Operations it was cut down to.</param>
/// <param name="OutputReason">How these were chosen.</param>
/// <param name="VariableCount">Variables that became constants.</param>
/// <param name="OriginalNodeCount">Nodes of the graph before.</param>
/// <param name="Elapsed">Time that freezing took.</param>
public sealed record FrozenGraph(
    GraphDef GraphDef,
    IReadOnlyList<string> OutputNames,
    string OutputReason,
    int VariableCount,
    int OriginalNodeCount,
    TimeSpan Elapsed)
{
    /// <summary>Size of the stored graph.</summary>
    /// <returns>Unit: bytes.</returns>
    public long ByteCount => GraphFreezer.ByteCount(GraphDef);

    /// <inheritdoc/>
    public override string ToString() =>
        $"Froze {VariableCount} variables; kept {GraphDef.Node.Count} of {OriginalNodeCount} operations for {string.Join(", ", OutputNames)} ({OutputReason}).";
}
