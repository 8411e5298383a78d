namespace NotebookPersist;

public sealed partial class Graph
{
    private readonly SortedDictionary<string, List<CollectionItem>> _collections = new(StringComparer.Ordinal);

    /// <summary>Names of all collections that hold something.</summary>
    public IReadOnlyCollection<string> CollectionKeys => [.. _collections.Where(static c => c.Value.Count > 0).Select(static c => c.Key)];

    /// <summary>Adds an item to a collection.</summary>
    /// <exception cref="GraphException">It was taken out of the graph when its cell was run again.</exception>
    public void AddToCollection(string key, object item)
    {
        ArgumentNullException.ThrowIfNull(item);
        Operation? operation = item switch { Output output => output.Operation, Operation own => own, Variable variable => variable.Operation, _ => null };
        if (operation is { IsRemoved: true })
            throw new GraphException(RemovedMessage($"'{operation.Name}'"), operation.Name, operation.Type);
        CollectionOf(key).Add(new CollectionItem(item, CurrentCell));
    }

    /// <summary>All items of a collection, in the order they were added; empty where there is no such collection.</summary>
    public IReadOnlyList<object> GetCollection(string key) => _collections.TryGetValue(key, out List<CollectionItem>? items) ? [.. items.Select(static i => i.Item)] : [];

    /// <summary>The items of one type of a collection, optionally only those whose name begins with a scope.</summary>
    public IReadOnlyList<T> GetCollection<T>(string key, string? scope = null) =>
        [.. GetCollection(key).OfType<T>().Where(i => scope is null || NameOf(i).StartsWith(scope, StringComparison.Ordinal))];

    /// <summary>Empties a collection.</summary>
    public void ClearCollection(string key) => _collections.Remove(key);

    private static string NameOf<T>(T item) => item switch
    {
        Output output => output.Name,
        Operation operation => operation.Name,
        Variable variable => variable.Name,
        _ => "",
    };

    private List<CollectionItem> CollectionOf(string key)
    {
        if (!_collections.TryGetValue(key, out List<CollectionItem>? items))
            _collections.Add(key, items = []);
        return items;
    }

    // The cell that added an item: a number or a text names no operation that would tell.
    private readonly record struct CollectionItem(object Item, string? Cell);
}
