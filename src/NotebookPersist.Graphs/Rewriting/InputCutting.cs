using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Rewriting;

/// <summary>Makes placeholders of the nodes that are fed, so that what computed them is not needed.</summary>
/// <remarks>Source: TensorFlow's strip_unused.</remarks>
internal static class InputCutting
{
    public static int Apply(RewrittenGraph graph, IReadOnlyList<string> inputs, IReadOnlyDictionary<string, DType> types)
    {
        Dictionary<string, NodeDef> nodes = graph.ByName();
        foreach (string name in types.Keys)
        {
            if (!nodes.ContainsKey(name))
                throw new ArgumentException($"The input '{name}' that a type is given for is not in graph.{NearNames.Hint(name, nodes.Keys)}", nameof(types));
        }

        int changed = 0;
        Lazy<Graph> imported = new(() =>
        {
            var whole = new Graph();
            whole.ImportGraphDef(graph.ToGraphDef(), name: "");
            return whole;
        });
        foreach (string name in inputs.Concat(types.Keys).Distinct(StringComparer.Ordinal))
        {
            NodeDef node = nodes[name];
            bool isGiven = types.TryGetValue(name, out DType type);
            if (node.Op == "Placeholder" && (!isGiven || (DType)node.Attr["dtype"].Type == type))
                continue;
            if (!isGiven)
            {
                Operation operation = imported.Value.GetOperationByName(name);
                type = operation.Outputs.Count > 0 ? operation[0].DType : throw new ArgumentException($"'{name}' ({node.Op}) has no output that could be fed.", nameof(inputs));
            }

            graph.Nodes[graph.Nodes.IndexOf(node)] = Placeholder(node, type);
            changed++;
        }

        return changed;
    }

    private static NodeDef Placeholder(NodeDef node, DType type)
    {
        var placeholder = new NodeDef { Name = node.Name, Op = "Placeholder", Device = node.Device };
        placeholder.Attr.Add("dtype", new AttrValue { Type = (DataType)type });
        foreach (string attr in new[] { "_output_shapes", "shape" })
        {
            if (node.Attr.TryGetValue(attr, out AttrValue? value))
                placeholder.Attr.Add(attr, value.Clone());
        }

        return placeholder;
    }
}
