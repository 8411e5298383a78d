using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>What a checkpoint, meta graph, graph or SavedModel holds, without running anything.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">The prefix, file or folder.</param>
public sealed record ModelInspection(ModelKind Kind, string Path)
{
    /// <summary>Stored tensors; null where the kind has none.</summary>
    public IReadOnlyList<InspectedTensor>? Tensors { get; init; }

    /// <summary>The graph's nodes; null where the kind has none.</summary>
    public IReadOnlyList<InspectedOperation>? Operations { get; init; }

    /// <summary>Items of each collection by their names; null where the kind has none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Collections { get; init; }

    /// <summary>Inputs and outputs by purpose; null where the kind has none.</summary>
    public IReadOnlyDictionary<string, SignatureDef>? Signatures { get; init; }

    /// <summary>The objects of TensorFlow 2 that it was written from; null for files of TensorFlow 1, and where the objects are damaged or not there.</summary>
    public ObjectGraph? ObjectGraph { get; init; }

    /// <summary>The graph as stored; null where the kind has none.</summary>
    public GraphDef? GraphDef { get; init; }

    /// <summary>What to know before trusting to run the graph, a sentence each: its release where that is a later one, and what is not known here.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>True unless a tensor was found damaged.</summary>
    public bool IsSound => Tensors?.All(static t => t.Fault is null) ?? true;

    /// <summary>Looks into whatever a path means.</summary>
    /// <param name="path">A checkpoint by any of its names, a .meta, .pb, .pbtxt, .npz, .npy or .safetensors file, or a folder.</param>
    /// <param name="verify">Whether every tensor is read and its checksum compared.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="FileNotFoundException">There is nothing there.</exception>
    /// <exception cref="CheckpointFormatException">It is damaged, or of no kind that is known.</exception>
    public static ModelInspection Of(string path, bool verify = false, CancellationToken cancellation = default)
    {
        ModelKind kind = ModelKinds.Of(path);
        return kind switch
        {
            ModelKind.SavedModel => OfSavedModel(path, verify, cancellation),
            ModelKind.MetaGraph => OfMetaGraphFile(path),
            ModelKind.GraphDef => OfGraphFile(path),
            ModelKind.SafeTensors or ModelKind.Npz or ModelKind.Npy => OfArrays(kind, path, verify, cancellation),
            _ => OfCheckpoint(path, verify, cancellation),
        };
    }

    /// <summary>Reads one tensor: of a checkpoint, a SavedModel's variables, an array file, or a constant of a graph.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message proposes near names.</exception>
    public static Tensor ReadTensor(string path, string name, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ModelKind kind = ModelKinds.Of(path);
        if (kind is ModelKind.CheckpointV1 or ModelKind.CheckpointV2)
            return ReadFromCheckpoint(path, name, cancellation);
        if (kind is ModelKind.SafeTensors or ModelKind.Npz or ModelKind.Npy)
        {
            using TensorSource source = TensorSource.Open(path);
            return source.Read(name, cancellation);
        }

        if (kind == ModelKind.SavedModel && SavedModel.Load(path).VariablesPrefix is { } prefix)
            return ReadFromCheckpoint(prefix, name, cancellation);
        GraphDef graphDef = Of(path, cancellation: cancellation).GraphDef!; // Every kind but checkpoints has a graph.
        string node = name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name;
        NodeDef[] constants = [.. graphDef.Node.Where(static n => n.Op == "Const")];
        NodeDef? found = Array.Find(constants, n => n.Name == node);
        if (found is not null)
            return TensorProtos.Decode(found.Attr["value"].Tensor, $"constant '{node}' of '{path}'");
        throw new KeyNotFoundException($"'{path}' has no constant '{node}'.{NearNames.Hint(node, constants.Select(static n => n.Name))}");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind.Name()} {Path}: {(Tensors is null ? "" : $"{Tensors.Count} tensors ")}{(Operations is null ? "" : $"{Operations.Count} operations")}";

    private static Tensor ReadFromCheckpoint(string path, string name, CancellationToken cancellation)
    {
        using Checkpoint checkpoint = Checkpoint.Open(path);
        return checkpoint.Read(name, cancellation);
    }

    private static ModelInspection OfCheckpoint(string path, bool verify, CancellationToken cancellation)
    {
        using Checkpoint checkpoint = Checkpoint.Open(path);
        return WithTensors(
            new ModelInspection(checkpoint.Kind == CheckpointKind.Bundle ? ModelKind.CheckpointV2 : ModelKind.CheckpointV1, checkpoint.Prefix), checkpoint, verify, cancellation);
    }

    private static ModelInspection WithTensors(ModelInspection inspection, Checkpoint checkpoint, bool verify, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, string>? faults = verify ? checkpoint.Verify(cancellation) : null;
        ObjectGraph? objects = ObjectsOf(checkpoint, out string? damage);
        return inspection with
        {
            ObjectGraph = objects,
            Tensors =
            [
                .. checkpoint.Tensors.Select(t => new InspectedTensor(t.Name, t.DType, t.Shape, t.ByteCount, t.Shard, FaultOf(t.Name), faults is not null)
                {
                    FriendlyName = objects?.FriendlyName(t.Name),
                }),
            ],
        };

        string? FaultOf(string name) => faults?.GetValueOrDefault(name) ?? (name == ObjectGraph.Key ? damage : null);
    }

    // Damage is told with the tensor that keeps the objects: the others can be read without.
    private static ObjectGraph? ObjectsOf(Checkpoint checkpoint, out string? damage)
    {
        damage = null;
        try
        {
            return checkpoint.ObjectGraph;
        }
        catch (CheckpointFormatException fault)
        {
            damage = fault.Message;
            return null;
        }
        catch (FileNotFoundException)
        {
            return null; // An index alone can be listed; verifying tells that the data is missing.
        }
    }

    private static ModelInspection OfArrays(ModelKind kind, string path, bool verify, CancellationToken cancellation)
    {
        using TensorSource source = TensorSource.Open(path);
        return new ModelInspection(kind, path)
        {
            Tensors = [.. source.Entries.Select(t => new InspectedTensor(t.Name, t.DType, t.Shape, t.ByteCount, null, verify ? FaultOf(source, t.Name, cancellation) : null, verify && kind == ModelKind.Npz))],
        };
    }

    private static string? FaultOf(TensorSource source, string name, CancellationToken cancellation)
    {
        try
        {
            source.Read(name, cancellation);
            return null;
        }
        catch (IOException fault)
        {
            return fault.Message;
        }
    }

    private static ModelInspection OfSavedModel(string path, bool verify, CancellationToken cancellation)
    {
        var later = new List<string>();
        SavedModel model = SavedModel.Load(path, tags: null, later);
        ModelInspection inspection = OfMetaGraph(ModelKind.SavedModel, model.Path, model.MetaGraph, later);
        if (model.VariablesPrefix is null)
            return inspection with { Tensors = [], ObjectGraph = model.ObjectGraph };
        using Checkpoint checkpoint = model.OpenVariables();
        inspection = WithTensors(inspection, checkpoint, verify, cancellation);
        return inspection.ObjectGraph is null ? inspection : inspection with { ObjectGraph = model.ObjectGraph ?? inspection.ObjectGraph };
    }

    private static ModelInspection OfGraphFile(string path)
    {
        var later = new List<string>();
        return OfGraph(path, MessageFile.Read<GraphDef>(path, unknown: later), later);
    }

    private static ModelInspection OfMetaGraphFile(string path)
    {
        var later = new List<string>();
        return OfMetaGraph(ModelKind.MetaGraph, path, MetaGraphFiles.Read(path, later), later);
    }

    private static ModelInspection OfMetaGraph(ModelKind kind, string path, MetaGraphDef metaGraph, IReadOnlyCollection<string> later) => OfGraph(
        path, metaGraph.GraphDef ?? new GraphDef(), later, metaGraph.MetaInfoDef?.StrippedOpList) with
    {
        Kind = kind,
        Collections = metaGraph.CollectionDef.OrderBy(static c => c.Key, StringComparer.Ordinal).ToDictionary(static c => c.Key, static c => Items(c.Value), StringComparer.Ordinal),
        Signatures = metaGraph.SignatureDef,
    };

    private static ModelInspection OfGraph(string path, GraphDef graphDef, IReadOnlyCollection<string> later, OpList? producer = null)
    {
        // Importing tells how many outputs each node has; what cannot be imported is listed as it is stored.
        var graph = new Graph();
        try
        {
            graph.ImportGraphDef(graphDef, name: "", producerOpList: producer);
        }
        catch (GraphException)
        {
            graph = null;
        }

        return new ModelInspection(ModelKind.GraphDef, path)
        {
            GraphDef = graphDef,
            Notes = GraphNotes.Of(graphDef, later),
            Operations = [.. graphDef.Node.Select(n => new InspectedOperation(n.Name, n.Op, [.. n.Input], OutputsOf(graph, n)))],
        };
    }

    private static string[] OutputsOf(Graph? graph, NodeDef node) =>
        graph is not null && graph.TryGetOperation(node.Name, out Operation? operation) ? [.. operation.Outputs.Select(static o => o.Name)] : [];

    private static IReadOnlyList<string> Items(CollectionDef collection) => collection.KindCase switch
    {
        CollectionDef.KindOneofCase.NodeList => [.. collection.NodeList.Value],
        CollectionDef.KindOneofCase.Int64List => [.. collection.Int64List.Value.Select(static v => $"{v}")],
        CollectionDef.KindOneofCase.FloatList => [.. collection.FloatList.Value.Select(static v => FormattableString.Invariant($"{v}"))],
        CollectionDef.KindOneofCase.BytesList => [.. collection.BytesList.Value.Select(NameOf)],
        CollectionDef.KindOneofCase.AnyList => [.. collection.AnyList.Value.Select(static v => v.TypeUrl)],
        _ => [],
    };

    // Most stored items are messages whose first field is their name.
    private static string NameOf(Google.Protobuf.ByteString bytes)
    {
        try
        {
            return VariableDef.Parser.ParseFrom(bytes) is { VariableName.Length: > 0 } variable ? variable.VariableName : $"{bytes.Length} bytes";
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return $"{bytes.Length} bytes";
        }
    }
}
