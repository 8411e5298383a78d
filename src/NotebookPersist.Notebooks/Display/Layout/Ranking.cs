namespace NotebookPersist.Notebooks.Layout;

/// <summary>Gives every box of an acyclic graph its layer: below all of its inputs, and not farther from its users than need be.</summary>
internal static class Ranking
{
    /// <summary>Layers by box, 0 on top; every edge leads downwards.</summary>
    public static int[] Rank(int boxCount, IReadOnlyList<LayoutEdge> edges)
    {
        ILookup<int, int> outgoing = edges.ToLookup(static e => e.From, static e => e.To);
        int[] waiting = new int[boxCount];
        int[] inputCount = new int[boxCount];
        foreach (LayoutEdge edge in edges)
            inputCount[edge.To] = ++waiting[edge.To];

        int[] rank = new int[boxCount];
        var ready = new Queue<int>(Enumerable.Range(0, boxCount).Where(b => waiting[b] == 0));
        while (ready.TryDequeue(out int box))
        {
            foreach (int target in outgoing[box])
            {
                rank[target] = Math.Max(rank[target], rank[box] + 1);
                if (--waiting[target] == 0)
                    ready.Enqueue(target);
            }
        }

        // Sources sit right above their first user: a weight belongs beside its layer, not at the top of the page.
        for (int box = 0; box < boxCount; box++)
        {
            if (inputCount[box] == 0 && outgoing[box].Any())
                rank[box] = outgoing[box].Min(t => rank[t]) - 1;
        }

        int top = boxCount == 0 ? 0 : rank.Min();
        for (int box = 0; box < boxCount; box++)
            rank[box] -= top;
        return rank;
    }
}
