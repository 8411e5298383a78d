namespace NotebookPersist.Notebooks.Layout;

/// <summary>Places the items of every layer from left to right: as near to their neighbours' middle as order and distances allow.</summary>
/// <remarks>
/// For one layer that is a least-squares fit under order constraints, solved exactly by pooling adjacent violators; layers take turns until little moves.
/// Links between bends weigh more than others, which makes long edges straight.
/// </remarks>
internal sealed class Placement
{
    private const int Rounds = 30;
    private const int LastRounds = 4;
    private const double BendWidth = 2;

    private readonly LayerGraph _graph;
    private readonly IReadOnlyList<LayoutSize> _sizes;
    private readonly double _gap;
    private readonly double[] _x;

    private Placement(LayerGraph graph, IReadOnlyList<LayoutSize> sizes, double gap)
    {
        (_graph, _sizes, _gap) = (graph, sizes, gap);
        _x = new double[graph.ItemCount];
    }

    /// <summary>Horizontal centres of all items; the leftmost box begins at 0.</summary>
    public static double[] Place(LayerGraph graph, IReadOnlyList<LayoutSize> sizes, double gap)
    {
        var placement = new Placement(graph, sizes, gap);
        placement.Run();
        return placement._x;
    }

    private void Run()
    {
        foreach (int[] layer in _graph.Layers)
            Centre(layer);
        for (int round = 0; round < Rounds; round++)
        {
            bool downwards = round % 2 == 0;
            bool both = round >= Rounds - LastRounds;
            for (int i = 0; i < _graph.Layers.Length; i++)
                Fit(_graph.Layers[downwards ? i : _graph.Layers.Length - 1 - i], downwards || both, !downwards || both);
        }

        double left = _x.Length == 0 ? 0 : Enumerable.Range(0, _x.Length).Min(i => _x[i] - (Width(i) / 2));
        for (int i = 0; i < _x.Length; i++)
            _x[i] -= left;
    }

    private double Width(int item) => _graph.IsBend(item) ? BendWidth : _sizes[item].Width;

    private double Distance(int left, int right) =>
        ((Width(left) + Width(right)) / 2) + (_graph.IsBend(left) && _graph.IsBend(right) ? _gap / 2 : _gap);

    private void Centre(int[] layer)
    {
        double width = 0;
        for (int i = 0; i < layer.Length; i++)
            _x[layer[i]] = width += i == 0 ? 0 : Distance(layer[i - 1], layer[i]);
        foreach (int item in layer)
            _x[item] -= width / 2;
    }

    private void Fit(int[] layer, bool toAbove, bool toBelow)
    {
        // With each item's least offset taken away, "in order and apart" becomes "not decreasing".
        double[] offset = new double[layer.Length];
        for (int i = 1; i < layer.Length; i++)
            offset[i] = offset[i - 1] + Distance(layer[i - 1], layer[i]);
        var pools = new List<Pool>(layer.Length);
        for (int i = 0; i < layer.Length; i++)
        {
            Pool pool = Wish(layer[i], offset[i], toAbove, toBelow);
            while (pools.Count > 0 && pools[^1].Mean > pool.Mean)
            {
                pool = pools[^1].With(pool);
                pools.RemoveAt(pools.Count - 1);
            }

            pools.Add(pool);
        }

        int at = 0;
        foreach (Pool pool in pools)
        {
            for (int i = 0; i < pool.Count; i++, at++)
                _x[layer[at]] = pool.Mean + offset[at];
        }
    }

    private Pool Wish(int item, double offset, bool toAbove, bool toBelow)
    {
        double sum = 0;
        double weight = 0;
        if (toAbove)
            Pull(_graph.Above(item));
        if (toBelow)
            Pull(_graph.Below(item));
        // Without neighbours an item yields to whoever pushes, but does not drift.
        if (weight == 0)
            (sum, weight) = (_x[item] * .1, .1);
        return new Pool(sum - (weight * offset), weight, 1);

        void Pull(IReadOnlyList<int> neighbours)
        {
            foreach (int neighbour in neighbours)
            {
                double strength = (_graph.IsBend(item), _graph.IsBend(neighbour)) switch
                {
                    (true, true) => 8,
                    (false, false) => 1,
                    _ => 2,
                };
                sum += strength * _x[neighbour];
                weight += strength;
            }
        }
    }

    private readonly record struct Pool(double Sum, double Weight, int Count)
    {
        public double Mean => Sum / Weight;

        public Pool With(Pool other) => new(Sum + other.Sum, Weight + other.Weight, Count + other.Count);
    }
}
