namespace NotebookPersist.Notebooks.Layout;

/// <summary>Boxes in layers, where every link joins neighbouring layers: long edges run through bends, one in each layer between.</summary>
internal sealed class LayerGraph
{
    private readonly List<List<int>> _above = [];
    private readonly List<List<int>> _below = [];
    private readonly List<int> _layerOf = [];

    public LayerGraph(int boxCount, IReadOnlyList<LayoutEdge> edges, int[] rank)
    {
        BoxCount = boxCount;
        for (int box = 0; box < boxCount; box++)
            AddItem(rank[box]);
        Paths = [.. edges.Select(e => Route(e, rank))];
        int[][] layers = new int[_layerOf.Count == 0 ? 0 : _layerOf.Max() + 1][];
        ILookup<int, int> byLayer = Enumerable.Range(0, _layerOf.Count).ToLookup(i => _layerOf[i]);
        for (int layer = 0; layer < layers.Length; layer++)
            layers[layer] = [.. byLayer[layer]];
        Layers = layers;
    }

    /// <summary>Items below this number are boxes; the others are bends of edges.</summary>
    public int BoxCount { get; }

    /// <summary>Boxes and bends.</summary>
    public int ItemCount => _layerOf.Count;

    /// <summary>Items by layer, from left to right.</summary>
    public int[][] Layers { get; set; }

    /// <summary>For each edge the items that it runs through, both ends included.</summary>
    public IReadOnlyList<int[]> Paths { get; }

    public IReadOnlyList<int> Above(int item) => _above[item];

    public IReadOnlyList<int> Below(int item) => _below[item];

    public bool IsBend(int item) => item >= BoxCount;

    private int AddItem(int layer)
    {
        _layerOf.Add(layer);
        _above.Add([]);
        _below.Add([]);
        return _layerOf.Count - 1;
    }

    private int[] Route(LayoutEdge edge, int[] rank)
    {
        var path = new List<int> { edge.From };
        for (int layer = rank[edge.From] + 1; layer < rank[edge.To]; layer++)
            Link(path, AddItem(layer));
        Link(path, edge.To);
        return [.. path];
    }

    private void Link(List<int> path, int item)
    {
        _below[path[^1]].Add(item);
        _above[item].Add(path[^1]);
        path.Add(item);
    }
}
