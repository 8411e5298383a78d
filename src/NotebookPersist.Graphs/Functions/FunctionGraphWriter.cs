using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Functions;

/// <summary>Writes the body of a function as a plain graph: attributes filled in, inputs numbered, arguments as placeholders.</summary>
/// <remarks>In functions an input is <c>argument</c>, or <c>node:output argument:index</c>; in graphs it is <c>node:output number</c>.</remarks>
internal sealed class FunctionGraphWriter(Graph caller, FunctionDef definition, IDictionary<string, AttrValue> attributes)
{
    // From a name within the function to that in the graph, for lists by their first place.
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly GraphDef _graph = new();

    /// <summary>Names of the arguments' nodes.</summary>
    public List<string> Arguments { get; } = [];

    /// <summary>Names of the results, with numbers.</summary>
    public List<string> Results { get; } = [];

    /// <exception cref="FormatException">Something in the function is not there.</exception>
    public GraphDef Write()
    {
        _graph.Versions = caller.Versions.Clone();
        foreach (OpDef.Types.ArgDef argument in definition.Signature.InputArg)
            WriteArgument(argument);
        foreach (NodeDef stored in definition.NodeDef)
            WriteNode(stored);
        foreach (NodeDef node in _graph.Node.Skip(Arguments.Count))
        {
            for (int i = 0; i < node.Input.Count; i++)
                node.Input[i] = Resolve(node.Input[i]);
        }

        foreach (OpDef.Types.ArgDef result in definition.Signature.OutputArg)
            WriteResult(result);
        return _graph;
    }

    private void WriteArgument(OpDef.Types.ArgDef argument)
    {
        DataType[] types = TypesOf(argument, AttributeOf);
        _places.Add(argument.Name, new Place(argument.Name, 0, types.Length));
        for (int i = 0; i < types.Length; i++)
        {
            string name = i == 0 ? argument.Name : $"{argument.Name}_{i}";
            var node = new NodeDef { Name = name, Op = "Placeholder" };
            node.Attr.Add("dtype", new AttrValue { Type = types[i] });
            node.Attr.Add("shape", new AttrValue { Shape = new TensorShapeProto { UnknownRank = true } });
            _graph.Node.Add(node);
            Arguments.Add(name);
            if (types.Length > 1 || IsList(argument))
                _places[$"{argument.Name}:{i}"] = new Place(name, 0, 1);
        }
    }

    private void WriteNode(NodeDef stored)
    {
        NodeDef node = stored.Clone();
        foreach (AttrValue value in node.Attr.Values)
            Fill(value);
        foreach (string name in node.Attr.Where(static a => a.Value.ValueCase == AttrValue.ValueOneofCase.Placeholder).Select(static a => a.Key).ToArray())
            node.Attr[name] = AttributeOf(node.Attr[name].Placeholder).Clone();
        // They name nodes of the caller, or of the graph that the function was made from.
        node.Attr.Remove("_class");
        _graph.Node.Add(node);
        int at = 0;
        foreach ((string output, int count) in OutputsOf(node))
        {
            _places[$"{node.Name}:{output}"] = new Place(node.Name, at, count);
            at += count;
        }
    }

    // Functions that are named in attributes may themselves be made for attributes of this one.
    private void Fill(AttrValue value)
    {
        IEnumerable<NameAttrList> functions = value.ValueCase == AttrValue.ValueOneofCase.Func ? [value.Func] : value.List?.Func ?? [];
        foreach (NameAttrList function in functions)
        {
            foreach (string name in function.Attr.Where(static a => a.Value.ValueCase == AttrValue.ValueOneofCase.Placeholder).Select(static a => a.Key).ToArray())
                function.Attr[name] = AttributeOf(function.Attr[name].Placeholder).Clone();
        }
    }

    private IEnumerable<(string Name, int Count)> OutputsOf(NodeDef node)
    {
        if (caller.Registry.TryGet(node.Op, out Op? op))
        {
            return [.. op.Signature.Outputs.Select(o => (o.Name, o.TypeListAttr is { } list ? Attr(list).List?.Type.Count ?? 0 : o.NumberAttr is { } number ? checked((int)Attr(number).I) : 1))];

            AttrValue Attr(string name) => node.Attr.GetValueOrDefault(name) ?? op.Signature.FindAttr(name)?.Default
                ?? throw new FormatException($"node '{node.Name}' ({node.Op}) has no attribute '{name}'.");
        }

        FunctionDef? called = caller.Library.Function.FirstOrDefault(f => f.Signature?.Name == node.Op);
        return called is null ? [] : [.. called.Signature.OutputArg.Select(o => (o.Name, TypesOf(o, n => node.Attr[n]).Length))];
    }

    private string Resolve(string input)
    {
        if (input.StartsWith('^'))
            return input;
        if (_places.TryGetValue(input, out Place place))
            return $"{place.Node}:{place.First}";
        int colon = input.LastIndexOf(':');
        if (colon > 0 && int.TryParse(input.AsSpan(colon + 1), out int index) && _places.TryGetValue(input[..colon], out place) && index >= 0 && index < place.Count)
            return $"{place.Node}:{place.First + index}";
        // A type that is not known here has outputs that nobody can number but the file itself.
        string[] parts = input.Split(':');
        if (parts.Length == 3)
            return $"{parts[0]}:{parts[2]}";
        throw new FormatException($"input '{input}' is not there.");
    }

    private void WriteResult(OpDef.Types.ArgDef result)
    {
        if (!definition.Ret.TryGetValue(result.Name, out string? source))
            throw new FormatException($"result '{result.Name}' is not set.");
        int count = TypesOf(result, AttributeOf).Length;
        if (count == 1)
        {
            Results.Add(Resolve(source));
            return;
        }

        for (int i = 0; i < count; i++)
            Results.Add(Resolve($"{source}:{i}"));
    }

    private AttrValue AttributeOf(string name) => attributes.TryGetValue(name, out AttrValue? value)
        ? value
        : definition.Signature.Attr.FirstOrDefault(a => a.Name == name)?.DefaultValue ?? throw new FormatException($"attribute '{name}' is not given.");

    private static bool IsList(OpDef.Types.ArgDef argument) => argument.NumberAttr.Length > 0 || argument.TypeListAttr.Length > 0;

    private static DataType[] TypesOf(OpDef.Types.ArgDef argument, Func<string, AttrValue> attribute)
    {
        if (argument.TypeListAttr.Length > 0)
            return [.. attribute(argument.TypeListAttr).List?.Type ?? []];
        DataType type = argument.TypeAttr.Length > 0 ? attribute(argument.TypeAttr).Type : argument.Type;
        long count = argument.NumberAttr.Length > 0 ? attribute(argument.NumberAttr).I : 1;
        return count is >= 0 and < 1 << 16
            ? [.. Enumerable.Repeat(type, (int)count)]
            : throw new FormatException($"argument '{argument.Name}' is a list of {count}.");
    }

    private readonly record struct Place(string Node, int First, int Count);
}
