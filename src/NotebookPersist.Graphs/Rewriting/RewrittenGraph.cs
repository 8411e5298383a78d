using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Rewriting;

/// <summary>A copy of a stored graph while it is rewritten.</summary>
internal sealed class RewrittenGraph
{
    private readonly GraphDef _source;
    private readonly IReadOnlyList<string> _outputs;
    private readonly HashSet<string> _kept;

    public RewrittenGraph(GraphDef source, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs)
    {
        (_source, _outputs) = (source, outputs);
        _kept = new HashSet<string>(inputs.Concat(outputs), StringComparer.Ordinal);
        foreach (string name in _kept.Where(static n => n.Contains(':', StringComparison.Ordinal)))
            throw new ArgumentException($"Name '{name}' appears to refer to a Tensor, not a Operation. Leave out the part after the colon.");
        Nodes = [.. GraphTools.ExtractSubGraph(source, [.. _kept]).Node];
        // Where nodes are to live matters for training on several devices only, and would name nodes that are gone.
        foreach (NodeDef node in Nodes)
            node.Attr.Remove("_class");
    }

    /// <summary>The nodes in their order.</summary>
    public List<NodeDef> Nodes { get; private set; }

    /// <summary>True for what is fed or fetched: it keeps its name and its meaning.</summary>
    public bool IsKept(string name) => _kept.Contains(name);

    public GraphDef ToGraphDef()
    {
        var graph = new GraphDef { Versions = _source.Versions?.Clone(), Library = _source.Library?.Clone() };
        graph.Node.AddRange(Nodes);
        return graph;
    }

    public Dictionary<string, NodeDef> ByName() => Nodes.ToDictionary(static n => n.Name, StringComparer.Ordinal);

    /// <summary>All inputs that lead to a node, control inputs included, by its name.</summary>
    public ILookup<string, (NodeDef Node, NodeInput Input)> Uses() => Nodes
        .SelectMany(static n => n.Input.Select(i => (Node: n, Input: NodeInput.Parse(i))))
        .ToLookup(static u => u.Input.Node, StringComparer.Ordinal);

    /// <summary>Takes away what no output needs.</summary>
    public void Prune()
    {
        Dictionary<string, NodeDef> nodes = ByName();
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var stack = new Stack<string>(_outputs);
        while (stack.TryPop(out string? name))
        {
            if (!needed.Add(name))
                continue;
            foreach (string input in nodes[name].Input)
                stack.Push(NodeInput.Parse(input).Node);
        }

        Nodes.RemoveAll(n => !needed.Contains(n.Name));
    }

    /// <summary>Leads data inputs elsewhere; control inputs that lead to what is gone are dropped.</summary>
    /// <param name="data">Where each value now comes from; followed through chains.</param>
    /// <param name="gone">Nodes that no control input may name any more.</param>
    public void Redirect(IReadOnlyDictionary<NodeInput, NodeInput> data, IReadOnlySet<string> gone)
    {
        foreach (NodeDef node in Nodes)
        {
            string[] inputs = [.. node.Input
                .Select(NodeInput.Parse)
                .Where(i => !i.IsControl || !gone.Contains(i.Node))
                .Select(i => Follow(i, data).ToString())];
            if (inputs.SequenceEqual(node.Input))
                continue;
            node.Input.Clear();
            node.Input.AddRange(inputs);
        }
    }

    /// <summary>A name that no node has.</summary>
    public string FreeName(string wanted)
    {
        HashSet<string> taken = [.. Nodes.Select(static n => n.Name)];
        string name = wanted;
        for (int i = 1; taken.Contains(name); i++)
            name = $"{wanted}_{i}";
        return name;
    }

    /// <summary>A constant; large values are shared with the node.</summary>
    public static NodeDef Constant(string name, Tensor value)
    {
        var node = new NodeDef { Name = name, Op = "Const" };
        node.Attr.Add("dtype", new AttrValue { Type = (DataType)value.DType });
        node.Attr.Add("value", new AttrValue { Tensor = TensorProtos.EncodeShared(value) });
        return node;
    }

    // A chain longer than there are redirections goes round in a circle, which the importer will refuse.
    private static NodeInput Follow(NodeInput input, IReadOnlyDictionary<NodeInput, NodeInput> data)
    {
        for (int i = 0; i <= data.Count && data.TryGetValue(input, out NodeInput source); i++)
            input = source;
        return input;
    }
}
