using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>One side of a comparison: the tensors of a model, read when asked for, and its graph.</summary>
internal sealed class ModelContents : IDisposable
{
    private static readonly string[] VariableOps = ["VariableV2", "Variable", "VarHandleOp"];

    private readonly IDisposable? _file;

    private ModelContents(string path, string kind, IDisposable? file = null) => (Path, Kind, _file) = (path, kind, file);

    /// <summary>The prefix, file or folder.</summary>
    public string Path { get; }

    /// <summary>What it is, as tools write it.</summary>
    public string Kind { get; }

    /// <summary>All tensors by name.</summary>
    public Dictionary<string, StoredTensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>The graph; null where there is none.</summary>
    public GraphDef? Graph { get; private init; }

    /// <summary>What to know of the graph, a sentence each; see <see cref="ModelInspection.Notes"/>.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>Opens whatever a path means.</summary>
    /// <exception cref="FileNotFoundException">There is nothing there.</exception>
    /// <exception cref="CheckpointFormatException">It is damaged, or of no kind that is known.</exception>
    public static ModelContents Open(string path)
    {
        ModelKind kind = ModelKinds.Of(path);
        var later = new List<string>();
        return kind switch
        {
            ModelKind.GraphDef => OfGraph(path, kind.Name(), MessageFile.Read<GraphDef>(path, unknown: later), null, later),
            ModelKind.MetaGraph => OfGraph(path, kind.Name(), MetaGraphFiles.Read(path, later).GraphDef ?? new GraphDef(), null, later),
            ModelKind.SavedModel => OfSavedModel(path),
            ModelKind.SafeTensors or ModelKind.Npz or ModelKind.Npy => OfArrays(TensorSource.Open(path)),
            _ => OfCheckpoint(Checkpoint.Open(path), kind.Name()),
        };
    }

    /// <summary>A graph in memory.</summary>
    public static ModelContents Of(GraphDef graph, string shown) => OfGraph(shown, ModelKind.GraphDef.Name(), graph, null, []);

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static ModelContents OfArrays(TensorSource source)
    {
        var contents = new ModelContents(source.Path, source.KindName, source);
        foreach (CheckpointEntry entry in source.Entries)
            contents.Tensors.Add(entry.Name, new StoredTensor(entry.Name, entry.DType, entry.Shape, cancellation => source.Read(entry.Name, cancellation), false));
        return contents;
    }

    private static ModelContents OfCheckpoint(Checkpoint checkpoint, string kind)
    {
        var contents = new ModelContents(checkpoint.Prefix, kind, checkpoint);
        contents.AddTensors(checkpoint);
        return contents;
    }

    private static ModelContents OfSavedModel(string path)
    {
        SavedModel model = SavedModel.Load(path);
        return OfGraph(model.Path, ModelKind.SavedModel.Name(), model.MetaGraph.GraphDef ?? new GraphDef(), model.VariablesPrefix is { } prefix ? Checkpoint.Open(prefix) : null, []);
    }

    private static ModelContents OfGraph(string path, string kind, GraphDef graph, Checkpoint? variables, IReadOnlyCollection<string> later)
    {
        var contents = new ModelContents(path, kind, variables) { Graph = graph, Notes = GraphNotes.Of(graph, later) };
        if (variables is not null)
            contents.AddTensors(variables);
        foreach (NodeDef node in graph.Node)
        {
            if (node.Op == "Const" && node.Attr.TryGetValue("value", out AttrValue? value) && value.Tensor is { } stored)
            {
                Shape shape = stored.TensorShape is null ? Shape.Scalar : stored.TensorShape.ToShape();
                contents.Tensors.TryAdd(node.Name, new StoredTensor(node.Name, (DType)stored.Dtype, shape, _ => TensorProtos.Decode(stored, $"constant '{node.Name}' of '{path}'"), true));
            }
            else if (VariableOps.Contains(node.Op))
            {
                contents.Tensors.TryAdd(NameOf(node), new StoredTensor(NameOf(node), TypeOf(node), ShapeOf(node), null, false));
            }
        }

        return contents;
    }

    // Checkpoints know a resource variable by its shared name.
    private static string NameOf(NodeDef node) =>
        node.Op == "VarHandleOp" && node.Attr.TryGetValue("shared_name", out AttrValue? shared) && shared.S.Length > 0 ? shared.S.ToStringUtf8() : node.Name;

    private static DType TypeOf(NodeDef node) => node.Attr.TryGetValue("dtype", out AttrValue? type) ? (DType)type.Type : DType.Invalid;

    private static Shape ShapeOf(NodeDef node) => node.Attr.TryGetValue("shape", out AttrValue? shape) && shape.Shape is not null ? shape.Shape.ToShape() : Shape.Unknown;

    private void AddTensors(Checkpoint checkpoint)
    {
        foreach (CheckpointEntry entry in checkpoint.Tensors)
            Tensors.TryAdd(entry.Name, new StoredTensor(entry.Name, entry.DType, entry.Shape, cancellation => checkpoint.Read(entry.Name, cancellation), false));
    }
}

/// <summary>A tensor of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Its shape; not fully known only where there are no values.</param>
/// <param name="Read">Reads the values; null where there are none: a variable of a graph.</param>
/// <param name="IsConstant">True for a constant of a graph.</param>
internal sealed record StoredTensor(string Name, DType DType, Shape Shape, Func<CancellationToken, Tensor>? Read, bool IsConstant)
{
    public TensorSpec Spec => new(DType, Shape);
}
