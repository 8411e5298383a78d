using System.Globalization;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Cuts and rewrites stored graphs: what inference needs, with constants in the place of variables.</summary>
/// <remarks>Source: TensorFlow's <c>tf.graph_util</c>. Stored graphs given are left as they are. Thread safety: pure functions.</remarks>
public static class GraphTools
{
    private const string ColocationPrefix = "loc:@";

    /// <summary>The part of a graph that some nodes need: data inputs, control inputs and nodes they are to live with.</summary>
    /// <param name="graphDef">The graph.</param>
    /// <param name="destinations">Names of the nodes wanted.</param>
    /// <returns>Those nodes in their old order, with library and versions.</returns>
    /// <exception cref="ArgumentException">A node wanted is not in the graph.</exception>
    /// <exception cref="GraphException">An input is not in the graph, or a name is there twice.</exception>
    public static GraphDef ExtractSubGraph(GraphDef graphDef, IReadOnlyCollection<string> destinations)
    {
        ArgumentNullException.ThrowIfNull(graphDef);
        ArgumentNullException.ThrowIfNull(destinations);
        Dictionary<string, NodeDef> nodes = ByName(graphDef);
        foreach (string name in destinations)
        {
            if (!nodes.ContainsKey(name))
                throw new ArgumentException($"'{name}' is not in graph.{NearNames.Hint(name, nodes.Keys)}", nameof(destinations));
        }

        var needed = new HashSet<string>(StringComparer.Ordinal);
        var queue = new Queue<string>(destinations);
        while (queue.TryDequeue(out string? name))
        {
            if (!needed.Add(name))
                continue;
            NodeDef node = nodes[name];
            foreach (string input in node.Input.Select(static i => NodeInput.Parse(i).Node))
                queue.Enqueue(nodes.ContainsKey(input) ? input : throw new GraphException($"Node '{node.Name}': Unknown input node '{input}'", node.Name, node.Op));
            foreach (string target in Colocations(node).Where(nodes.ContainsKey))
                queue.Enqueue(target);
        }

        var cut = new GraphDef { Library = graphDef.Library?.Clone(), Versions = graphDef.Versions?.Clone() };
        cut.Node.AddRange(graphDef.Node.Where(n => needed.Contains(n.Name)).Select(static n => n.Clone()));
        return cut;
    }

    /// <summary>The part of a graph that some nodes need, with constants in the place of variables.</summary>
    /// <param name="graphDef">The graph.</param>
    /// <param name="outputs">Names of the nodes wanted.</param>
    /// <param name="values">Values by the names of the variables' nodes; a variable without one stays a variable. Large ones are shared with the graph returned, so that nobody may change them.</param>
    /// <returns>The frozen graph; as TensorFlow's, it tells no versions.</returns>
    /// <exception cref="ArgumentException">A node wanted is not in the graph.</exception>
    /// <exception cref="GraphException">A node does something with a variable that cannot be done with a constant.</exception>
    public static GraphDef ConvertVariablesToConstants(GraphDef graphDef, IReadOnlyCollection<string> outputs, IReadOnlyDictionary<string, Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        GraphDef cut = ExtractSubGraph(graphDef, outputs);
        Dictionary<string, DType> handles = FrozenHandles(cut, values);
        var frozen = new GraphDef { Library = cut.Library };
        foreach (NodeDef node in cut.Node)
        {
            bool takesHandle = node.Input.Count > 0 && handles.ContainsKey(NodeInput.Parse(node.Input[0]).Node);
            if (IsVariable(node) && values.TryGetValue(node.Name, out Tensor? value))
                frozen.Node.Add(ConstantOf(node.Name, value));
            else if (node.Op == "ReadVariableOp" && takesHandle)
                frozen.Node.Add(AsIdentity(node));
            else if (node.Op == "ResourceGather" && takesHandle)
                AddGather(frozen, node);
            else if (handles.TryGetValue(node.Name, out DType dtype))
                frozen.Node.Add(Retyped(node, dtype));
            else if (takesHandle)
                throw new GraphException($"Cannot freeze: node '{node.Name}' ({node.Op}) uses variable '{node.Input[0]}' in a way that a constant does not allow. Choose outputs that only read variables.", node.Name, node.Op);
            else
                frozen.Node.Add(node);
        }

        return frozen;
    }

    /// <summary>A graph without nodes that only training needs: CheckNumerics, and Identity that no control input touches.</summary>
    /// <param name="graphDef">The graph.</param>
    /// <param name="protectedNodes">Names of nodes that stay.</param>
    /// <remarks>Unlike TensorFlow's, what came out of a CheckNumerics is replaced by what went in, so that its consumers keep their input.</remarks>
    public static GraphDef RemoveTrainingNodes(GraphDef graphDef, IEnumerable<string>? protectedNodes = null)
    {
        ArgumentNullException.ThrowIfNull(graphDef);
        var kept = new HashSet<string>(protectedNodes ?? [], StringComparer.Ordinal);
        HashSet<string> controls = [.. graphDef.Node.SelectMany(static n => n.Input).Where(static i => i.StartsWith('^')).Select(static i => i[1..])];
        var replaced = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (NodeDef node in graphDef.Node)
        {
            bool spliced = node.Op == "CheckNumerics" || (node.Op == "Identity" && !controls.Contains(node.Name) && !node.Input.Any(static i => i.StartsWith('^')));
            if (spliced && node.Input.Count > 0 && !node.Input[0].StartsWith('^') && !kept.Contains(node.Name))
                replaced.Add(node.Name, node.Input[0]);
        }

        var slim = new GraphDef();
        foreach (NodeDef node in graphDef.Node.Where(n => !replaced.ContainsKey(n.Name)))
        {
            NodeDef copy = node.Clone();
            copy.Input.Clear();
            copy.Input.AddRange(node.Input.Where(i => !i.StartsWith('^') || !replaced.ContainsKey(i[1..])).Select(i => Resolve(i, replaced)));
            slim.Node.Add(copy);
        }

        return slim;
    }

    private static bool IsVariable(NodeDef node) => node.Op is "Variable" or "VariableV2" or "VarHandleOp";

    private static string Resolve(string input, Dictionary<string, string> replaced)
    {
        // A chain longer than there are nodes goes round in a circle, which the importer will refuse.
        for (int i = 0; i <= replaced.Count && replaced.TryGetValue(NodeInput.Parse(input).Node, out string? source) && !input.StartsWith('^'); i++)
            input = source;
        return input;
    }

    // Every node through which the handle of a frozen resource variable passes, with the variable's element type.
    private static Dictionary<string, DType> FrozenHandles(GraphDef cut, IReadOnlyDictionary<string, Tensor> values)
    {
        var handles = cut.Node.Where(n => n.Op == "VarHandleOp" && values.ContainsKey(n.Name)).ToDictionary(static n => n.Name, n => values[n.Name].DType, StringComparer.Ordinal);
        ILookup<string, NodeDef> consumers = cut.Node
            .Where(static n => n.Op is "Identity" or "Switch" or "Enter" or "Exit" or "Merge" or "NextIteration")
            .SelectMany(static n => n.Input.Where(static i => !i.StartsWith('^')).Select(i => (Source: NodeInput.Parse(i).Node, Node: n)))
            .ToLookup(static p => p.Source, static p => p.Node, StringComparer.Ordinal);
        var queue = new Queue<string>(handles.Keys);
        while (queue.TryDequeue(out string? name))
        {
            foreach (NodeDef consumer in consumers[name])
            {
                if (handles.TryAdd(consumer.Name, handles[name]))
                    queue.Enqueue(consumer.Name);
            }
        }

        return handles;
    }

    private static NodeDef ConstantOf(string name, Tensor value)
    {
        var node = new NodeDef { Name = name, Op = "Const" };
        node.Attr.Add("dtype", new AttrValue { Type = (DataType)value.DType });
        node.Attr.Add("value", new AttrValue { Tensor = TensorProtos.EncodeShared(value) });
        return node;
    }

    private static NodeDef AsIdentity(NodeDef read)
    {
        var node = new NodeDef { Name = read.Name, Op = "Identity" };
        node.Input.AddRange(read.Input);
        node.Attr.Add("T", read.Attr["dtype"].Clone());
        if (read.Attr.TryGetValue("_class", out AttrValue? groups))
            node.Attr.Add("_class", groups.Clone());
        return node;
    }

    private static void AddGather(GraphDef frozen, NodeDef gather)
    {
        if (gather.Attr.TryGetValue("batch_dims", out AttrValue? batch) && batch.I != 0)
            throw new GraphException($"Cannot freeze: node '{gather.Name}' gathers with batch_dims {batch.I.ToString(CultureInfo.InvariantCulture)}; only 0 is supported.", gather.Name, gather.Op);
        string axis = gather.Name + "/axis";
        frozen.Node.Add(ConstantOf(axis, Tensor.Scalar(0)));
        var node = new NodeDef { Name = gather.Name, Op = "GatherV2" };
        node.Input.AddRange([gather.Input[0], gather.Input[1], axis]);
        node.Input.AddRange(gather.Input.Skip(2));
        node.Attr.Add("Tparams", gather.Attr["dtype"].Clone());
        node.Attr.Add("Tindices", gather.Attr["Tindices"].Clone());
        node.Attr.Add("Taxis", new AttrValue { Type = DataType.DtInt32 });
        if (gather.Attr.TryGetValue("_class", out AttrValue? groups))
            node.Attr.Add("_class", groups.Clone());
        frozen.Node.Add(node);
    }

    private static NodeDef Retyped(NodeDef node, DType dtype)
    {
        node.Attr["T"] = new AttrValue { Type = (DataType)dtype };
        node.Attr.Remove("_output_shapes");
        return node;
    }

    private static IEnumerable<string> Colocations(NodeDef node) => node.Attr.TryGetValue("_class", out AttrValue? groups) && groups.List is { } list
        ? list.S.Select(static s => s.ToStringUtf8()).Where(static s => s.StartsWith(ColocationPrefix, StringComparison.Ordinal)).Select(static s => s[ColocationPrefix.Length..])
        : [];

    private static Dictionary<string, NodeDef> ByName(GraphDef graphDef)
    {
        var nodes = new Dictionary<string, NodeDef>(StringComparer.Ordinal);
        foreach (NodeDef node in graphDef.Node)
        {
            if (!nodes.TryAdd(node.Name, node))
                throw new GraphException($"Node '{node.Name}' is not unique", node.Name, node.Op);
        }

        return nodes;
    }
}
