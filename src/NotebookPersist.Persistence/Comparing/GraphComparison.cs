using Google.Protobuf.Collections;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>Compares the nodes of two graphs by name.</summary>
/// <remarks>
/// The order of nodes, attributes that only annotate (their names begin with an underscore) and defaults that one side leaves out mean nothing.
/// Values of constants are compared as tensors.
/// </remarks>
internal static class GraphComparison
{
    public static (IReadOnlyList<NodeDifference> Differences, int SameCount) Compare(GraphDef a, GraphDef b, CancellationToken cancellation)
    {
        Dictionary<string, NodeDef> left = ByName(a), right = ByName(b);
        List<NodeDifference> differences = [];
        int same = 0;
        foreach ((string name, NodeDef node) in left)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!right.TryGetValue(name, out NodeDef? other))
                differences.Add(new NodeDifference(name, NodeChange.Removed, node.Op, []));
            else if (Details(node, other) is { Count: > 0 } details)
                differences.Add(new NodeDifference(name, NodeChange.Changed, other.Op, details));
            else
                same++;
        }

        differences.AddRange(right.Values.Where(n => !left.ContainsKey(n.Name)).Select(static n => new NodeDifference(n.Name, NodeChange.Added, n.Op, [])));
        differences.Sort(static (x, y) => string.CompareOrdinal(x.Name, y.Name));
        return (differences, same);
    }

    // A file may hold a name twice; the first counts, as it would when looked up.
    private static Dictionary<string, NodeDef> ByName(GraphDef graph)
    {
        var nodes = new Dictionary<string, NodeDef>(StringComparer.Ordinal);
        foreach (NodeDef node in graph.Node)
            nodes.TryAdd(node.Name, node);
        return nodes;
    }

    private static List<string> Details(NodeDef a, NodeDef b)
    {
        List<string> details = [];
        if (a.Op != b.Op)
            details.Add($"op {a.Op} -> {b.Op}");
        if (!Inputs(a).SequenceEqual(Inputs(b), StringComparer.Ordinal))
            details.Add($"inputs {Shown(a.Input)} -> {Shown(b.Input)}");
        if (a.Device != b.Device)
            details.Add($"device '{a.Device}' -> '{b.Device}'");
        if (a.Op != b.Op)
            return details; // Other operations have other attributes.
        OpRegistry.BuiltIn.TryGet(a.Op, out Op? op);
        foreach (string key in a.Attr.Keys.Union(b.Attr.Keys, StringComparer.Ordinal).Where(k => !k.StartsWith('_') && (a.Op, k) != ("Const", "value")).Order(StringComparer.Ordinal))
        {
            AttrValue? left = Value(a, key, op), right = Value(b, key, op);
            if (!Equals(left, right))
                details.Add($"{key} {Shown(left)} -> {Shown(right)}");
        }

        return details;
    }

    // 'x' and 'x:0' are one output; control inputs have no order.
    private static IEnumerable<string> Inputs(NodeDef node) => node.Input
        .Select(static i => i.EndsWith(":0", StringComparison.Ordinal) ? i[..^2] : i)
        .OrderBy(static i => i.StartsWith('^'))
        .ThenBy(static i => i.StartsWith('^') ? i : "", StringComparer.Ordinal);

    private static AttrValue? Value(NodeDef node, string key, Op? op) => node.Attr.TryGetValue(key, out AttrValue? value) ? value : op?.Signature.FindAttr(key)?.Default;

    private static string Shown(RepeatedField<string> inputs) => Shorten($"({string.Join(", ", inputs)})");

    private static string Shown(AttrValue? value) => value is null ? "none" : Shorten(value.ToString());

    private static string Shorten(string text) => text.Length <= 80 ? text : $"{text[..79]}…";
}
