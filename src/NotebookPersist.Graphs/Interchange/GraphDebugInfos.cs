using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Where nodes come from, as TensorFlow's GraphDebugInfo tells it.</summary>
/// <remarks>
/// A node remembers the notebook cell that made it, and no lines: its trace is that one cell. Outside notebooks traces are empty.
/// Source: TensorFlow's <c>create_graph_debug_info_def</c>. Thread safety: pure functions.
/// </remarks>
public static class GraphDebugInfos
{
    /// <summary>Tells of nodes of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="nodes">Names of nodes; those that the graph does not have are told without a trace.</param>
    public static GraphDebugInfo Of(Graph graph, IEnumerable<string> nodes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(nodes);
        var info = new GraphDebugInfo();
        var files = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string node in nodes)
        {
            var trace = new GraphDebugInfo.Types.StackTrace();
            if (graph.TryGetOperation(node, out Operation? operation) && operation.Cell is { } cell)
            {
                if (files.TryAdd(cell, files.Count))
                    info.Files.Add(cell);
                trace.FileLineCols.Add(new GraphDebugInfo.Types.FileLineCol { FileIndex = files[cell] });
            }

            info.Traces[node] = trace;
        }

        return info;
    }
}
