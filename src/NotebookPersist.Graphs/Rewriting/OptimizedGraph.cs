using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>What one rewrite did to a graph.</summary>
/// <param name="Name">What it does, in a few words.</param>
/// <param name="Changed">Places that it rewrote.</param>
/// <param name="NodesBefore">Nodes before it.</param>
/// <param name="NodesAfter">Nodes after it, those that nobody needs any more taken away.</param>
public sealed record OptimizationStep(string Name, int Changed, int NodesBefore, int NodesAfter);

/// <summary>A graph rewritten for inference.</summary>
/// <param name="GraphDef">The graph.</param>
/// <param name="Inputs">Operations to feed.</param>
/// <param name="Outputs">Operations to fetch.</param>
/// <param name="Steps">What each rewrite did, in order.</param>
/// <param name="NodesBefore">Nodes by type before.</param>
public sealed record OptimizedGraph(
    GraphDef GraphDef,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyList<OptimizationStep> Steps,
    IReadOnlyDictionary<string, int> NodesBefore)
{
    /// <summary>Nodes by type after.</summary>
    public IReadOnlyDictionary<string, int> NodesAfter => CountByType(GraphDef.Node);

    /// <summary>How many nodes there are of each type.</summary>
    internal static SortedDictionary<string, int> CountByType(IEnumerable<NodeDef> nodes)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (NodeDef node in nodes)
            counts[node.Op] = counts.GetValueOrDefault(node.Op) + 1;
        return counts;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{NodesBefore.Values.Sum()} operations became {GraphDef.Node.Count}: {string.Join("; ", Steps.Where(static s => s.Changed > 0).Select(static s => $"{s.Name} {s.Changed}"))}.";
}
