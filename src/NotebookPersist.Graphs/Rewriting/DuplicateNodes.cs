using System.Globalization;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Rewriting;

/// <summary>Makes one of nodes that compute the same from the same.</summary>
internal static class DuplicateNodes
{
    private const int Sampled = 32;

    public static int Merge(RewrittenGraph graph)
    {
        int merged = 0;
        while (true)
        {
            Dictionary<string, string> same = Find(graph);
            if (same.Count == 0)
                return merged;
            merged += same.Count;
            foreach (NodeDef node in graph.Nodes)
            {
                for (int i = 0; i < node.Input.Count; i++)
                {
                    var input = NodeInput.Parse(node.Input[i]);
                    if (same.TryGetValue(input.Node, out string? first))
                        node.Input[i] = (input with { Node = first }).ToString();
                }
            }

            graph.Nodes.RemoveAll(n => same.ContainsKey(n.Name));
        }
    }

    private static Dictionary<string, string> Find(RewrittenGraph graph)
    {
        var same = new Dictionary<string, string>(StringComparer.Ordinal);
        var seen = new Dictionary<string, List<NodeDef>>(StringComparer.Ordinal);
        // What is kept by name comes first, so that others are merged into it.
        foreach (NodeDef node in graph.Nodes.Where(IsPure).OrderBy(n => graph.IsKept(n.Name) ? 0 : 1))
        {
            string key = Key(node);
            if (!seen.TryGetValue(key, out List<NodeDef>? alike))
                seen.Add(key, alike = []);
            if (!graph.IsKept(node.Name) && alike.Find(a => a.Attr.Equals(node.Attr)) is { } first)
                same.Add(node.Name, first.Name);
            else
                alike.Add(node);
        }

        return same;
    }

    private static bool IsPure(NodeDef node) =>
        !node.Op.StartsWith("Placeholder", StringComparison.Ordinal) && OpRegistry.BuiltIn.TryGet(node.Op, out Op? op) && op.IsPure;

    private static string Key(NodeDef node)
    {
        string key = $"{node.Op}\n{node.Device}\n{string.Join('\n', node.Input)}";
        if (node.Op != "Const" || !node.Attr.TryGetValue("value", out AttrValue? value) || value.Tensor is not { } tensor)
            return key;
        ReadOnlySpan<byte> content = tensor.TensorContent.Span;
        return string.Create(CultureInfo.InvariantCulture, $"{key}\n{tensor.Dtype} {tensor.CalculateSize()} {Convert.ToHexString(content[..Math.Min(content.Length, Sampled)])}");
    }
}
