using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>A model from files, ready to run: graph, session with values, signatures.</summary>
/// <remarks>Thread safety: as its session.</remarks>
public sealed class LoadedModel : IDisposable
{
    private LoadedModel(ModelKind kind, Session session, IReadOnlyDictionary<string, SignatureDef> signatures) => (Kind, Session, Signatures) = (kind, session, signatures);

    /// <summary>What it was loaded from.</summary>
    public ModelKind Kind { get; }

    /// <summary>Runs the model.</summary>
    public Session Session { get; }

    /// <summary>Its graph.</summary>
    public Graph Graph => Session.Graph;

    /// <summary>Inputs and outputs by purpose; empty where the kind has none.</summary>
    public IReadOnlyDictionary<string, SignatureDef> Signatures { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="path">A frozen graph, a checkpoint with its meta graph or that meta graph, or a SavedModel.</param>
    /// <param name="cancellation">Stops the loading.</param>
    /// <exception cref="FileNotFoundException">There is nothing there, or a checkpoint has no graph beside it.</exception>
    /// <exception cref="CheckpointFormatException">A file is damaged.</exception>
    /// <exception cref="RestoreException">The checkpoint does not fit the graph.</exception>
    public static LoadedModel Load(string path, CancellationToken cancellation = default)
    {
        ModelKind kind = ModelKinds.Of(path);
        var session = new Session(new Graph());
        try
        {
            IReadOnlyDictionary<string, SignatureDef> signatures = Fill(kind, path, session, cancellation);
            return new LoadedModel(kind, session, signatures);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Runs a signature.</summary>
    /// <param name="inputs">Values by the names that the signature has for its inputs.</param>
    /// <param name="signature">The signature; by default "serving_default", or the only one there is.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>Values by the names that the signature has for its outputs.</returns>
    /// <exception cref="ArgumentException">There is no such signature, or it has other inputs; the message lists those there are.</exception>
    /// <exception cref="RunException">A node failed.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs, string? signature = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        SignatureDef chosen = SignatureOf(signature);
        string[] unknown = [.. inputs.Keys.Except(chosen.Inputs.Keys)];
        string[] missing = [.. chosen.Inputs.Keys.Except(inputs.Keys)];
        if (unknown.Length + missing.Length > 0)
            throw new ArgumentException($"The signature takes {Listed(chosen.Inputs.Keys)}; {Listed(inputs.Keys)} {(inputs.Count == 1 ? "was" : "were")} given.", nameof(inputs));
        if (chosen.Inputs.Concat(chosen.Outputs).FirstOrDefault(static i => i.Value.EncodingCase != TensorInfo.EncodingOneofCase.Name) is { Key: { } sparse })
            throw new ArgumentException($"'{sparse}' of the signature is no single tensor. Feed and fetch its parts through the session.", nameof(signature));
        var feeds = new FeedDict();
        foreach ((string name, Tensor value) in inputs)
            feeds[chosen.Inputs[name].Name] = value;
        string[] names = [.. chosen.Outputs.Keys];
        Tensor?[] values = Session.Run([.. names.Select(n => (Fetch)chosen.Outputs[n].Name)], feeds, cancellation);
        return names.Zip(values).Where(static v => v.Second is not null).ToDictionary(static v => v.First, static v => v.Second!, StringComparer.Ordinal);
    }

    /// <summary>Ends the session.</summary>
    public void Dispose() => Session.Dispose();

    private SignatureDef SignatureOf(string? key)
    {
        string[] known = [.. Signatures.Keys.Where(static k => k != SignatureNames.Initializer)];
        if (Signatures.TryGetValue(key ?? SignatureNames.DefaultServing, out SignatureDef? found))
            return found;
        return key is null && known.Length == 1
            ? Signatures[known[0]]
            : throw new ArgumentException($"The model has no signature '{key ?? SignatureNames.DefaultServing}'. Signatures there: {Listed(known)}.", nameof(key));
    }

    private static string Listed(IEnumerable<string> names) => names.Any() ? string.Join(", ", names.Order(StringComparer.Ordinal).Select(static n => $"'{n}'")) : "nothing";

    private static IReadOnlyDictionary<string, SignatureDef> Fill(ModelKind kind, string path, Session session, CancellationToken cancellation)
    {
        var none = new Dictionary<string, SignatureDef>();
        switch (kind)
        {
            case ModelKind.GraphDef:
                session.Graph.ImportGraphDef(MessageFile.Read<GraphDef>(path), name: "");
                return none;
            case ModelKind.SavedModel:
                SavedModel model = SavedModel.Load(path);
                model.Restore(session, cancellation: cancellation);
                return model.Signatures;
            case ModelKind.MetaGraph:
                // The checkpoint that the meta graph was saved with lies beside it.
                string prefix = path[..^Path.GetExtension(path).Length];
                return Restore(path, CheckpointPath.TryResolve(prefix)?.Prefix, session, cancellation);
            case ModelKind.SafeTensors or ModelKind.Npz or ModelKind.Npy:
                throw new ArgumentException($"'{path}' holds tensors ({kind.Name()}) but no graph to run. Build the graph and import the values into it.", nameof(path));
            default:
                CheckpointPath checkpoint = CheckpointStates.Resolve(path);
                return File.Exists(checkpoint.MetaGraphPath)
                    ? Restore(checkpoint.MetaGraphPath, checkpoint.Prefix, session, cancellation)
                    : throw new FileNotFoundException($"Checkpoint '{checkpoint.Prefix}' has no graph beside it: '{checkpoint.MetaGraphPath}' does not exist. Give a frozen graph or a SavedModel instead.", checkpoint.MetaGraphPath);
        }
    }

    private static Google.Protobuf.Collections.MapField<string, SignatureDef> Restore(string path, string? checkpoint, Session session, CancellationToken cancellation)
    {
        MetaGraphDef metaGraph = MetaGraphFiles.Read(path);
        Saver? saver = MetaGraphFiles.Import(metaGraph, clearDevices: true, graph: session.Graph);
        if (saver is not null && checkpoint is not null)
            saver.Restore(session, checkpoint, cancellation);
        return metaGraph.SignatureDef;
    }
}
