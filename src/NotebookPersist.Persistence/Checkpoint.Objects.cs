using NotebookPersist.Formats;
using NotebookPersist.Persistence;

namespace NotebookPersist;

public sealed partial class Checkpoint
{
    private readonly Lazy<ObjectGraph?> _objectGraph;
    private readonly Lazy<IReadOnlyDictionary<string, string>> _nameMap;

    /// <summary>The objects of TensorFlow 2 that it was written from; null for a checkpoint of TensorFlow 1. Read when first asked for.</summary>
    /// <exception cref="CheckpointFormatException">The graph is damaged; values can still be read by their keys.</exception>
    /// <exception cref="FileNotFoundException">The data file with the graph is missing.</exception>
    public ObjectGraph? ObjectGraph => _objectGraph.Value;

    /// <summary>Its tensors by the names that graphs and people have for them; empty for a checkpoint of TensorFlow 1.</summary>
    /// <remarks>A variable is named as in the graph that it was written from, <c>dense/kernel</c>, and by its way from the root, <c>layer-1/kernel</c>.</remarks>
    /// <exception cref="CheckpointFormatException">The object graph is damaged.</exception>
    public IReadOnlyDictionary<string, string> NameMap() => _nameMap.Value;

    /// <summary>A short name of a tensor; null where its key is all there is.</summary>
    /// <exception cref="CheckpointFormatException">The object graph is damaged.</exception>
    public string? FriendlyName(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ObjectGraph?.FriendlyName(key);
    }

    /// <summary>The key that a name means: the name itself, the variable of a tensor's name, or what the object graph calls so; null where nothing is meant.</summary>
    /// <exception cref="CheckpointFormatException">The object graph is damaged.</exception>
    public string? FindKey(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_reader.TryFind(name, out _))
            return name;

        // Users know variables by their tensors' names.
        string variable = name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name;
        return _reader.TryFind(variable, out _) ? variable : NameMap().GetValueOrDefault(variable);
    }

    /// <summary>What a restore chooses from.</summary>
    internal RestoreSource RestoreSource => new(Prefix, [.. Tensors.Where(static t => t.Name != ObjectGraph.Key)], NameMap(), FindKey);

    /// <summary>What reads the files.</summary>
    internal CheckpointReader Reader => _reader;

    /// <summary>The tensor of a key; null where there is none.</summary>
    internal CheckpointEntry? Find(string key) => _reader.TryFind(key, out CheckpointEntry? entry) ? entry : null;

    /// <summary>Reads what a saver's node asks for: a whole tensor, or a part as <c>10 4 0,3:-</c>.</summary>
    internal Tensor ReadSlice(string key, string shapeAndSlice, CancellationToken cancellation) => shapeAndSlice.Length == 0
        ? _reader.Read(key, cancellation)
        : _reader.Read(key, TensorSlice.ParseShapeAndSlice(shapeAndSlice).Slice, cancellation);

    private ObjectGraph? ReadObjectGraph()
    {
        if (!_reader.TryFind(ObjectGraph.Key, out CheckpointEntry? entry) || entry.DType != DType.String)
            return null;
        Tensor stored = _reader.Read(entry.Name);
        return stored.Count == 1
            ? ObjectGraph.Parse(stored.Strings[0], Prefix)
            : throw new CheckpointFormatException($"The object graph of '{Prefix}' is damaged: it has shape {stored.Shape} and should be one string.", CheckpointFault.BadMessage, Prefix);
    }

    private Dictionary<string, string> ReadNameMap() => (ObjectGraph?.NameMap ?? new Dictionary<string, string>())
        .Where(n => _reader.TryFind(n.Value, out _))
        .ToDictionary(StringComparer.Ordinal);
}
