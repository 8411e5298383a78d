using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Which nodes lie inside of a conditional branch or a loop, where their values may be dead or are of one iteration.</summary>
/// <remarks>
/// Switch opens a branch and Merge closes it, Enter a loop and Exit closes that. A back edge tells nothing: what is behind it comes in by Enter too.
/// Source: TensorFlow's control flow of version 1.
/// </remarks>
internal sealed class BranchDepths
{
    private readonly Dictionary<string, int> _depths = new(StringComparer.Ordinal);

    public BranchDepths(GraphDef graphDef)
    {
        var nodes = new Dictionary<string, NodeDef>(StringComparer.Ordinal);
        foreach (NodeDef node in graphDef.Node)
            nodes.TryAdd(node.Name, node);
        var stack = new Stack<(NodeDef Node, bool InputsDone)>();
        var open = new HashSet<string>(StringComparer.Ordinal);
        foreach (NodeDef first in nodes.Values)
        {
            stack.Push((first, false));
            while (stack.TryPop(out (NodeDef Node, bool InputsDone) next))
            {
                if (next.InputsDone)
                {
                    _depths[next.Node.Name] = DepthOf(next.Node, nodes);
                    continue;
                }

                // A cycle that passes no NextIteration is no graph of TensorFlow's; it is left where it is entered.
                if (_depths.ContainsKey(next.Node.Name) || !open.Add(next.Node.Name))
                    continue;
                stack.Push((next.Node, true));
                foreach (NodeDef source in Sources(next.Node, nodes))
                    stack.Push((source, false));
            }
        }
    }

    /// <summary>True for a node whose value is there in each run.</summary>
    public bool IsOutside(NodeDef node) => _depths.GetValueOrDefault(node.Name) == 0;

    private static IEnumerable<NodeDef> Sources(NodeDef node, Dictionary<string, NodeDef> nodes) =>
        node.Input.Select(i => nodes.GetValueOrDefault(NodeInput.Parse(i).Node)).OfType<NodeDef>().Where(static s => s.Op is not ("NextIteration" or "RefNextIteration"));

    private int DepthOf(NodeDef node, Dictionary<string, NodeDef> nodes)
    {
        int depth = Sources(node, nodes).Select(s => _depths.GetValueOrDefault(s.Name)).DefaultIfEmpty().Max();
        return node.Op switch
        {
            "Enter" or "RefEnter" => depth + 1,
            "Switch" or "RefSwitch" => IsOfLoop(node, nodes) ? depth : depth + 1,
            "Exit" or "RefExit" => Math.Max(0, depth - 1),
            "Merge" or "RefMerge" => node.Input.Any(i => nodes.GetValueOrDefault(NodeInput.Parse(i).Node)?.Op is "NextIteration" or "RefNextIteration") ? depth : Math.Max(0, depth - 1),
            _ => depth,
        };
    }

    private static bool IsOfLoop(NodeDef node, Dictionary<string, NodeDef> nodes) =>
        node.Input.Count > 1 && nodes.GetValueOrDefault(NodeInput.Parse(node.Input[1]).Node)?.Op == "LoopCond";
}
