using System.Collections;

namespace NotebookPersist;

/// <summary>Values for a run, by the symbolic value or the name that they replace: <c>new() { [x] = 10f, ["y:0"] = labels }</c>.</summary>
/// <remarks>
/// Any value of a graph can be fed, not only placeholders. Numbers take the type of what they replace where they fit it.
/// Runs that use the same instance, its values replaced in between, find what they need without searching.
/// </remarks>
public sealed class FeedDict : IEnumerable<KeyValuePair<FeedKey, Tensor>>
{
    private readonly OrderedDictionary<FeedKey, Tensor> _feeds = [];

    /// <summary>Number of values.</summary>
    public int Count => _feeds.Count;

    /// <summary>Changes whenever a key is added.</summary>
    internal int KeysVersion { get; private set; }

    /// <summary>Sets what is fed for a key.</summary>
    public Tensor this[FeedKey key]
    {
        get => _feeds.TryGetValue(key, out Tensor? value) ? value : throw new KeyNotFoundException($"Nothing is fed for '{key}'.");
        set
        {
            int count = _feeds.Count;
            _feeds[key] = value;
            if (_feeds.Count > count)
                KeysVersion++;
        }
    }

    /// <summary>Adds what is fed for a key.</summary>
    public void Add(FeedKey key, Tensor value) => this[key] = value;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<FeedKey, Tensor>> GetEnumerator() => _feeds.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The value at a position in the order of adding.</summary>
    internal Tensor ValueAt(int index) => _feeds.GetAt(index).Value;
}
