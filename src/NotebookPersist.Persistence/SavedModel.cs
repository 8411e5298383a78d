using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>A SavedModel folder: a meta graph, its variables, and signatures that name its inputs and outputs.</summary>
/// <remarks>TensorFlow 1 style ones can be run; of others the graph, the variables and the signatures can be listed. Thread safety: immutable.</remarks>
public sealed class SavedModel
{
    private static readonly string[] FileNames = ["saved_model.pb", "saved_model.pbtxt"];

    // The second is that of the first releases.
    private static readonly string[] VariablesNames = [System.IO.Path.Combine("variables", "variables"), "saved_model_variables"];

    private const string InitializerSignature = "__saved_model_init_op";

    private SavedModel(string path, MetaGraphDef metaGraph) => (Path, MetaGraph) = (path, metaGraph);

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

    /// <summary>True for a folder that holds a SavedModel.</summary>
    public static bool IsAt(string folder) => FileOf(folder) is not null;

    /// <summary>Reads the meta graph with the given tags.</summary>
    /// <param name="folder">The folder, or the saved_model.pb in it.</param>
    /// <param name="tags">Tags that the meta graph must have; by default "serve", or the only one there is.</param>
    /// <exception cref="FileNotFoundException">The folder holds no SavedModel.</exception>
    /// <exception cref="CheckpointFormatException">The file does not parse.</exception>
    /// <exception cref="ArgumentException">No meta graph has these tags; the message lists those there are.</exception>
    public static SavedModel Load(string folder, IReadOnlyCollection<string>? tags = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (File.Exists(folder))
            folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(folder))!; // A file has a folder.
        string file = FileOf(folder)
            ?? throw new FileNotFoundException($"Folder '{folder}' holds no SavedModel: there is neither 'saved_model.pb' nor 'saved_model.pbtxt' in it.", folder);
        MetaGraphDef metaGraph = Choose(MessageFile.Read<Protos.SavedModel>(file), file, tags);
        CompleteNames(metaGraph);
        return new SavedModel(folder, metaGraph);
    }

    /// <summary>Adds the graph to a session's graph, gives its variables their values and fills its tables.</summary>
    /// <exception cref="GraphException">The graph is not well formed, or does its work in functions, as those of TensorFlow 2 do.</exception>
    /// <exception cref="RestoreException">The variables do not fit the graph.</exception>
    /// <exception cref="RunException">What fills the tables cannot be run.</exception>
    public void Restore(Session session, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        Graph graph = session.Graph;
        ImportedMetaGraph imported = MetaGraphs.Import(graph, MetaGraph);
        if (imported.Saver is { RestoreOpName.Length: > 0 } definition && VariablesPrefix is { } prefix)
        {
            RequireNodes(graph, definition);
            new Saver(definition, graph, imported.Scope).Restore(session, prefix, cancellation);
        }

        Operation[] initializers = Initializers(graph);
        if (initializers.Length > 0)
            session.Run([.. initializers.Select(static o => (Fetch)o)], Assets(graph), cancellation);
    }

    private static string? FileOf(string folder) => Directory.Exists(folder)
        ? FileNames.Select(f => System.IO.Path.Combine(folder, f)).FirstOrDefault(File.Exists)
        : null;

    private static MetaGraphDef Choose(Protos.SavedModel stored, string file, IReadOnlyCollection<string>? tags)
    {
        if (stored.MetaGraphs.Count == 0)
            throw new CheckpointFormatException($"'{file}' holds no meta graph.", CheckpointFault.BadMessage, file);
        if (tags is null)
            return stored.MetaGraphs.FirstOrDefault(static m => TagsOf(m).Contains("serve")) ?? stored.MetaGraphs[0];
        return stored.MetaGraphs.FirstOrDefault(m => tags.All(TagsOf(m).Contains)) ?? throw new ArgumentException(
            $"No meta graph of '{file}' has the tags {string.Join(",", tags)}. Tags there: {string.Join("; ", stored.MetaGraphs.Select(static m => string.Join(",", TagsOf(m))))}.",
            nameof(tags));
    }

    private static IReadOnlyList<string> TagsOf(MetaGraphDef metaGraph) => metaGraph.MetaInfoDef?.Tags ?? [];

    // The first releases left out the output number. The initializer is an operation and has none.
    private static void CompleteNames(MetaGraphDef metaGraph)
    {
        foreach (SignatureDef signature in metaGraph.SignatureDef.Where(static s => s.Key != InitializerSignature).Select(static s => s.Value))
        {
            foreach (TensorInfo value in signature.Inputs.Values.Concat(signature.Outputs.Values).Where(static v => v.Name.Length > 0 && !v.Name.Contains(':', StringComparison.Ordinal)))
                value.Name += ":0";
        }
    }

    private void RequireNodes(Graph graph, SaverDef definition)
    {
        Operation restore = graph.GetOperationByName(definition.RestoreOpName.Split(':')[0]);
        if (restore.Definition is null)
        {
            throw new GraphException(
                $"SavedModel '{Path}' restores its variables in a function ('{restore.Name}', {restore.Type}), as TensorFlow 2 does. Only graphs of TensorFlow 1 can be run here; "
                + "what the model holds can be inspected. Save it with tf.compat.v1.saved_model, or freeze it in TensorFlow.",
                restore.Name,
                restore.Type);
        }
    }

    // Tables and the like are filled by an operation that a signature or, in older files, a collection names.
    private Operation[] Initializers(Graph graph)
    {
        if (Signatures.TryGetValue(InitializerSignature, out SignatureDef? signature))
            return [.. signature.Outputs.Values.Select(o => graph.GetOperationByName(o.Name.Split(':')[0]))];
        IReadOnlyList<object> named = graph.GetCollection("saved_model_main_op");
        if (named.Count == 0)
            named = graph.GetCollection("legacy_init_op");
        return [.. named.Select(static s => s is Output output ? output.Operation : s).OfType<Operation>()];
    }

    // Where the assets lie now, which the graph cannot know.
    private FeedDict Assets(Graph graph)
    {
        IEnumerable<AssetFileDef> files = MetaGraph.AssetFileDef;
        if (MetaGraph.CollectionDef.TryGetValue("saved_model_assets", out CollectionDef? stored) && stored.AnyList is { } list)
            files = files.Concat(list.Value.Select(static v => AssetFileDef.Parser.ParseFrom(v.Value)));
        var feeds = new FeedDict();
        foreach (AssetFileDef file in files)
            feeds[graph.GetTensorByName(file.TensorInfo.Name)] = System.IO.Path.Combine(Path, "assets", file.Filename);
        return feeds;
    }
}
