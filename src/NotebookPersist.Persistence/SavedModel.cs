using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>A SavedModel folder: a meta graph, its variables, and signatures that name its inputs and outputs.</summary>
/// <remarks>TensorFlow 1 style ones can be run; of others the graph, the variables and the signatures can be listed. Thread safety: immutable.</remarks>
public sealed class SavedModel
{
    private static readonly string[] FileNames = ["saved_model.pb", "saved_model.pbtxt"];

    private SavedModel(string path, MetaGraphDef metaGraph) => (Path, MetaGraph) = (path, metaGraph);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Graph, collections and signatures.</summary>
    public MetaGraphDef MetaGraph { get; }

    /// <summary>What the meta graph is for, such as "serve".</summary>
    public IReadOnlyList<string> Tags => MetaGraph.MetaInfoDef?.Tags ?? [];

    /// <summary>Inputs and outputs by purpose.</summary>
    public IReadOnlyDictionary<string, SignatureDef> Signatures => MetaGraph.SignatureDef;

    /// <summary>Prefix of the variables' checkpoint; null where there are none.</summary>
    public string? VariablesPrefix
    {
        get
        {
            string prefix = System.IO.Path.Combine(Path, "variables", "variables");
            return File.Exists(prefix + ".index") || File.Exists(prefix) ? prefix : null;
        }
    }

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
        string file = FileOf(folder) ?? throw new FileNotFoundException($"Folder '{folder}' holds no SavedModel: there is neither 'saved_model.pb' nor 'saved_model.pbtxt' in it.", folder);
        Protos.SavedModel stored = MessageFile.Read<Protos.SavedModel>(file);
        if (stored.MetaGraphs.Count == 0)
            throw new CheckpointFormatException($"'{file}' holds no meta graph.", CheckpointFault.BadMessage, file);
        MetaGraphDef? chosen = tags is not null ? stored.MetaGraphs.FirstOrDefault(m => tags.All(m.MetaInfoDef.Tags.Contains))
            : stored.MetaGraphs.FirstOrDefault(static m => m.MetaInfoDef?.Tags.Contains("serve") == true) ?? stored.MetaGraphs[0];
        string there = string.Join("; ", stored.MetaGraphs.Select(static m => string.Join(",", m.MetaInfoDef?.Tags ?? [])));
        return new SavedModel(folder, chosen ?? throw new ArgumentException($"No meta graph of '{file}' has the tags {string.Join(",", tags ?? [])}. Tags there: {there}.", nameof(tags)));
    }

    /// <summary>Adds the graph to a session's graph and gives its variables their values.</summary>
    /// <exception cref="GraphException">The graph is not well formed.</exception>
    /// <exception cref="RestoreException">The variables do not fit the graph.</exception>
    public void Restore(Session session, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ImportedMetaGraph imported = MetaGraphs.Import(session.Graph, MetaGraph);
        if (imported.Saver is { RestoreOpName.Length: > 0 } definition && VariablesPrefix is { } prefix && session.Graph.TryGetOperation(definition.RestoreOpName, out _))
            new Saver(definition, session.Graph, imported.Scope).Restore(session, prefix, cancellation);
        RunInitializer(session, cancellation);
    }

    private static string? FileOf(string folder) => Directory.Exists(folder)
        ? FileNames.Select(f => System.IO.Path.Combine(folder, f)).FirstOrDefault(File.Exists)
        : null;

    // Tables and the like are filled by an operation that a collection names.
    private static void RunInitializer(Session session, CancellationToken cancellation)
    {
        object[] steps = [.. session.Graph.GetCollection("saved_model_main_op"), .. session.Graph.GetCollection("legacy_init_op")];
        foreach (Operation step in steps.Select(static s => s is Output output ? output.Operation : s).OfType<Operation>())
        {
            if (step.Inputs.Count + step.ControlInputs.Count > 0)
                session.Run(step, cancellation: cancellation);
        }
    }
}
