using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Graphs together with their collections, to and from TensorFlow's MetaGraphDef.</summary>
/// <remarks>Source: TensorFlow's <c>export_meta_graph</c> and <c>import_meta_graph</c>. No files are touched here.</remarks>
public static class MetaGraphs
{
    /// <summary>The version of TensorFlow that meta graphs made here say they are from.</summary>
    public const string TensorFlowVersion = "1.15.0";

    private const string UnboundInputs = "unbound_inputs";

    /// <summary>The meta graph of a graph: nodes with shapes, definitions of all operation types used, collections.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="saverDef">The saver whose nodes are in the graph.</param>
    /// <param name="collections">Which collections to keep; by default all.</param>
    /// <param name="clearDevices">Whether to leave out which devices nodes ask for.</param>
    /// <param name="stripDefaultAttrs">Whether to leave out attributes at their defaults, so that older readers can follow.</param>
    /// <param name="warnings">Receives a sentence for each collection that cannot be kept.</param>
    /// <param name="exportScope">Name scope that alone is kept, without its name; inputs from outside become unbound ones. Null for all.</param>
    /// <param name="clearExtraneousSavers">Whether to leave out the nodes of all savers but the given one.</param>
    /// <param name="metaInfoDef">What else the meta graph says of itself, such as tags; null for nothing.</param>
    /// <param name="stored">Nodes to store in place of the graph's own, such as a part of them; changed nowhere. Null for the graph's, with shapes.</param>
    /// <param name="unboundInputs">Name of the collection that lists unbound inputs.</param>
    public static MetaGraphDef Export(
        Graph graph,
        SaverDef? saverDef = null,
        IEnumerable<string>? collections = null,
        bool clearDevices = false,
        bool stripDefaultAttrs = false,
        ICollection<string>? warnings = null,
        string? exportScope = null,
        bool clearExtraneousSavers = false,
        MetaGraphDef.Types.MetaInfoDef? metaInfoDef = null,
        GraphDef? stored = null,
        string unboundInputs = UnboundInputs)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var part = MetaGraphPart.Of(graph, exportScope, clearExtraneousSavers, saverDef);
        GraphDef graphDef = stored?.Clone() ?? graph.ToGraphDef(addShapes: true);
        foreach (NodeDef node in graphDef.Node)
        {
            if (clearDevices)
                node.Device = "";
            if (stripDefaultAttrs && SignatureOf(graph, node) is { } signature)
                StripDefaults(node, signature);
        }

        part.Cut(graphDef);

        MetaGraphDef.Types.MetaInfoDef info = metaInfoDef?.Clone() ?? new MetaGraphDef.Types.MetaInfoDef();
        info.TensorflowVersion = TensorFlowVersion;
        info.StrippedDefaultAttrs = stripDefaultAttrs;
        if (info.StrippedOpList is not { Op.Count: > 0 })
            info.StrippedOpList = OpsOf(graph, part.IsWhole && stored is null ? null : graphDef.Node.Select(static n => n.Op).ToHashSet());
        var meta = new MetaGraphDef { MetaInfoDef = info, GraphDef = graphDef, SaverDef = part.Strip(saverDef) };
        part.AddUnboundInputs(meta, unboundInputs);
        foreach (string key in (collections ?? graph.CollectionKeys).Order(StringComparer.Ordinal))
        {
            // What a graph was cut out of says nothing about this one.
            if (key == unboundInputs)
                continue;
            IReadOnlyList<object> items = part.Items(key, graph.GetCollection(key));
            if (items.Count == 0)
                continue;
            if (CollectionDefs.TryEncode(key, items, out CollectionDef? definition, out string? fault))
                meta.CollectionDef.Add(key, part.Strip(key, definition));
            else
                warnings?.Add($"Collection '{key}' was left out of the meta graph: {fault}");
        }

        return meta;
    }

    /// <summary>Adds nodes and collections of a meta graph to a graph.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="metaGraph">What to add.</param>
    /// <param name="clearDevices">Whether to forget which devices nodes ask for.</param>
    /// <param name="importScope">Name scope for all nodes, made unique; by default names stay, and those already taken are numbered, which collections do not follow.</param>
    /// <param name="inputMap">Values of the graph to use in place of stored ones.</param>
    /// <param name="restoreCollections">Which collections to restore; by default all.</param>
    /// <param name="unboundInputs">Name of the collection that lists unbound inputs.</param>
    /// <param name="takesOver">Whether the graph shares the message's values instead of copying them: then nobody may change the message afterwards.</param>
    /// <exception cref="GraphException">The stored graph is invalid, or a collection names what is not in it.</exception>
    /// <exception cref="ArgumentException">Inputs that the stored graph leaves open are not mapped.</exception>
    public static ImportedMetaGraph Import(
        Graph graph,
        MetaGraphDef metaGraph,
        bool clearDevices = false,
        string? importScope = null,
        IReadOnlyDictionary<string, Output>? inputMap = null,
        Predicate<string>? restoreCollections = null,
        string unboundInputs = UnboundInputs,
        bool takesOver = false) => Import(graph, metaGraph, null, clearDevices, importScope, inputMap, restoreCollections, unboundInputs, takesOver);

    /// <summary>The same, and the nodes may come apart from the meta graph.</summary>
    internal static ImportedMetaGraph Import(
        Graph graph,
        MetaGraphDef metaGraph,
        StoredNode[]? nodes,
        bool clearDevices,
        string? importScope,
        IReadOnlyDictionary<string, Output>? inputMap,
        Predicate<string>? restoreCollections,
        string unboundInputs,
        bool takesOver)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(metaGraph);
        CheckUnboundInputs(metaGraph, inputMap, unboundInputs);
        string prefix = "";
        if (!string.IsNullOrEmpty(importScope))
        {
            using NameScope scope = graph.NameScope(importScope);
            prefix = scope.Name;
        }

        graph.ImportGraphDef(metaGraph.GraphDef ?? new GraphDef(), nodes, prefix, inputMap, [], metaGraph.MetaInfoDef?.StrippedOpList, clearDevices, takesOver);
        var warnings = new List<string>();
        var decoder = new CollectionDecoder(graph, metaGraph, prefix, warnings);
        foreach (string key in metaGraph.CollectionDef.Keys.OrderBy(static k => k != GraphKeys.TrainableVariables).ThenBy(static k => k, StringComparer.Ordinal))
        {
            if (key == unboundInputs || restoreCollections is not null && !restoreCollections(key))
                continue;
            foreach (object item in decoder.Decode(key, metaGraph.CollectionDef[key]))
                graph.AddToCollection(key, item);
        }

        return new ImportedMetaGraph(metaGraph.SaverDef, prefix, warnings);
    }

    /// <summary>Definitions, without descriptions, of all operation types that a graph and its functions use.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="types">Which types; by default all.</param>
    internal static OpList OpsOf(Graph graph, IReadOnlySet<string>? types = null)
    {
        var definitions = new SortedDictionary<string, OpDef>(StringComparer.Ordinal);
        HashSet<string> functions = [.. graph.Library.Function.Select(static f => f.Signature?.Name ?? "")];
        foreach (Operation operation in graph.Operations)
        {
            // Nobody described an invented type: whoever reads the file knows it, or carries it along as well.
            if (types?.Contains(operation.Type) != false && !operation.Signature.IsInvented && !functions.Contains(operation.Type) && !definitions.ContainsKey(operation.Type))
                definitions.Add(operation.Type, operation.Signature.ToOpDef());
        }

        foreach (string type in graph.Library.Function.SelectMany(static f => f.NodeDef).Select(static n => n.Op).Distinct(StringComparer.Ordinal))
        {
            if (!definitions.ContainsKey(type) && graph.Registry.TryGet(type, out Op? op))
                definitions.Add(type, op.Signature.ToOpDef());
        }

        var list = new OpList();
        list.Op.AddRange(definitions.Values);
        return list;
    }

    private static void StripDefaults(NodeDef node, OpSignature signature)
    {
        foreach (AttrSignature attr in signature.Attrs)
        {
            if (attr.Default is not null && node.Attr.TryGetValue(attr.Name, out AttrValue? value) && value.Equals(attr.Default))
                node.Attr.Remove(attr.Name);
        }
    }

    private static OpSignature? SignatureOf(Graph graph, NodeDef node) =>
        graph.TryGetOperation(node.Name, out Operation? operation) && operation.Type == node.Op ? operation.Signature : graph.Registry.TryGet(node.Op, out Op? op) ? op.Signature : null;

    private static void CheckUnboundInputs(MetaGraphDef metaGraph, IReadOnlyDictionary<string, Output>? inputMap, string unboundInputs)
    {
        if (!metaGraph.CollectionDef.TryGetValue(unboundInputs, out CollectionDef? unbound))
            return;
        string[] missing = [.. (unbound.BytesList?.Value.Select(static v => v.ToStringUtf8()) ?? unbound.NodeList?.Value ?? []).Where(v => inputMap?.ContainsKey(v) != true)];
        if (missing.Length > 0)
            throw new ArgumentException($"Graph contains unbound inputs: {string.Join(",", missing)}. Must provide these inputs through input_map.", nameof(inputMap));
    }
}
