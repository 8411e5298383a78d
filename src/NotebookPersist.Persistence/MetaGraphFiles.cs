using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Meta graphs in files: a graph with its collections and saver.</summary>
public static class MetaGraphFiles
{
    /// <summary>Writes a graph with its collections, whole or not at all.</summary>
    /// <param name="path">The file; null writes none.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="saver">The saver to go with it; null for none.</param>
    /// <param name="asText">True for protobuf's text form.</param>
    /// <param name="clearDevices">True to leave out which devices nodes ask for.</param>
    /// <param name="collectionList">Which collections to keep; null for all.</param>
    /// <param name="exportScope">
    /// Name scope that alone is written, without its name; inputs from outside become <c>$unbound_inputs_NAME</c>, to be mapped on import. Null for all.
    /// </param>
    /// <param name="clearExtraneousSavers">True to leave out the nodes of all savers but <paramref name="saver"/>.</param>
    /// <param name="stripDefaultAttrs">True to leave out attributes at their defaults, so that older readers can follow.</param>
    /// <param name="saveDebugInfo">Whether where each node was made is written beside, to <see cref="DebugInfoPath"/>.</param>
    /// <param name="metaInfoDef">What else the meta graph says of itself, such as tags; null for nothing.</param>
    /// <param name="graphDef">Nodes to write in place of the graph's own; null for those.</param>
    /// <param name="unboundInputsColName">Name of the collection that lists what is to be mapped on import.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="GraphException">The graph is larger than 2 GiB; nothing is written.</exception>
    /// <exception cref="IOException">The file cannot be written; an old one is unchanged.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.train.export_meta_graph</c>, with all its arguments.</remarks>
    public static MetaGraphDef Export(
        string? path,
        Graph graph,
        SaverDef? saver = null,
        bool asText = false,
        bool clearDevices = false,
        IEnumerable<string>? collectionList = null,
        string? exportScope = null,
        bool clearExtraneousSavers = false,
        bool stripDefaultAttrs = false,
        bool saveDebugInfo = false,
        MetaGraphDef.Types.MetaInfoDef? metaInfoDef = null,
        GraphDef? graphDef = null,
        string unboundInputsColName = "unbound_inputs")
    {
        MetaGraphDef metaGraph = MetaGraphs.Export(
            graph,
            saver,
            collectionList,
            clearDevices,
            stripDefaultAttrs,
            exportScope: exportScope,
            clearExtraneousSavers: clearExtraneousSavers,
            metaInfoDef: metaInfoDef,
            stored: graphDef,
            unboundInputs: unboundInputsColName);
        GraphFreezer.RequireStorable(metaGraph.GraphDef);
        if (path is not null)
            MessageFile.Write(path, metaGraph, asText);
        if (path is not null && saveDebugInfo)
            MessageFile.Write(DebugInfoPath(path), DebugInfo(graph, metaGraph, exportScope), asText);
        return metaGraph;
    }

    /// <inheritdoc cref="CheckpointPath.DebugInfoPath"/>
    public static string DebugInfoPath(string metaGraphPath) => CheckpointPath.DebugInfoPath(metaGraphPath);

    /// <summary>Where the nodes of a meta graph were made; by the names that they have in the graph.</summary>
    internal static GraphDebugInfo DebugInfo(Graph graph, MetaGraphDef metaGraph, string? exportScope = null)
    {
        string scope = string.IsNullOrEmpty(exportScope) ? "" : exportScope.TrimEnd('/') + "/";
        return GraphDebugInfos.Of(graph, metaGraph.GraphDef.Node.Select(n => scope + n.Name));
    }

    /// <summary>Reads a meta graph, binary or text.</summary>
    /// <param name="path">The file, a checkpoint by any of its names that has one beside it, or a folder, whose newest checkpoint or only meta graph is meant.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message names those that are there.</exception>
    /// <exception cref="CheckpointFormatException">The file does not parse, or is a graph alone.</exception>
    public static MetaGraphDef Read(string path) => Read(path, null);

    /// <summary>As above, and tells fields that are not known here, as often as they occur.</summary>
    internal static MetaGraphDef Read(string path, ICollection<string>? unknown) => ReadBy(path, found => (MessageFile.Read<MetaGraphDef>(found, unknown: unknown), null)).Message;

    private static (MetaGraphDef Message, StoredNode[]? Nodes) ReadBy(string path, Func<string, (MetaGraphDef Message, StoredNode[]? Nodes)> read)
    {
        string found = Find(path);
        if (!File.Exists(found))
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(found)) ?? "";
            string[] near = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.meta").Select(static f => Path.GetFileName(f))] : [];
            string hint = NearNames.HintOrList(Path.GetFileName(found), near);
            throw new FileNotFoundException($"There is no meta graph '{found}'.{(hint.Length > 0 ? hint : $" There is none in folder '{folder}'.")}", found);
        }

        try
        {
            (MetaGraphDef Message, StoredNode[]? Nodes) stored = read(found);
            if (stored.Message.GraphDef is { Node.Count: > 0 } || stored.Nodes is { Length: > 0 })
                return stored;
            return IsGraph(found) ? throw NoMetaGraph(found) : stored;
        }
        catch (CheckpointFormatException) when (IsGraph(found))
        {
            throw NoMetaGraph(found);
        }
    }

    private static CheckpointFormatException NoMetaGraph(string path) => new(
        $"'{path}' is a GraphDef and no meta graph. Read it with tf.ImportGraphDef, or give a .meta file.", CheckpointFault.NotThisFormat, path);

    private static bool IsGraph(string path)
    {
        try
        {
            return ModelKinds.Of(path) == ModelKind.GraphDef;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Adds the nodes and collections of a meta graph to a graph.</summary>
    /// <param name="path">The file, or the prefix or index of a checkpoint that has one beside it.</param>
    /// <param name="clearDevices">True to forget which devices nodes ask for.</param>
    /// <param name="importScope">Scope to put the nodes under; by default none.</param>
    /// <param name="inputMap">Values to take in place of imported ones, by name.</param>
    /// <param name="graph">The graph; by default the default one.</param>
    /// <param name="restoreCollections">Which collections to restore; by default all.</param>
    /// <param name="unboundInputsColName">Name of the collection that lists what must be mapped.</param>
    /// <returns>A saver over the imported nodes; one of its own making where the file has none but there are variables; else null.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">The file does not parse.</exception>
    /// <exception cref="GraphException">The graph in the file is not well formed.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.train.import_meta_graph</c>.</remarks>
    public static Saver? Import(
        string path,
        bool clearDevices = false,
        string? importScope = null,
        IReadOnlyDictionary<string, Output>? inputMap = null,
        Graph? graph = null,
        Predicate<string>? restoreCollections = null,
        string unboundInputsColName = "unbound_inputs")
    {
        (MetaGraphDef message, StoredNode[]? nodes) = ReadBy(path, static found => (MessageFile.ReadMetaGraph(found, out StoredNode[]? nodes), nodes));
        return Import(message, nodes, clearDevices, importScope, inputMap, graph, restoreCollections, unboundInputsColName, takesOver: true);
    }

    /// <summary>As for a file, of a meta graph that is already read.</summary>
    /// <inheritdoc cref="Import(string, bool, string?, IReadOnlyDictionary{string, Output}?, Graph?, Predicate{string}?, string)"/>
    public static Saver? Import(
        MetaGraphDef metaGraph,
        bool clearDevices = false,
        string? importScope = null,
        IReadOnlyDictionary<string, Output>? inputMap = null,
        Graph? graph = null,
        Predicate<string>? restoreCollections = null,
        string unboundInputsColName = "unbound_inputs") => Import(metaGraph, null, clearDevices, importScope, inputMap, graph, restoreCollections, unboundInputsColName, takesOver: false);

    private static Saver? Import(
        MetaGraphDef metaGraph,
        StoredNode[]? nodes,
        bool clearDevices,
        string? importScope,
        IReadOnlyDictionary<string, Output>? inputMap,
        Graph? graph,
        Predicate<string>? restoreCollections,
        string unboundInputs,
        bool takesOver)
    {
        graph ??= Graph.Default;
        ImportedMetaGraph imported = MetaGraphs.Import(graph, metaGraph, nodes, clearDevices, importScope, inputMap, restoreCollections, unboundInputs, takesOver);
        if (imported.Saver is { } definition)
            return new Saver(definition, graph, imported.Scope);
        IReadOnlyList<Variable> variables = graph.GetCollection<Variable>(GraphKeys.GlobalVariables);
        return variables.Count > 0 ? new Saver(variables, graph: graph) : null;
    }

    /// <summary>A meta graph that a file can hold.</summary>
    /// <exception cref="GraphException">The graph is larger than 2 GiB.</exception>
    internal static MetaGraphDef Storable(Graph graph, SaverDef? saver, bool stripDefaultAttrs = false) =>
        Export(null, graph, saver, stripDefaultAttrs: stripDefaultAttrs);

    private static string Find(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.EndsWith(".meta", StringComparison.Ordinal) || (File.Exists(path) && CheckpointPath.TryResolve(path) is null))
            return path;
        if (CheckpointPath.TryResolve(path) is { } checkpoint && File.Exists(checkpoint.MetaGraphPath))
            return checkpoint.MetaGraphPath;
        if (Directory.Exists(path))
            return Directory.GetFiles(path, "*.meta") is [string only] ? only : CheckpointStates.Resolve(path).MetaGraphPath;
        return File.Exists(path + ".meta") ? path + ".meta" : path;
    }
}
