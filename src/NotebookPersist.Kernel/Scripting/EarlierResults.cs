using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>The values of the latest cells, by the number of the run.</summary>
/// <remarks>Thread safety: all members may be called from any thread.</remarks>
internal sealed class EarlierResults : IReadOnlyDictionary<int, object?>
{
    private const int Capacity = 1000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, object?> _values = [];

    public IEnumerable<int> Keys => Copy().Keys;

    public IEnumerable<object?> Values => Copy().Values;

    public int Count => Copy().Count;

    public object? this[int key] => TryGetValue(key, out object? value)
        ? value
        : throw new KeyNotFoundException($"Out[{key}] is not there: {(Count == 0 ? "no cell has ended in a value" : $"there are {string.Join(", ", Keys.TakeLast(10))}")}.");

    public void Add(int executionCount, object? value)
    {
        lock (_gate)
        {
            _values[executionCount] = value;
            if (_values.Count > Capacity)
                _values.Remove(_values.Keys.First());
        }
    }

    public bool ContainsKey(int key) => TryGetValue(key, out _);

    public bool TryGetValue(int key, [MaybeNullWhen(false)] out object? value)
    {
        lock (_gate)
            return _values.TryGetValue(key, out value);
    }

    public IEnumerator<KeyValuePair<int, object?>> GetEnumerator() => Copy().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private SortedDictionary<int, object?> Copy()
    {
        lock (_gate)
            return new SortedDictionary<int, object?>(_values);
    }
}
