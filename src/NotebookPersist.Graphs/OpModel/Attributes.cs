using System.Collections;
using System.Diagnostics.CodeAnalysis;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>The attribute values of one operation, as its graph file has them, with typed access.</summary>
/// <remarks>
/// Operations of all graphs share raw values; what is given out of them is a copy.
/// Thread safety: reading is safe from many threads; <see cref="Set"/> and <see cref="Remove"/> are not.
/// </remarks>
public sealed class Attributes : IEnumerable<KeyValuePair<string, AttrValue>>
{
    private readonly string _node;

    // Few enough that looking through them is faster than hashing their names.
    private KeyValuePair<string, AttrValue>[] _values;

    // What was decoded so far, newest first.
    private Decoded? _decoded;

    internal Attributes(string node, int capacity = 4)
    {
        _node = node;
        _values = capacity > 0 ? new KeyValuePair<string, AttrValue>[capacity] : [];
    }

    /// <summary>Number of attributes.</summary>
    public int Count { get; private set; }

    /// <summary>True where the operation has an attribute of the name.</summary>
    public bool Contains(string name) => Find(name) >= 0;

    /// <summary>A copy of the raw value.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out AttrValue? value)
    {
        bool found = TryGetShared(name, out AttrValue? shared);
        value = shared?.Clone();
        return found;
    }

    /// <summary>Adds or replaces a value, such as an annotation whose name begins with an underscore.</summary>
    public void Set(string name, AttrValue value)
    {
        int at = Find(name);
        if (at < 0)
        {
            Add(name, value);
            return;
        }

        _values[at] = new(name, value);
        _decoded = null;
    }

    /// <summary>Takes an annotation away.</summary>
    public bool Remove(string name)
    {
        int at = Find(name);
        if (at < 0)
            return false;
        Count--;
        Array.Copy(_values, at + 1, _values, at, Count - at);
        _values[Count] = default;
        _decoded = null;
        return true;
    }

    /// <summary>An integer.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public long Int(string name) => Get(name, AttrValue.ValueOneofCase.I).I;

    /// <summary>A float.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public float Float(string name) => Get(name, AttrValue.ValueOneofCase.F).F;

    /// <summary>True or false.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public bool Bool(string name) => Get(name, AttrValue.ValueOneofCase.B).B;

    /// <summary>Text, decoded once.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public string String(string name) => Decode(name, AttrValue.ValueOneofCase.S, static (_, _, v) => v.S.ToStringUtf8());

    /// <summary>An element type.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public DType Type(string name) => (DType)Get(name, AttrValue.ValueOneofCase.Type).Type;

    /// <summary>A shape, decoded once.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public Shape Shape(string name) => Decode(name, AttrValue.ValueOneofCase.Shape, static (_, _, v) => v.Shape.ToShape());

    /// <summary>A constant tensor, decoded once.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public Tensor Tensor(string name) => Decode(name, AttrValue.ValueOneofCase.Tensor, static (node, name, v) =>
    {
        Tensor tensor = TensorProtos.Decode(v.Tensor, $"attribute '{name}' of node '{node}'");
        tensor.Buffer?.Track();
        return tensor;
    });

    /// <summary>A function reference.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public NameAttrList Function(string name) => Get(name, AttrValue.ValueOneofCase.Func).Func;

    /// <summary>Integers.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public IReadOnlyList<long> Ints(string name) => Get(name, AttrValue.ValueOneofCase.List).List.I;

    /// <summary>Floats.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public IReadOnlyList<float> Floats(string name) => Get(name, AttrValue.ValueOneofCase.List).List.F;

    /// <summary>Element types, decoded once.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public IReadOnlyList<DType> Types(string name) =>
        Decode(name, AttrValue.ValueOneofCase.List, static (_, _, v) => Array.AsReadOnly([.. v.List.Type.Select(static t => (DType)t)]));

    /// <summary>Shapes, decoded once.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public IReadOnlyList<Shape> Shapes(string name) =>
        Decode(name, AttrValue.ValueOneofCase.List, static (_, _, v) => Array.AsReadOnly([.. v.List.Shape.Select(static s => s.ToShape())]));

    /// <summary>Texts, decoded once.</summary>
    /// <exception cref="GraphException">There is no such attribute, or it holds something else.</exception>
    public IReadOnlyList<string> Strings(string name) =>
        Decode(name, AttrValue.ValueOneofCase.List, static (_, _, v) => Array.AsReadOnly([.. v.List.S.Select(static s => s.ToStringUtf8())]));

    /// <summary>Names with copies of the raw values.</summary>
    public IEnumerator<KeyValuePair<string, AttrValue>> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return new(_values[i].Key, _values[i].Value.Clone());
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The raw value itself, which other operations may have too: it must not be changed.</summary>
    internal bool TryGetShared(string name, [NotNullWhen(true)] out AttrValue? value)
    {
        int at = Find(name);
        value = at >= 0 ? _values[at].Value : null;
        return at >= 0;
    }

    /// <summary>Adds a value under a name that is not there yet.</summary>
    internal void Add(string name, AttrValue value)
    {
        if (Count == _values.Length)
            Array.Resize(ref _values, Math.Max(4, Count * 2));
        _values[Count++] = new(name, value);
    }

    private int Find(string name)
    {
        ReadOnlySpan<KeyValuePair<string, AttrValue>> values = _values.AsSpan(0, Count);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i].Key == name)
                return i;
        }

        return -1;
    }

    private AttrValue Get(string name, AttrValue.ValueOneofCase kind)
    {
        int at = Find(name);
        if (at < 0)
            throw new GraphException($"Node '{_node}' has no attribute '{name}'.", _node);
        AttrValue value = _values[at].Value;
        if (value.ValueCase != kind)
            throw new GraphException($"Attribute '{name}' of node '{_node}' holds {value.ValueCase} where {kind} is expected.", _node);
        return value;
    }

    private T Decode<T>(string name, AttrValue.ValueOneofCase kind, Func<string, string, AttrValue, T> decode)
        where T : class
    {
        Decoded? newest = Volatile.Read(ref _decoded);
        if (Look<T>(newest, name) is { } known)
            return known;
        T value = decode(_node, name, Get(name, kind));
        while (true)
        {
            var entry = new Decoded(name, value, newest);
            Decoded? found = Interlocked.CompareExchange(ref _decoded, entry, newest);
            if (found == newest)
                return value;

            // Another thread decoded something meanwhile; where it is the same, all go on with one instance.
            newest = found;
            if (Look<T>(newest, name) is { } other)
                return other;
        }
    }

    private static T? Look<T>(Decoded? newest, string name)
        where T : class
    {
        for (Decoded? entry = newest; entry is not null; entry = entry.Older)
        {
            if (entry.Name == name && entry.Value is T value)
                return value;
        }

        return null;
    }

    private sealed class Decoded(string name, object value, Decoded? older)
    {
        public string Name { get; } = name;

        public object Value { get; } = value;

        public Decoded? Older { get; } = older;
    }
}
