using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>What a reader of a stored graph should know before trusting to run it: of which release it is, and what is not known here.</summary>
/// <remarks>Thread safety: pure functions.</remarks>
internal static class GraphNotes
{
    private const int MostListed = 8;

    /// <summary>The notes, a sentence each; none for a graph that TensorFlow 1.15 could have written.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="laterFields">Fields of the file that are not known here, as often as they occur.</param>
    public static IReadOnlyList<string> Of(GraphDef graph, IReadOnlyCollection<string> laterFields)
    {
        var notes = new List<string>();
        int producer = graph.Versions?.Producer ?? 0;
        if (producer > Graph.ProducerVersion)
            notes.Add($"The graph is of a later release than TensorFlow 1.15: its version is {producer}, that of 1.15 is {Graph.ProducerVersion}.");
        if (graph.Versions?.MinConsumer > Graph.ProducerVersion)
            notes.Add($"It asks for a reader of at least version {graph.Versions.MinConsumer}, and so cannot be run here.");
        if (laterFields.Count > 0)
            notes.Add($"Fields of a later release mean nothing here: {string.Join(", ", LaterFields.Counted(laterFields))}.");
        HashSet<string> functions = [.. (graph.Library?.Function ?? []).Select(static f => f.Signature?.Name ?? "")];
        KeyValuePair<string, int>[] unknown =
        [
            .. graph.Node.Concat((graph.Library?.Function ?? []).SelectMany(static f => f.NodeDef))
                .Where(n => !functions.Contains(n.Op) && !OpRegistry.BuiltIn.TryGet(n.Op, out _))
                .CountBy(static n => n.Op, StringComparer.Ordinal)
                .OrderByDescending(static t => t.Value)
                .ThenBy(static t => t.Key, StringComparer.Ordinal),
        ];
        if (unknown.Length > 0)
        {
            string more = unknown.Length > MostListed ? $" and {unknown.Length - MostListed} more" : "";
            string types = string.Join(", ", unknown.Take(MostListed).Select(static t => t.Value == 1 ? t.Key : $"{t.Key} ({t.Value})"));
            notes.Add($"{(unknown.Length == 1 ? "A type of operations that is" : "Types of operations that are")} not known here and cannot be run: {types}{more}.");
        }

        return notes;
    }
}
