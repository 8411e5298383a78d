using System.Runtime.CompilerServices;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>A SavedModel folder: a meta graph, its variables, and signatures that name its inputs and outputs.</summary>
/// <remarks>Those of TensorFlow 2, which compute and restore in functions, are run as those of TensorFlow 1 are. Thread safety: immutable.</remarks>
public sealed class SavedModel
{
    internal const string FileName = "saved_model.pb";
    internal const string TextFileName = "saved_model.pbtxt";
    internal const string AssetsFolder = "assets";
    internal const string VariablesFolder = "variables";
    internal const string VariablesFile = "variables";

    private static readonly string[] FileNames = [FileName, TextFileName];

    // The second is that of the first releases.
    private static readonly string[] VariablesNames = [System.IO.Path.Combine(VariablesFolder, VariablesFile), "saved_model_variables"];

    private readonly Lazy<ObjectGraph?> _objectGraph;

    private SavedModel(string path, MetaGraphDef metaGraph)
    {
        (Path, MetaGraph) = (path, metaGraph);
        _objectGraph = new Lazy<ObjectGraph?>(ReadObjectGraph);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Graph, collections and signatures.</summary>
    public MetaGraphDef MetaGraph { get; }

    /// <summary>What the meta graph is for, such as "serve".</summary>
    public IReadOnlyList<string> Tags => TagsOf(MetaGraph);

    /// <summary>Inputs and outputs by purpose.</summary>
    public IReadOnlyDictionary<string, SignatureDef> Signatures => MetaGraph.SignatureDef;

    /// <summary>Prefix of the variables' checkpoint; null where there are none.</summary>
    public string? VariablesPrefix => VariablesNames.Select(n => System.IO.Path.Combine(Path, n)).FirstOrDefault(static p => CheckpointPath.TryResolve(p) is not null);

    /// <summary>
    /// The objects of TensorFlow 2 that it was written from, with the tensors that hold their values; null for a model of TensorFlow 1.
    /// Read when first asked for.
    /// </summary>
    /// <exception cref="CheckpointFormatException">The graph is damaged; variables can still be read.</exception>
    /// <exception cref="FileNotFoundException">The variables' data file is missing.</exception>
    public ObjectGraph? ObjectGraph => _objectGraph.Value;

    /// <summary>True for a folder that holds a SavedModel.</summary>
    public static bool IsAt(string folder) => FileOf(folder) is not null;

    /// <summary>Reads the meta graph with the given tags.</summary>
    /// <param name="folder">The folder, or the saved_model.pb in it.</param>
    /// <param name="tags">Tags that the meta graph must have, at best these alone; by default "serve", or the only one there is.</param>
    /// <exception cref="FileNotFoundException">The folder holds no SavedModel.</exception>
    /// <exception cref="CheckpointFormatException">The file does not parse.</exception>
    /// <exception cref="ArgumentException">No meta graph has these tags; the message lists those there are.</exception>
    public static SavedModel Load(string folder, IReadOnlyCollection<string>? tags = null) => Load(folder, tags, unknown: null);

    /// <summary>As above, and tells fields of the file that are not known here, as often as they occur.</summary>
    internal static SavedModel Load(string folder, IReadOnlyCollection<string>? tags, ICollection<string>? unknown)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (File.Exists(folder))
            folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(folder))!; // A file has a folder.
        string file = FileOf(folder)
            ?? throw new FileNotFoundException($"Folder '{folder}' holds no SavedModel: there is neither 'saved_model.pb' nor 'saved_model.pbtxt' in it.", folder);
        MetaGraphDef metaGraph = Choose(MessageFile.Read<Protos.SavedModel>(file, unknown: unknown), file, tags);
        CompleteNames(metaGraph);
        return new SavedModel(folder, metaGraph);
    }

    /// <summary>Reads the meta graph with exactly the given tags into a session: graph, values of variables, tables.</summary>
    /// <param name="session">Takes the model.</param>
    /// <param name="tags">All tags of the meta graph.</param>
    /// <param name="exportDir">The folder.</param>
    /// <param name="importScope">Name scope for all nodes; by default none.</param>
    /// <param name="cancellation">Stops the loading.</param>
    /// <returns>The meta graph as it is stored, without the scope.</returns>
    /// <exception cref="FileNotFoundException">The folder holds no SavedModel.</exception>
    /// <exception cref="CheckpointFormatException">A file is damaged.</exception>
    /// <exception cref="ArgumentException">No meta graph has just these tags; the message lists those there are.</exception>
    /// <exception cref="GraphException">The graph is not well formed, or its variables are restored by an operation that is not known here.</exception>
    /// <exception cref="RestoreException">The variables do not fit the graph.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.saved_model.load</c>.</remarks>
    public static MetaGraphDef Load(Session session, IReadOnlyCollection<string> tags, string exportDir, string? importScope = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(tags);
        SavedModel model = Load(exportDir, tags);
        if (!tags.ToHashSet(StringComparer.Ordinal).SetEquals(model.Tags))
            throw NoSuchTags(MessageFile.Read<Protos.SavedModel>(FileOf(model.Path)!), model.Path, tags); // It was read a moment ago.
        model.Restore(session, importScope, cancellation);
        return model.MetaGraph;
    }

    /// <summary>Writes a session's graph and variables as a SavedModel for serving.</summary>
    /// <param name="session">Its graph is written; it holds the values.</param>
    /// <param name="exportDir">The folder to make; one that is there must be empty.</param>
    /// <param name="inputs">Tensors that are fed, by the names that callers know.</param>
    /// <param name="outputs">Tensors that are computed, by the names that callers know.</param>
    /// <param name="mainOp">Operation to run after loading; null for none.</param>
    /// <param name="cancellation">Stops the writing; nothing is left behind.</param>
    /// <returns>Path of the file that describes the model.</returns>
    /// <exception cref="ArgumentException">There are no inputs or no outputs.</exception>
    /// <exception cref="RunException">A variable has no value.</exception>
    /// <exception cref="IOException">The folder holds something, or a file cannot be written.</exception>
    /// <remarks>Files named by collection <c>asset_filepaths</c> are carried along. Source: TensorFlow's <c>tf.saved_model.simple_save</c>.</remarks>
    public static string SimpleSave(
        Session session,
        string exportDir,
        IReadOnlyDictionary<string, Output> inputs,
        IReadOnlyDictionary<string, Output> outputs,
        Operation? mainOp = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        var signatures = new Dictionary<string, SignatureDef> { [SignatureNames.DefaultServing] = SignatureDefs.Predict(inputs, outputs) };
        using var builder = new SavedModelBuilder(exportDir);
        builder.AddMetaGraphAndVariables(
            session,
            [SavedModelTags.Serving],
            signatures,
            session.Graph.GetCollection<Output>(GraphKeys.AssetFilepaths),
            mainOp,
            clearDevices: true,
            cancellation: cancellation);
        return builder.Save();
    }

    /// <summary>Writes a session's graph and variables as a SavedModel for serving; variables can be named too.</summary>
    /// <inheritdoc cref="SimpleSave(Session, string, IReadOnlyDictionary{string, Output}, IReadOnlyDictionary{string, Output}, Operation?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static string SimpleSave(
        Session session,
        string exportDir,
        Dictionary<string, Operand> inputs,
        Dictionary<string, Operand> outputs,
        Operation? mainOp = null,
        CancellationToken cancellation = default) =>
        SimpleSave(session, exportDir, (IReadOnlyDictionary<string, Output>)SignatureDefs.Outputs(inputs, nameof(inputs)), SignatureDefs.Outputs(outputs, nameof(outputs)), mainOp, cancellation);

    /// <summary>Adds the graph to a session's graph, gives its variables their values and fills its tables.</summary>
    /// <param name="session">Takes the model.</param>
    /// <param name="importScope">Name scope for all nodes; by default none.</param>
    /// <param name="cancellation">Stops the restore.</param>
    /// <exception cref="GraphException">The graph is not well formed, or its variables are restored by an operation that is not known here.</exception>
    /// <exception cref="RestoreException">The variables do not fit the graph.</exception>
    /// <exception cref="RunException">What fills the tables cannot be run.</exception>
    public void Restore(Session session, string? importScope = null, CancellationToken cancellation = default) => Restore(session, importScope, initialize: true, cancellation);

    /// <summary>As above, with the choice not to fill tables.</summary>
    internal void Restore(Session session, string? importScope, bool initialize, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        Graph graph = session.Graph;
        ImportedMetaGraph imported = MetaGraphs.Import(graph, MetaGraph, importScope: importScope);
        if (imported.Saver is { RestoreOpName.Length: > 0 } definition && VariablesPrefix is { } prefix)
        {
            RequireNodes(graph, imported.Scope + definition.RestoreOpName);
            new Saver(definition, graph, imported.Scope).Restore(session, prefix, cancellation: cancellation);
        }

        if (!initialize)
            return;
        Operation[] initializers = [.. Initializers().Select(n => graph.GetOperationByName(imported.Scope + n.Split(':')[0]))];
        if (initializers.Length > 0)
            session.Run([.. initializers.Select(static o => (Fetch)o)], Assets(graph, imported.Scope), cancellation);
    }

    /// <summary>Opens the variables' values; those of TensorFlow 2 can be read by their friendly names too.</summary>
    /// <exception cref="InvalidOperationException">The model has no variables.</exception>
    /// <exception cref="CheckpointFormatException">Their index is damaged.</exception>
    public Checkpoint OpenVariables() => VariablesPrefix is { } prefix
        ? Checkpoint.Open(prefix)
        : throw new InvalidOperationException($"SavedModel '{Path}' has no variables.");

    private static string? FileOf(string folder) => Directory.Exists(folder)
        ? FileNames.Select(f => System.IO.Path.Combine(folder, f)).FirstOrDefault(File.Exists)
        : null;

    private static MetaGraphDef Choose(Protos.SavedModel stored, string file, IReadOnlyCollection<string>? tags)
    {
        if (stored.MetaGraphs.Count == 0)
            throw new CheckpointFormatException($"'{file}' holds no meta graph.", CheckpointFault.BadMessage, file);
        if (tags is null)
            return stored.MetaGraphs.FirstOrDefault(static m => TagsOf(m).Contains("serve")) ?? stored.MetaGraphs[0];
        return stored.MetaGraphs.FirstOrDefault(m => tags.ToHashSet(StringComparer.Ordinal).SetEquals(TagsOf(m)))
            ?? stored.MetaGraphs.FirstOrDefault(m => tags.All(TagsOf(m).Contains)) ?? throw NoSuchTags(stored, file, tags);
    }

    private static ArgumentException NoSuchTags(Protos.SavedModel stored, string file, IEnumerable<string> tags) => new(
        $"No meta graph of '{file}' has the tags {string.Join(",", tags)}. Tags there: {string.Join("; ", stored.MetaGraphs.Select(static m => string.Join(",", TagsOf(m))))}.",
        nameof(tags));

    private static IReadOnlyList<string> TagsOf(MetaGraphDef metaGraph) => metaGraph.MetaInfoDef?.Tags ?? [];

    // The first releases left out the output number. The initializer is an operation and has none.
    private static void CompleteNames(MetaGraphDef metaGraph)
    {
        foreach (SignatureDef signature in metaGraph.SignatureDef.Where(static s => s.Key is not (SignatureNames.Initializer or SignatureNames.Train)).Select(static s => s.Value))
        {
            foreach (TensorInfo value in signature.Inputs.Values.Concat(signature.Outputs.Values).Where(static v => v.Name.Length > 0 && !v.Name.Contains(':', StringComparison.Ordinal)))
                value.Name += ":0";
        }
    }

    private ObjectGraph? ReadObjectGraph()
    {
        if (MetaGraph.ObjectGraphDef is not { Nodes.Count: > 0 } stored)
            return null;
        ObjectGraph? values = null;
        if (VariablesPrefix is { } prefix)
        {
            using Checkpoint variables = Checkpoint.Open(prefix);
            values = variables.ObjectGraph;
        }

        return ObjectGraph.Of(stored, SavedModelAssets.Of(MetaGraph, Path), values, Path);
    }

    private void RequireNodes(Graph graph, string restoreOpName)
    {
        Operation restore = graph.GetOperationByName(restoreOpName.Split(':')[0]);
        if (restore.Definition is null)
        {
            throw new GraphException(
                $"SavedModel '{Path}' restores its variables by operation '{restore.Name}' of type {restore.Type}, which is not known here. What the model holds can be inspected.",
                restore.Name,
                restore.Type);
        }
    }

    // Tables and the like are filled by an operation that a signature or, in older files, a collection names.
    private IEnumerable<string> Initializers()
    {
        if (Signatures.TryGetValue(SignatureNames.Initializer, out SignatureDef? signature))
            return signature.Outputs.Values.Select(static o => o.Name);
        foreach (string key in new[] { SavedModelBuilder.MainOpCollection, SavedModelBuilder.LegacyInitOpCollection })
        {
            if (MetaGraph.CollectionDef.TryGetValue(key, out CollectionDef? named) && named.NodeList is { Value.Count: > 0 } nodes)
                return nodes.Value;
        }

        return [];
    }

    // Where the assets lie now, which the graph cannot know.
    private FeedDict Assets(Graph graph, string scope)
    {
        var feeds = new FeedDict();
        foreach (AssetFileDef file in SavedModelAssets.Of(MetaGraph, Path).Where(static a => a.TensorInfo is not null))
            feeds[graph.GetTensorByName(scope + file.TensorInfo.Name)] = System.IO.Path.Combine(Path, AssetsFolder, file.Filename);
        return feeds;
    }
}
