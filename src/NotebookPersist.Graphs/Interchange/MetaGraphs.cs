using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Graphs with their collections to and from MetaGraphDef messages.</summary>
/// <remarks>Source: TensorFlow's meta_graph.py. Thread safety: as the graph.</remarks>
public static class MetaGraphs
{
    private const string TensorFlowVersion = "1.15.0";

    /// <summary>The stored form of a graph with its collections.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="saver">The saver to go with it; null for none.</param>
    /// <param name="clearDevices">True to leave out which devices nodes ask for.</param>
    public static MetaGraphDef Export(Graph graph, SaverDef? saver = null, bool clearDevices = false)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var metaGraph = new MetaGraphDef
        {
            MetaInfoDef = new MetaGraphDef.Types.MetaInfoDef
            {
                TensorflowVersion = TensorFlowVersion,
                TensorflowGitVersion = "unknown",
                StrippedOpList = new OpList(),
            },
            GraphDef = graph.ToGraphDef(addShapes: true),
            SaverDef = saver?.Clone(),
        };
        IEnumerable<OpSignature> used = graph.Operations.Select(static o => o.Signature).DistinctBy(static s => s.Name);
        metaGraph.MetaInfoDef.StrippedOpList.Op.AddRange(used.OrderBy(static s => s.Name, StringComparer.Ordinal).Select(static s => s.ToOpDef()));
        if (clearDevices)
            ClearDevices(metaGraph.GraphDef);
        foreach (string key in graph.CollectionKeys)
        {
            if (CollectionDefs.Encode(graph.GetCollection(key)) is { } collection)
                metaGraph.CollectionDef.Add(key, collection);
        }

        return metaGraph;
    }

    /// <summary>Adds the nodes and collections of a meta graph to a graph.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="metaGraph">What to add.</param>
    /// <param name="clearDevices">True to forget which devices nodes ask for.</param>
    /// <param name="importScope">Scope to put the nodes under, made unique; null or empty for none.</param>
    /// <param name="inputMap">Values to take in place of imported ones, by name.</param>
    /// <exception cref="GraphException">The stored graph is not well formed; nothing was added.</exception>
    public static ImportedMetaGraph Import(
        Graph graph,
        MetaGraphDef metaGraph,
        bool clearDevices = false,
        string? importScope = null,
        IReadOnlyDictionary<string, Output>? inputMap = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(metaGraph);
        GraphDef graphDef = metaGraph.GraphDef ?? new GraphDef();
        if (clearDevices)
        {
            graphDef = graphDef.Clone();
            ClearDevices(graphDef);
        }

        string scope = "";
        if (!string.IsNullOrEmpty(importScope))
        {
            using NameScope entered = graph.NameScope(importScope);
            scope = entered.Name;
        }

        graph.ImportGraphDef(graphDef, scope, inputMap, producerOpList: metaGraph.MetaInfoDef?.StrippedOpList);

        // Trainable variables come first: files from before TensorFlow 1.9 tell only by that collection which these are.
        var decoder = new CollectionDefs.Decoder(graph, scope, metaGraph);
        foreach ((string key, CollectionDef collection) in metaGraph.CollectionDef
            .OrderBy(static c => c.Key != GraphKeys.TrainableVariables)
            .ThenBy(static c => c.Key, StringComparer.Ordinal))
        {
            foreach (object item in decoder.Decode(collection))
                graph.AddToCollection(key, item);
        }

        return new ImportedMetaGraph(metaGraph.SaverDef, scope);
    }

    private static void ClearDevices(GraphDef graphDef)
    {
        foreach (NodeDef node in graphDef.Node)
            node.Device = "";
    }
}

/// <summary>What came with an imported meta graph.</summary>
/// <param name="Saver">Its saver, names as stored; null where it has none.</param>
/// <param name="Scope">Scope that the nodes were put under, with a slash; empty for none.</param>
public sealed record ImportedMetaGraph(SaverDef? Saver, string Scope);
