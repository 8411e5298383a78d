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

    /// <summary>Ends the session.</summary>
    public void Dispose() => Session.Dispose();

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
        Saver? saver = MetaGraphFiles.Import(metaGraph, session.Graph, clearDevices: true);
        if (saver is not null && checkpoint is not null)
            saver.Restore(session, checkpoint, cancellation);
        return metaGraph.SignatureDef;
    }
}
