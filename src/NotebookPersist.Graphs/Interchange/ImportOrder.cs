using NotebookPersist.Formats.Protobuf;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>An order in which stored nodes can be made: each after its inputs, otherwise as they stand in the file.</summary>
/// <remarks>A queue, no recursion: stored graphs can be any depth. Loops close from a NextIteration to a Merge, which is then made first.</remarks>
internal static class ImportOrder
{
    /// <summary>Positions of nodes in the order of making.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="links">For each node, where its inputs come from.</param>
    /// <exception cref="GraphException">Nodes depend on each other in a circle other than a loop.</exception>
    public static int[] Of(StoredNode[] nodes, ImportedLink[][] links)
    {
        if (IsOrdered(nodes, links))
            return [.. Enumerable.Range(0, nodes.Length)];
        int[] pending = new int[nodes.Length];
        var consumers = new List<int>?[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            foreach (ImportedLink link in links[i])
            {
                if (link.IsMapped || IsBackEdge(nodes[link.From], nodes[i]))
                    continue;
                pending[i]++;
                (consumers[link.From] ??= []).Add(i);
            }
        }

        var ready = new PriorityQueue<int, int>();
        for (int i = 0; i < nodes.Length; i++)
        {
            if (pending[i] == 0)
                ready.Enqueue(i, i);
        }

        var order = new List<int>(nodes.Length);
        while (ready.TryDequeue(out int at, out _))
        {
            order.Add(at);
            foreach (int consumer in consumers[at] ?? [])
            {
                if (--pending[consumer] == 0)
                    ready.Enqueue(consumer, consumer);
            }
        }

        if (order.Count == nodes.Length)
            return [.. order];
        StoredNode stuck = nodes[OnCycle(nodes, links, pending)];
        throw new GraphException($"{nodes.Length - order.Count} nodes in a cycle, or behind one: node '{stuck.Name}' ({stuck.Op}) depends on itself. Only Merge nodes can have back edges, from NextIteration.", stuck.Name, stuck.Op);
    }

    public static bool IsMerge(string op) => op is "Merge" or "RefMerge";

    private static bool IsBackEdge(StoredNode from, StoredNode to) => IsMerge(to.Op) && from.Op is "NextIteration" or "RefNextIteration";

    // As graphs are written: then there is nothing to sort.
    private static bool IsOrdered(StoredNode[] nodes, ImportedLink[][] links)
    {
        for (int i = 0; i < links.Length; i++)
        {
            foreach (ImportedLink link in links[i])
            {
                if (link.From >= i && !IsBackEdge(nodes[link.From], nodes[i]))
                    return false;
            }
        }

        return true;
    }

    // Whoever waits has an input that waits; following those long enough leads into the circle.
    private static int OnCycle(StoredNode[] nodes, ImportedLink[][] links, int[] pending)
    {
        int at = Array.FindIndex(pending, static p => p > 0);
        for (int steps = 0; steps < pending.Length; steps++)
        {
            int here = at;
            at = links[here].First(l => !l.IsMapped && pending[l.From] > 0 && !IsBackEdge(nodes[l.From], nodes[here])).From;
        }

        return at;
    }
}
