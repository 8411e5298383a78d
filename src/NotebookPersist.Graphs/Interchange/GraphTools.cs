using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Works on stored graphs: cutting out a part, turning variables into constants.</summary>
/// <remarks>Source: TensorFlow's graph_util. Thread safety: pure; the graphs given are not changed.</remarks>
public static class GraphTools
{
    /// <summary>The nodes that some operations need, in the order they are stored: by data, by control, and by where they must live.</summary>
    /// <exception cref="ArgumentException">An operation is not in the graph.</exception>
    public static GraphDef ExtractSubGraph(GraphDef graphDef, IReadOnlyCollection<string> destinations)
    {
        ArgumentNullException.ThrowIfNull(graphDef);
        ArgumentNullException.ThrowIfNull(destinations);
        var byName = new Dictionary<string, NodeDef>(StringComparer.Ordinal);
        foreach (NodeDef node in graphDef.Node)
            byName[node.Name] = node;
        foreach (string name in destinations)
        {
            if (!byName.ContainsKey(name))
                throw new ArgumentException($"'{name}' is not in graph.", nameof(destinations));
        }

        var kept = new HashSet<string>(destinations, StringComparer.Ordinal);
        var stack = new Stack<string>(destinations);
        while (stack.TryPop(out string? name))
        {
            foreach (string next in byName[name].Input.Select(static i => NodeInput.Parse(i).Node).Concat(Colocated(byName[name])))
            {
                if (byName.ContainsKey(next) && kept.Add(next))
                    stack.Push(next);
            }
        }

        var part = new GraphDef { Library = graphDef.Library?.Clone(), Versions = graphDef.Versions?.Clone() };
        part.Node.AddRange(graphDef.Node.Where(n => kept.Contains(n.Name)).Select(static n => n.Clone()));
        return part;
    }

    /// <summary>The part of a graph that some operations need, its variables turned into constants.</summary>
    /// <param name="graphDef">The graph.</param>
    /// <param name="outputs">Operations to keep.</param>
    /// <param name="values">Values of variables by the names of their nodes; variables without one stay.</param>
    /// <exception cref="ArgumentException">An operation is not in the graph.</exception>
    /// <exception cref="GraphException">A resource variable is used in a way that no constant can replace.</exception>
    /// <remarks>As in TensorFlow, the result has no version stamp.</remarks>
    public static GraphDef ConvertVariablesToConstants(GraphDef graphDef, IReadOnlyCollection<string> outputs, IReadOnlyDictionary<string, Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        GraphDef needed = ExtractSubGraph(graphDef, outputs);
        var handles = Handles(needed, values);
        var frozen = new GraphDef { Library = needed.Library };
        foreach (NodeDef node in needed.Node)
        {
            if (node.Op is "Variable" or "VariableV2" or "VarHandleOp" && values.TryGetValue(node.Name, out Tensor? value))
                frozen.Node.Add(Constant(node.Name, value));
            else
                frozen.Node.AddRange(Converted(node, handles));
        }

        return frozen;
    }

    private static IEnumerable<string> Colocated(NodeDef node) =>
        node.Attr.TryGetValue("_class", out AttrValue? groups) && groups.List is { } list
            ? list.S.Select(static s => s.ToStringUtf8()).Where(static s => s.StartsWith("loc:@", StringComparison.Ordinal)).Select(static s => s[5..])
            : [];

    private static NodeDef Constant(string name, Tensor value)
    {
        var node = new NodeDef { Name = name, Op = "Const" };
        node.Attr.Add("dtype", new AttrValue { Type = (DataType)value.DType });
        node.Attr.Add("value", new AttrValue { Tensor = TensorProtos.Encode(value) });
        return node;
    }

    // Nodes through which the handle of a frozen resource variable flows, with the type of its value.
    private static Dictionary<string, DType> Handles(GraphDef graphDef, IReadOnlyDictionary<string, Tensor> values)
    {
        var handles = graphDef.Node
            .Where(n => n.Op == "VarHandleOp" && values.ContainsKey(n.Name))
            .ToDictionary(static n => n.Name, n => values[n.Name].DType, StringComparer.Ordinal);
        bool grew = handles.Count > 0;
        while (grew)
        {
            grew = false;
            foreach (NodeDef node in graphDef.Node.Where(n => n.Op is "Identity" or "Switch" or "Enter" or "Exit" or "Merge" && !handles.ContainsKey(n.Name) && n.Input.Count > 0))
            {
                if (handles.TryGetValue(NodeInput.Parse(node.Input[0]).Node, out DType type))
                {
                    handles.Add(node.Name, type);
                    grew = true;
                }
            }
        }

        return handles;
    }

    private static IEnumerable<NodeDef> Converted(NodeDef node, Dictionary<string, DType> handles)
    {
        DType? taken = node.Input.Count > 0 && handles.TryGetValue(NodeInput.Parse(node.Input[0]).Node, out DType type) ? type : null;
        if (taken is null)
            return [node];
        switch (node.Op)
        {
            case "ReadVariableOp":
                var read = new NodeDef { Name = node.Name, Op = "Identity", Device = node.Device, Input = { node.Input } };
                read.Attr.Add("T", node.Attr["dtype"]);
                if (node.Attr.TryGetValue("_class", out AttrValue? location))
                    read.Attr.Add("_class", location);
                return [read];
            case "ResourceGather":
                return Gathered(node);
            case "Identity" or "Switch" or "Enter" or "Exit" or "Merge":
                node.Attr["T"] = new AttrValue { Type = (DataType)taken.Value };
                node.Attr.Remove("_output_shapes");
                return [node];
            default:
                throw new GraphException($"Cannot freeze: node '{node.Name}' ({node.Op}) uses a variable's handle in a way that no constant can replace.", node.Name, node.Op);
        }
    }

    private static NodeDef[] Gathered(NodeDef node)
    {
        string axisName = node.Name + "/axis";
        var gather = new NodeDef { Name = node.Name, Op = "GatherV2", Device = node.Device };
        gather.Input.Add([node.Input[0], node.Input[1], axisName]);
        gather.Attr.Add("Tparams", node.Attr["dtype"]);
        gather.Attr.Add("Tindices", node.Attr["Tindices"]);
        gather.Attr.Add("Taxis", new AttrValue { Type = DataType.DtInt32 });
        gather.Attr.Add("batch_dims", new AttrValue { I = 0 });
        return [Constant(axisName, 0), gather];
    }
}
