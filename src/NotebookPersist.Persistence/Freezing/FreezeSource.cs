using NotebookPersist.Formats.Files;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>What is to be frozen: a session with its graph as stored, which outputs are wanted and why.</summary>
/// <param name="Session">Holds the values.</param>
/// <param name="GraphDef">Its graph.</param>
/// <param name="Outputs">Operations wanted.</param>
/// <param name="Reason">How they were chosen.</param>
/// <param name="Name">Where all of it came from, for people.</param>
internal sealed record FreezeSource(Session Session, GraphDef GraphDef, IReadOnlyList<string> Outputs, string Reason, string Name)
{
    /// <summary>Tensors that callers feed, by name, where a signature tells them.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>A session's own graph.</summary>
    public static FreezeSource Of(Session session, IReadOnlyList<string>? outputs)
    {
        GraphDef graphDef = session.Graph.ToGraphDef();
        (IReadOnlyList<string> names, string reason) = Choose(session.Graph, graphDef, outputs);
        return new FreezeSource(session, graphDef, names, reason, "a session");
    }

    /// <summary>A checkpoint with its meta graph, or a SavedModel; the session is the caller's to end.</summary>
    public static FreezeSource Load(string model, FreezeOptions options, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        string folder = File.Exists(model) && Path.GetFileName(model) is SavedModel.FileName or SavedModel.TextFileName ? Path.GetDirectoryName(Path.GetFullPath(model))! : model; // A file has a folder.
        return SavedModel.IsAt(folder) ? LoadSavedModel(folder, options, cancellation) : LoadCheckpoint(model, options.OutputNames, cancellation);
    }

    /// <summary>A checkpoint with its meta graph; the session is the caller's to end.</summary>
    public static FreezeSource LoadCheckpoint(string model, IReadOnlyList<string>? outputs, CancellationToken cancellation)
    {
        CheckpointPath checkpoint = CheckpointStates.Resolve(model);
        if (!File.Exists(checkpoint.MetaGraphPath))
            throw new FileNotFoundException($"Checkpoint '{checkpoint.Prefix}' has no graph beside it: '{checkpoint.MetaGraphPath}' does not exist. Save it with its meta graph.", checkpoint.MetaGraphPath);
        var graph = new Graph();
        Saver saver = MetaGraphFiles.Import(checkpoint.MetaGraphPath, clearDevices: true, graph: graph)
            ?? throw new ArgumentException($"The graph of '{checkpoint.MetaGraphPath}' has no variables: it is frozen already.", nameof(model));

        // An unknown name is told before the time of a restore is spent.
        GraphDef graphDef = graph.ToGraphDef();
        (IReadOnlyList<string> names, string reason) = Choose(graph, graphDef, outputs);
        return Filled(graph, session => saver.Restore(session, checkpoint.Prefix, cancellation), graphDef, names, reason, $"checkpoint '{checkpoint.Prefix}'");
    }

    private static FreezeSource LoadSavedModel(string folder, FreezeOptions options, CancellationToken cancellation)
    {
        SavedModel model = SavedModel.Load(folder, options.Tags);
        var graph = new Graph();
        (IReadOnlyList<string>? outputs, string reason) = SignatureOutputs(model, options);
        MetaGraphDef stored = model.MetaGraph;
        string? key = SignatureKey(model, options);
        GraphDef needed = GraphTools.ExtractSubGraph(stored.GraphDef ?? new GraphDef(), outputs ?? OutputInference.Infer(stored.GraphDef ?? new GraphDef()).Names);
        RequireNoTables(needed, $"SavedModel '{folder}'");
        return Filled(
            graph,
            session => model.Restore(session, importScope: null, initialize: false, cancellation),
            null,
            outputs,
            reason,
            $"SavedModel '{folder}' ({string.Join(",", model.Tags)})") with
        {
            Inputs = key is not null && model.Signatures.TryGetValue(key, out SignatureDef? signature)
                ? [.. signature.Inputs.Values.Select(static i => i.Name).Where(static n => n.Length > 0)]
                : [],
        };
    }

    /// <summary>Refuses what is filled by an initialiser, which a frozen graph does not run.</summary>
    /// <exception cref="GraphException">An output needs a table.</exception>
    public static void RequireNoTables(GraphDef needed, string source)
    {
        if (needed.Node.FirstOrDefault(static n => n.Op.Contains("HashTable", StringComparison.Ordinal) || n.Op.StartsWith("LookupTable", StringComparison.Ordinal)) is not { } table)
            return;
        throw new GraphException(
            $"Cannot freeze {source}: an output needs the table '{table.Name}' ({table.Op}), which an initialiser fills; the file of a frozen graph runs none. "
            + "Choose outputs behind which there are no tables.",
            table.Name,
            table.Op);
    }

    private static FreezeSource Filled(Graph graph, Action<Session> fill, GraphDef? graphDef, IReadOnlyList<string>? outputs, string reason, string name)
    {
        var session = new Session(graph);
        try
        {
            fill(session);
            graphDef ??= graph.ToGraphDef();
            (IReadOnlyList<string> names, string chosen) = Choose(graph, graphDef, outputs);
            return new FreezeSource(session, graphDef, names, outputs is null ? chosen : reason, name);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static string? SignatureKey(SavedModel model, FreezeOptions options) => options.SignatureName
        ?? (model.Signatures.ContainsKey(SignatureNames.DefaultServing) ? SignatureNames.DefaultServing
            : model.Signatures.Keys.Where(static k => !k.StartsWith("__", StringComparison.Ordinal)).ToArray() is [string only] ? only : null);

    private static (IReadOnlyList<string>? Names, string Reason) SignatureOutputs(SavedModel model, FreezeOptions options)
    {
        if (options.OutputNames is { Count: > 0 } given)
            return (given, "named by the caller");
        if (SignatureKey(model, options) is not { } key)
            return (null, "");
        if (!model.Signatures.TryGetValue(key, out SignatureDef? signature))
            throw new ArgumentException($"SavedModel '{model.Path}' has no signature '{key}'. Signatures there: {(model.Signatures.Count == 0 ? "none" : string.Join(", ", model.Signatures.Keys))}.");
        string[] names = [.. signature.Outputs.OrderBy(static o => o.Key, StringComparer.Ordinal).Select(static o => o.Value.Name.Split(':')[0]).Where(static n => n.Length > 0).Distinct(StringComparer.Ordinal)];
        return names.Length > 0 ? (names, $"the outputs of signature '{key}'") : throw new ArgumentException($"Signature '{key}' of SavedModel '{model.Path}' has no outputs that are tensors.");
    }

    private static (IReadOnlyList<string> Names, string Reason) Choose(Graph graph, GraphDef graphDef, IReadOnlyList<string>? given)
    {
        if (given is null || given.Count == 0)
        {
            InferredOutputs inferred = OutputInference.Infer(graphDef);
            return inferred.Names.Count > 0
                ? (inferred.Names, inferred.Reason)
                : throw new ArgumentException($"No output can be inferred: {inferred.Reason} Name the outputs to keep.");
        }

        foreach (string name in given)
        {
            if (name.Contains(':', StringComparison.Ordinal))
                throw new ArgumentException($"Name '{name}' appears to refer to a Tensor, not a Operation. Leave out the part after the colon.");
            if (graph.TryGetOperation(name, out _))
                continue;
            throw new ArgumentException($"'{name}' is not in graph.{NearNames.Hint(name, graph.Operations.Select(static o => o.Name))}");
        }

        return (given, "named by the caller");
    }
}
