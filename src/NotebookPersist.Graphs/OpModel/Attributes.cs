using System.Collections;
using System.Diagnostics.CodeAnalysis;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>The attribute values of one operation, as its graph file has them, with typed access.</summary>
/// <remarks>Thread safety: reading is safe from many threads; <see cref="Set"/> is not.</remarks>
public sealed class Attributes : IEnumerable<KeyValuePair<string, AttrValue>>
{
    private readonly Dictionary<string, AttrValue> _values;
    private readonly string _node;
    private Dictionary<string, Tensor>? _tensors;

    internal Attributes(string node, Dictionary<string, AttrValue> values) => (_node, _values) = (node, values);

    /// <summary>Number of attributes.</summary>
    public int Count => _values.Count;

    /// <summary>True where the operation has an attribute of the name.</summary>
    public bool Contains(string name) => _values.ContainsKey(name);

    /// <summary>The raw value.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out AttrValue? value) => _values.TryGetValue(name, out value);

    /// <summary>Adds or replaces a value, such as an annotation whose name begins with an underscore.</summary>
    public void Set(string name, AttrValue value) => _values[name] = value;

    /// <summary>Takes an annotation away.</summary>
    public bool Remove(string name) => _values.Remove(name);

    /// <summary>An integer.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public long Int(string name) => Get(name, AttrValue.ValueOneofCase.I).I;

    /// <summary>A float.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public float Float(string name) => Get(name, AttrValue.ValueOneofCase.F).F;

    /// <summary>True or false.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public bool Bool(string name) => Get(name, AttrValue.ValueOneofCase.B).B;

    /// <summary>Text.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public string String(string name) => Get(name, AttrValue.ValueOneofCase.S).S.ToStringUtf8();

    /// <summary>An element type.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public DType Type(string name) => (DType)Get(name, AttrValue.ValueOneofCase.Type).Type;

    /// <summary>A shape.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public Shape Shape(string name) => Get(name, AttrValue.ValueOneofCase.Shape).Shape.ToShape();

    /// <summary>A constant tensor, decoded once.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public Tensor Tensor(string name)
    {
        lock (_values)
        {
            _tensors ??= new Dictionary<string, Tensor>(StringComparer.Ordinal);
            if (!_tensors.TryGetValue(name, out Tensor? tensor))
            {
                tensor = TensorProtos.Decode(Get(name, AttrValue.ValueOneofCase.Tensor).Tensor, $"attribute '{name}' of node '{_node}'");
                tensor.Buffer?.Track();
                _tensors.Add(name, tensor);
            }

            return tensor;
        }
    }

    /// <summary>A function reference.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public NameAttrList Function(string name) => Get(name, AttrValue.ValueOneofCase.Func).Func;

    /// <summary>Integers.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public IReadOnlyList<long> Ints(string name) => Get(name, AttrValue.ValueOneofCase.List).List.I;

    /// <summary>Floats.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public IReadOnlyList<float> Floats(string name) => Get(name, AttrValue.ValueOneofCase.List).List.F;

    /// <summary>Element types.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public IReadOnlyList<DType> Types(string name) => [.. Get(name, AttrValue.ValueOneofCase.List).List.Type.Select(static t => (DType)t)];

    /// <summary>Shapes.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public IReadOnlyList<Shape> Shapes(string name) => [.. Get(name, AttrValue.ValueOneofCase.List).List.Shape.Select(static s => s.ToShape())];

    /// <summary>Texts.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public IReadOnlyList<string> Strings(string name) => [.. Get(name, AttrValue.ValueOneofCase.List).List.S.Select(static s => s.ToStringUtf8())];

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, AttrValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private AttrValue Get(string name, AttrValue.ValueOneofCase kind)
    {
        if (!_values.TryGetValue(name, out AttrValue? value))
            throw new GraphException($"Node '{_node}' has no attribute '{name}'.", _node);
        if (value.ValueCase != kind)
            throw new GraphException($"Attribute '{name}' of node '{_node}' holds {value.ValueCase} where {kind} is expected.", _node);
        return value;
    }
}
