namespace NotebookPersist.Notebooks.Layout;

/// <summary>A drawing of a directed graph in layers: edges run downwards, loops back upwards.</summary>
internal sealed class LayeredLayout
{
    private const double LayerGap = 34;
    private const double BoxGap = 18;
    private const double EmptyLayer = 6;

    private LayeredLayout(LayoutPoint[] centres, LayoutPoint[][] routes, bool[] isBack, double width, double height)
    {
        (Centres, Routes, IsBack, Width, Height) = (centres, routes, isBack, width, height);
    }

    /// <summary>Middle of every box.</summary>
    public IReadOnlyList<LayoutPoint> Centres { get; }

    /// <summary>For every edge the points it runs through, from the border of one box to that of the other, in its own direction.</summary>
    public IReadOnlyList<LayoutPoint[]> Routes { get; }

    /// <summary>True for edges that close a loop and run upwards.</summary>
    public IReadOnlyList<bool> IsBack { get; }

    /// <summary>Unit: pixels.</summary>
    public double Width { get; }

    /// <summary>Unit: pixels.</summary>
    public double Height { get; }

    /// <summary>Lays out boxes of given sizes. Edges from a box to itself are left out of the order and get a route of their own.</summary>
    public static LayeredLayout Compute(IReadOnlyList<LayoutSize> sizes, IReadOnlyList<LayoutEdge> edges)
    {
        bool[] isBack = CycleBreaker.FindBackEdges(sizes.Count, edges);
        var downward = new List<LayoutEdge>(edges.Count);
        int[] place = new int[edges.Count];
        for (int e = 0; e < edges.Count; e++)
        {
            bool isLoop = edges[e].From == edges[e].To;
            place[e] = isLoop ? -1 : downward.Count;
            if (!isLoop)
                downward.Add(isBack[e] ? new LayoutEdge(edges[e].To, edges[e].From) : edges[e]);
        }

        var graph = new LayerGraph(sizes.Count, downward, Ranking.Rank(sizes.Count, downward));
        CrossingReduction.Apply(graph);
        double[] x = Placement.Place(graph, sizes, BoxGap);
        double[] y = new double[graph.ItemCount];
        double height = PlaceLayers(graph, sizes, y);
        var routes = new LayoutPoint[edges.Count][];
        for (int e = 0; e < edges.Count; e++)
            routes[e] = place[e] < 0 ? Loop(edges[e].From, sizes, x, y) : Route(graph.Paths[place[e]], isBack[e], sizes, x, y);
        LayoutPoint[] centres = [.. Enumerable.Range(0, sizes.Count).Select(b => new LayoutPoint(x[b], y[b]))];
        double boxes = sizes.Count == 0 ? 0 : Enumerable.Range(0, sizes.Count).Max(b => x[b] + (sizes[b].Width / 2));
        double lines = routes.Length == 0 ? 0 : routes.Max(static r => r.Max(static p => p.X));
        return new LayeredLayout(centres, routes, isBack, Math.Max(boxes, lines), height);
    }

    private static double PlaceLayers(LayerGraph graph, IReadOnlyList<LayoutSize> sizes, double[] y)
    {
        double top = 0;
        foreach (int[] layer in graph.Layers)
        {
            double height = layer.Where(i => !graph.IsBend(i)).Select(i => sizes[i].Height).DefaultIfEmpty(EmptyLayer).Max();
            foreach (int item in layer)
                y[item] = top + (height / 2);
            top += height + LayerGap;
        }

        return Math.Max(0, top - LayerGap);
    }

    private static LayoutPoint[] Route(int[] path, bool isBack, IReadOnlyList<LayoutSize> sizes, double[] x, double[] y)
    {
        var points = new LayoutPoint[path.Length];
        for (int i = 0; i < path.Length; i++)
        {
            double border = i == 0 ? sizes[path[i]].Height / 2 : i == path.Length - 1 ? -sizes[path[i]].Height / 2 : 0;
            points[i] = new LayoutPoint(x[path[i]], y[path[i]] + border);
        }

        if (isBack)
            Array.Reverse(points);
        return points;
    }

    private static LayoutPoint[] Loop(int box, IReadOnlyList<LayoutSize> sizes, double[] x, double[] y)
    {
        double right = x[box] + (sizes[box].Width / 2);
        double quarter = sizes[box].Height / 4;
        return [new(right, y[box] + quarter), new(right + 14, y[box]), new(right, y[box] - quarter)];
    }
}
