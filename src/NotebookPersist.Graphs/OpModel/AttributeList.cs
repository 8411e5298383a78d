using System.Collections;
using Google.Protobuf;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Attribute values for a node to be made, written as a collection: <c>new() { { "axis", 1 } }</c>.</summary>
public sealed class AttributeList : IEnumerable<KeyValuePair<string, AttrValue>>
{
    private readonly List<KeyValuePair<string, AttrValue>> _values = [];

    /// <summary>A value in its stored form.</summary>
    public void Add(string name, AttrValue value) => _values.Add(new(name, value));

    /// <summary>An integer.</summary>
    public void Add(string name, long value) => Add(name, new AttrValue { I = value });

    /// <summary>A float.</summary>
    public void Add(string name, float value) => Add(name, new AttrValue { F = value });

    /// <summary>True or false.</summary>
    public void Add(string name, bool value) => Add(name, new AttrValue { B = value });

    /// <summary>Text.</summary>
    public void Add(string name, string value) => Add(name, new AttrValue { S = ByteString.CopyFromUtf8(value) });

    /// <summary>An element type.</summary>
    public void Add(string name, DType value) => Add(name, new AttrValue { Type = (DataType)value });

    /// <summary>A shape.</summary>
    public void Add(string name, Shape value) => Add(name, new AttrValue { Shape = value.ToProto() });

    /// <summary>A function.</summary>
    public void Add(string name, NameAttrList value) => Add(name, new AttrValue { Func = value });

    /// <summary>A constant tensor.</summary>
    public void Add(string name, TensorProto value) => Add(name, new AttrValue { Tensor = value });

    /// <summary>Integers.</summary>
    public void Add(string name, IEnumerable<long> values)
    {
        var list = new AttrValue.Types.ListValue();
        list.I.AddRange(values);
        Add(name, new AttrValue { List = list });
    }

    /// <summary>Integers.</summary>
    public void Add(string name, IEnumerable<int> values) => Add(name, values.Select(static v => (long)v));

    /// <summary>Floats.</summary>
    public void Add(string name, IEnumerable<float> values)
    {
        var list = new AttrValue.Types.ListValue();
        list.F.AddRange(values);
        Add(name, new AttrValue { List = list });
    }

    /// <summary>Element types.</summary>
    public void Add(string name, IEnumerable<DType> values)
    {
        var list = new AttrValue.Types.ListValue();
        list.Type.AddRange(values.Select(static v => (DataType)v));
        Add(name, new AttrValue { List = list });
    }

    /// <summary>Shapes.</summary>
    public void Add(string name, IEnumerable<Shape> values)
    {
        var list = new AttrValue.Types.ListValue();
        list.Shape.AddRange(values.Select(static v => v.ToProto()));
        Add(name, new AttrValue { List = list });
    }

    /// <summary>Texts.</summary>
    public void Add(string name, IEnumerable<string> values)
    {
        var list = new AttrValue.Types.ListValue();
        list.S.AddRange(values.Select(ByteString.CopyFromUtf8));
        Add(name, new AttrValue { List = list });
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, AttrValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
