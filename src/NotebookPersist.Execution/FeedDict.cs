using System.Collections;

namespace NotebookPersist;

/// <summary>Values for a run, by the symbolic value or the name that they replace: <c>new() { [x] = 10f, ["y:0"] = labels }</c>.</summary>
/// <remarks>
/// Any value of a graph can be fed, not only placeholders. Numbers take the type of what they replace where they fit it.
/// Runs that feed the same keys in the same order as the run before find what they need without searching.
/// </remarks>
public sealed class FeedDict : IEnumerable<KeyValuePair<FeedKey, Tensor>>
{
    // Looking through a few is faster than hashing them, and most runs feed one or two.
    private const int Few = 8;

    private KeyValuePair<FeedKey, Tensor>[] _feeds = [];
    private Dictionary<FeedKey, int>? _places;

    /// <summary>Number of values.</summary>
    public int Count { get; private set; }

    /// <summary>Sets what is fed for a key.</summary>
    public Tensor this[FeedKey key]
    {
        get => Find(key) is >= 0 and int at ? _feeds[at].Value : throw new KeyNotFoundException($"Nothing is fed for '{key}'.");
        set
        {
            int at = Find(key);
            if (at >= 0)
            {
                _feeds[at] = new(key, value);
                return;
            }

            if (Count == _feeds.Length)
                Array.Resize(ref _feeds, Math.Max(2, Count * 2));
            _feeds[Count] = new(key, value);
            if (Count >= Few)
            {
                _places ??= _feeds.Take(Count).Index().ToDictionary(static f => f.Item.Key, static f => f.Index);
                _places.Add(key, Count);
            }

            Count++;
        }
    }

    /// <summary>Adds what is fed for a key.</summary>
    public void Add(FeedKey key, Tensor value) => this[key] = value;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<FeedKey, Tensor>> GetEnumerator() => _feeds.Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The keys in the order of adding.</summary>
    internal FeedKey[] Keys() => [.. _feeds.Take(Count).Select(static f => f.Key)];

    /// <summary>True where exactly these keys are fed, in this order.</summary>
    internal bool HasKeys(FeedKey[] keys)
    {
        if (keys.Length != Count)
            return false;
        for (int i = 0; i < keys.Length; i++)
        {
            ref readonly FeedKey key = ref keys[i];
            FeedKey own = _feeds[i].Key;
            if (!ReferenceEquals(own.Output, key.Output) || own.Name != key.Name)
                return false;
        }

        return true;
    }

    /// <summary>The value at a position in the order of adding.</summary>
    internal Tensor ValueAt(int index) => _feeds[index].Value;

    private int Find(FeedKey key)
    {
        if (_places is not null)
            return _places.GetValueOrDefault(key, -1);
        for (int i = 0; i < Count; i++)
        {
            FeedKey own = _feeds[i].Key;
            if (ReferenceEquals(own.Output, key.Output) && own.Name == key.Name)
                return i;
        }

        return -1;
    }
}
