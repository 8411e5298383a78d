namespace NotebookPersist.Notebooks.Layout;

/// <summary>Orders the items of every layer so that few links cross: sweeps up and down, each item moving to the median of its neighbours.</summary>
/// <remarks>Source: the median heuristic of Gansner, Koutsofios, North and Vo, "A technique for drawing directed graphs".</remarks>
internal sealed class CrossingReduction
{
    private const int MaxSweeps = 24;
    private const int MaxIdleSweeps = 6;

    private readonly LayerGraph _graph;
    private readonly double[] _position;

    private CrossingReduction(LayerGraph graph)
    {
        _graph = graph;
        _position = new double[graph.ItemCount];
    }

    /// <summary>Reorders the layers in place.</summary>
    public static void Apply(LayerGraph graph) => new CrossingReduction(graph).Run();

    private void Run()
    {
        _graph.Layers = DepthFirstOrder();
        Number();
        int[][] best = Copy();
        long fewest = CountCrossings();
        for (int sweep = 0, idle = 0; sweep < MaxSweeps && idle < MaxIdleSweeps && fewest > 0; sweep++)
        {
            Sweep(downwards: sweep % 2 == 0);
            long crossings = CountCrossings();
            if (crossings < fewest)
                (fewest, best, idle) = (crossings, Copy(), 0);
            else
                idle++;
        }

        _graph.Layers = best;
    }

    // Chains stay together in a depth-first order, which is a good place to begin from.
    private int[][] DepthFirstOrder()
    {
        var layers = _graph.Layers.Select(static l => new List<int>(l.Length)).ToArray();
        int[] layerOf = new int[_graph.ItemCount];
        for (int layer = 0; layer < _graph.Layers.Length; layer++)
        {
            foreach (int item in _graph.Layers[layer])
                layerOf[item] = layer;
        }

        bool[] seen = new bool[_graph.ItemCount];
        var path = new Stack<int>();
        foreach (int start in _graph.Layers.SelectMany(static l => l))
        {
            path.Push(start);
            while (path.TryPop(out int item))
            {
                if (seen[item])
                    continue;
                seen[item] = true;
                layers[layerOf[item]].Add(item);
                for (int i = _graph.Below(item).Count - 1; i >= 0; i--)
                    path.Push(_graph.Below(item)[i]);
            }
        }

        return [.. layers.Select(static l => l.ToArray())];
    }

    private void Sweep(bool downwards)
    {
        int count = _graph.Layers.Length;
        for (int step = 1; step < count; step++)
        {
            int[] layer = _graph.Layers[downwards ? step : count - 1 - step];
            double[] keys = [.. layer.Select(item => Median(downwards ? _graph.Above(item) : _graph.Below(item), _position[item]))];
            // A stable order: equal medians keep their places.
            int[] order = [.. Enumerable.Range(0, layer.Length).OrderBy(i => keys[i]).ThenBy(static i => i)];
            int[] sorted = [.. order.Select(i => layer[i])];
            sorted.CopyTo(layer, 0);
            for (int i = 0; i < layer.Length; i++)
                _position[layer[i]] = i;
        }
    }

    private double Median(IReadOnlyList<int> neighbours, double own)
    {
        if (neighbours.Count == 0)
            return own;
        if (neighbours.Count == 1)
            return _position[neighbours[0]];
        double[] places = [.. neighbours.Select(n => _position[n]).Order()];
        int middle = places.Length / 2;
        return places.Length % 2 == 1 ? places[middle] : (places[middle - 1] + places[middle]) / 2;
    }

    private void Number()
    {
        foreach (int[] layer in _graph.Layers)
        {
            for (int i = 0; i < layer.Length; i++)
                _position[layer[i]] = i;
        }
    }

    // Two links between the same layers cross where their ends are in opposite orders: inversions, counted with a binary indexed tree.
    private long CountCrossings()
    {
        long total = 0;
        for (int l = 0; l + 1 < _graph.Layers.Length; l++)
        {
            int[] tree = new int[_graph.Layers[l + 1].Length + 1];
            int counted = 0;
            foreach (int item in _graph.Layers[l])
            {
                foreach (int end in _graph.Below(item).Select(b => (int)_position[b]).Order())
                {
                    int notRight = 0;
                    for (int i = end + 1; i > 0; i -= i & -i)
                        notRight += tree[i];
                    total += counted++ - notRight;
                    for (int i = end + 1; i < tree.Length; i += i & -i)
                        tree[i]++;
                }
            }
        }

        return total;
    }

    private int[][] Copy() => [.. _graph.Layers.Select(static l => l.ToArray())];
}
