using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Rewriting;

/// <summary>Takes out nodes that hand a value on unchanged, and waiting for nodes that only check.</summary>
/// <remarks>Source: TensorFlow's remove_training_nodes, which knows Identity and CheckNumerics.</remarks>
internal static class TrainingNodes
{
    private static readonly HashSet<string> HandingOn = ["Identity", "CheckNumerics", "StopGradient", "PreventGradient", "Print"];

    public static int Remove(RewrittenGraph graph)
    {
        int changed = DropWaiting(graph);
        Dictionary<string, NodeDef> nodes = graph.ByName();
        HashSet<string> waitedFor = [.. graph.Nodes.SelectMany(static n => n.Input).Where(static i => i.StartsWith('^')).Select(static i => i[1..])];
        var sources = new Dictionary<NodeInput, NodeInput>();
        foreach (NodeDef node in graph.Nodes)
        {
            // Who waits for a node may wait for its branch of a condition, which the node before it does not tell.
            if (!HandingOn.Contains(node.Op) || graph.IsKept(node.Name) || waitedFor.Contains(node.Name) || node.Input.Count == 0 || node.Input.Any(static i => i.StartsWith('^')))
                continue;
            var source = NodeInput.Parse(node.Input[0]);
            // The read of a variable is a moment in time, not only a value.
            if (nodes.TryGetValue(source.Node, out NodeDef? from) && from.Op is not ("Variable" or "VariableV2"))
                sources.Add(new NodeInput(node.Name, 0), source);
        }

        graph.Redirect(sources, new HashSet<string>());
        return changed + sources.Count;
    }

    // Constants and placeholders are always there, and an assertion computes nothing.
    private static int DropWaiting(RewrittenGraph graph)
    {
        int changed = 0;
        while (true)
        {
            HashSet<string> idle = [.. graph.Nodes.Where(static n => n.Op is "Assert" or "Const" or "Placeholder" || (n.Op == "NoOp" && n.Input.Count == 0)).Select(static n => n.Name)];
            int dropped = 0;
            foreach (NodeDef node in graph.Nodes)
            {
                string[] kept = [.. node.Input.Where(i => !i.StartsWith('^') || !idle.Contains(i[1..]))];
                if (kept.Length == node.Input.Count)
                    continue;
                dropped += node.Input.Count - kept.Length;
                node.Input.Clear();
                node.Input.AddRange(kept);
            }

            if (dropped == 0)
                return changed;
            changed += dropped;
        }
    }
}
