namespace NotebookPersist.Notebooks.Layout;

/// <summary>Finds the edges that close loops, so that the rest can be drawn downwards.</summary>
internal static class CycleBreaker
{
    private enum Mark : byte
    {
        New,
        Open,
        Done,
    }

    /// <summary>True for every edge that leads back to a box from which the search came. Iterative: graphs can be deep.</summary>
    public static bool[] FindBackEdges(int boxCount, IReadOnlyList<LayoutEdge> edges)
    {
        List<int>[] outgoing = new List<int>[boxCount];
        bool[] hasInput = new bool[boxCount];
        for (int i = 0; i < boxCount; i++)
            outgoing[i] = [];
        for (int e = 0; e < edges.Count; e++)
        {
            outgoing[edges[e].From].Add(e);
            hasInput[edges[e].To] = true;
        }

        bool[] isBack = new bool[edges.Count];
        Mark[] marks = new Mark[boxCount];
        var path = new Stack<(int Box, int Next)>();
        // From the sources first: a loop is then cut where it comes round, not where it is entered.
        foreach (int root in Enumerable.Range(0, boxCount).OrderBy(b => hasInput[b]))
        {
            if (marks[root] != Mark.New)
                continue;
            marks[root] = Mark.Open;
            path.Push((root, 0));
            while (path.TryPop(out (int Box, int Next) at))
            {
                if (at.Next == outgoing[at.Box].Count)
                {
                    marks[at.Box] = Mark.Done;
                    continue;
                }

                path.Push((at.Box, at.Next + 1));
                int edge = outgoing[at.Box][at.Next];
                int target = edges[edge].To;
                if (marks[target] == Mark.Open)
                {
                    isBack[edge] = true;
                }
                else if (marks[target] == Mark.New)
                {
                    marks[target] = Mark.Open;
                    path.Push((target, 0));
                }
            }
        }

        return isBack;
    }
}
