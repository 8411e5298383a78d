using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>An order in which stored nodes can be made: each after its inputs, otherwise as they stand in the file.</summary>
/// <remarks>A queue, no recursion: stored graphs can be any depth. Loops close from a NextIteration to a Merge, which is then made first.</remarks>
internal static class ImportOrder
{
    /// <summary>Positions of nodes in the order of making.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="sources">For each node, the positions of the nodes that its inputs come from.</param>
    /// <exception cref="GraphException">Nodes depend on each other in a circle other than a loop.</exception>
    public static int[] Of(IReadOnlyList<NodeDef> nodes, IReadOnlyList<int>[] sources)
    {
        int[] pending = new int[nodes.Count];
        var consumers = new List<int>?[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (int source in sources[i])
            {
                if (IsBackEdge(nodes[source], nodes[i]))
                    continue;
                pending[i]++;
                (consumers[source] ??= []).Add(i);
            }
        }

        var ready = new PriorityQueue<int, int>();
        for (int i = 0; i < nodes.Count; i++)
        {
            if (pending[i] == 0)
                ready.Enqueue(i, i);
        }

        var order = new List<int>(nodes.Count);
        while (ready.TryDequeue(out int at, out _))
        {
            order.Add(at);
            foreach (int consumer in consumers[at] ?? [])
            {
                if (--pending[consumer] == 0)
                    ready.Enqueue(consumer, consumer);
            }
        }

        if (order.Count == nodes.Count)
            return [.. order];
        NodeDef stuck = nodes[OnCycle(nodes, sources, pending)];
        throw new GraphException($"{nodes.Count - order.Count} nodes in a cycle, or behind one: node '{stuck.Name}' ({stuck.Op}) depends on itself. Only Merge nodes can have back edges, from NextIteration.", stuck.Name, stuck.Op);
    }

    public static bool IsMerge(string op) => op is "Merge" or "RefMerge";

    private static bool IsBackEdge(NodeDef from, NodeDef to) => IsMerge(to.Op) && from.Op is "NextIteration" or "RefNextIteration";

    // Whoever waits has an input that waits; following those long enough leads into the circle.
    private static int OnCycle(IReadOnlyList<NodeDef> nodes, IReadOnlyList<int>[] sources, int[] pending)
    {
        int at = Array.FindIndex(pending, static p => p > 0);
        for (int steps = 0; steps < pending.Length; steps++)
        {
            int here = at;
            at = sources[here].First(s => pending[s] > 0 && !IsBackEdge(nodes[s], nodes[here]));
        }

        return at;
    }
}
