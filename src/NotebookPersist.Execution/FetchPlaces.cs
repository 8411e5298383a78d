namespace NotebookPersist.Execution;

/// <summary>What a run is asked for, each thing once, and where each fetch finds its value.</summary>
internal sealed class FetchPlaces(int count)
{
    // Looking through a few is faster than hashing them.
    private const int Few = 8;

    private Dictionary<Output, int>? _places;
    private HashSet<Operation>? _operations;
    private int _count;

    /// <summary>For each fetch its place among the values; -1 for operations.</summary>
    public int[] Places { get; } = new int[count];

    /// <summary>The values that are asked for.</summary>
    public List<Output> Outputs { get; } = new(count);

    /// <summary>The operations that are asked for.</summary>
    public List<Operation> Operations { get; } = [];

    /// <summary>The next fetch is a value.</summary>
    public void Add(Output output)
    {
        int place = Outputs.Count;
        if (_places is null && place < Few)
        {
            int at = Outputs.IndexOf(output);
            place = at >= 0 ? at : place;
        }
        else
        {
            _places ??= Outputs.Index().ToDictionary(static o => o.Item, static o => o.Index);
            if (!_places.TryAdd(output, place))
                place = _places[output];
        }

        if (place == Outputs.Count)
            Outputs.Add(output);
        Places[_count++] = place;
    }

    /// <summary>The next fetch is an operation.</summary>
    public void Add(Operation operation)
    {
        if ((_operations ??= []).Add(operation))
            Operations.Add(operation);
        Places[_count++] = -1;
    }
}
