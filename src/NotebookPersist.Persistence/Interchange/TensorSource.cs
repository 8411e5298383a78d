using NotebookPersist.Formats;
using NotebookPersist.Formats.Npy;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.SafeTensors;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Named tensors, whatever holds them: a checkpoint, a SavedModel, the constants of a graph, safetensors, NumPy's files, or a session.</summary>
/// <remarks>Values are read when asked for, one tensor at a time. Thread safety: one read at a time.</remarks>
public sealed class TensorSource : IDisposable
{
    private readonly Func<CheckpointEntry, CancellationToken, Tensor> _read;
    private readonly IDisposable? _owned;
    private readonly Dictionary<string, CheckpointEntry> _byName;

    private TensorSource(string kindName, string path, IReadOnlyList<CheckpointEntry> entries, Func<CheckpointEntry, CancellationToken, Tensor> read, IDisposable? owned = null)
    {
        (KindName, Path, Entries, _read, _owned) = (kindName, path, entries, read, owned);
        _byName = entries.ToDictionary(static e => e.Name, StringComparer.Ordinal);
    }

    /// <summary>What holds the tensors, in a word: that of <see cref="ModelKinds.Name"/>, or <c>session</c>.</summary>
    public string KindName { get; }

    /// <summary>What it is to speak of: a checkpoint, graph, SavedModel, session or file.</summary>
    public string Noun => KindName switch
    {
        "checkpoint-v1" or "checkpoint-v2" => "checkpoint",
        "graphdef" or "metagraph" => "graph",
        "savedmodel" => "SavedModel",
        "session" => "session",
        _ => "file",
    };

    /// <summary>The file, prefix or folder; for a session the word.</summary>
    public string Path { get; }

    /// <summary>All tensors.</summary>
    public IReadOnlyList<CheckpointEntry> Entries { get; }

    /// <summary>Opens whatever a path means.</summary>
    /// <param name="path">A checkpoint by any of its names, a folder, a graph or meta graph, a SavedModel, or an .npz, .npy or .safetensors file.</param>
    /// <exception cref="FileNotFoundException">There is nothing there.</exception>
    /// <exception cref="CheckpointFormatException">The file is damaged, or of no kind that is known.</exception>
    /// <exception cref="ArgumentException">A SavedModel has no variables.</exception>
    public static TensorSource Open(string path)
    {
        ModelKind kind = ModelKinds.Of(path);
        return kind switch
        {
            ModelKind.SafeTensors => OfFile(kind, SafeTensorsReader.Open(path)),
            ModelKind.Npz => OfFile(kind, NpzReader.Open(path)),
            ModelKind.Npy => OfArray(path),
            ModelKind.GraphDef => OfConstants(kind, path, MessageFile.Read<GraphDef>(path)),
            ModelKind.MetaGraph => OfConstants(kind, path, MetaGraphFiles.Read(path).GraphDef ?? new GraphDef()),
            ModelKind.SavedModel => OfSavedModel(path),
            _ => OfCheckpoint(kind, path, CheckpointStates.Resolve(path).Prefix),
        };
    }

    /// <summary>The values that the variables of a session have now, each under the name of its node.</summary>
    /// <param name="session">Holds the values; it must stay open.</param>
    public static TensorSource Of(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        Dictionary<string, Variable> variables = Variables(session.Graph);
        return new TensorSource(
            "session",
            "session",
            [.. variables.Select(static v => new CheckpointEntry(v.Key, v.Value.DType, v.Value.Shape, BytesOf(v.Value.DType, v.Value.Shape), []))],
            (entry, cancellation) => session.Run(variables[entry.Name].Value, cancellation: cancellation));
    }

    /// <summary>Reads a tensor.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message proposes near names.</exception>
    /// <exception cref="CheckpointFormatException">Its bytes are damaged.</exception>
    public Tensor Read(string name, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.TryGetValue(name, out CheckpointEntry? entry)
            ? _read(entry, cancellation)
            : throw new KeyNotFoundException($"There is no tensor '{name}' in '{Path}'.{NearNames.Hint(name, _byName.Keys)}");
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => _owned?.Dispose();

    /// <summary>The global variables of a graph by the names of their nodes, in the order of these.</summary>
    internal static Dictionary<string, Variable> Variables(Graph graph) => graph.GetCollection<Variable>(GraphKeys.GlobalVariables)
        .Distinct()
        .OrderBy(static v => v.OperationName, StringComparer.Ordinal)
        .ToDictionary(static v => v.OperationName, StringComparer.Ordinal);

    private static TensorSource OfFile(ModelKind kind, TensorFileReader reader) =>
        new(kind.Name(), reader.Path, reader.Entries, (entry, cancellation) => reader.Read(entry.Name, cancellation), reader);

    private static TensorSource OfArray(string path)
    {
        (DType dtype, Shape shape) = NpyFile.ReadSpec(path);

        // The file does not name its array.
        var entry = new CheckpointEntry(System.IO.Path.GetFileNameWithoutExtension(path), dtype, shape, BytesOf(dtype, shape), []);
        return new TensorSource(ModelKind.Npy.Name(), path, [entry], (_, cancellation) => NpyFile.Read(path, cancellation));
    }

    private static TensorSource OfCheckpoint(ModelKind kind, string path, string prefix)
    {
        CheckpointReader reader = CheckpointReader.Open(prefix);
        return new TensorSource(kind.Name(), path, reader.Entries, (entry, cancellation) => reader.Read(entry.Name, cancellation), reader);
    }

    private static TensorSource OfSavedModel(string path) => SavedModel.Load(path).VariablesPrefix is { } prefix
        ? OfCheckpoint(ModelKind.SavedModel, path, prefix)
        : throw new ArgumentException($"SavedModel '{path}' has no variables: its values are constants of its graph. Give its 'saved_model.pb' as a frozen graph, or another model.", nameof(path));

    private static TensorSource OfConstants(ModelKind kind, string path, GraphDef graphDef)
    {
        Dictionary<string, TensorProto> constants = graphDef.Node
            .Where(static n => n.Op == "Const" && n.Attr.TryGetValue("value", out AttrValue? value) && value.Tensor is not null)
            .GroupBy(static n => n.Name, StringComparer.Ordinal)
            .ToDictionary(static n => n.Key, static n => n.First().Attr["value"].Tensor, StringComparer.Ordinal);
        return new TensorSource(
            kind.Name(),
            path,
            [.. constants.Select(c => EntryOf(c.Key, c.Value, path))],
            (entry, _) => TensorProtos.Decode(constants[entry.Name], $"constant '{entry.Name}' of '{path}'"));
    }

    private static CheckpointEntry EntryOf(string name, TensorProto constant, string path)
    {
        Shape shape = (constant.TensorShape ?? new TensorShapeProto()).ToShape(path);
        return new CheckpointEntry(name, (DType)constant.Dtype, shape, shape.IsFullyKnown ? BytesOf((DType)constant.Dtype, shape) : 0, []);
    }

    private static long BytesOf(DType dtype, Shape shape) => Totals.BytesOf(dtype, shape);
}
