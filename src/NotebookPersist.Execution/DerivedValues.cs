using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using NotebookPersist.Memory;

namespace NotebookPersist.Execution;

/// <summary>What kernels computed of the values of variables and constants, kept until those change or are gone.</summary>
/// <remarks>Thread safety: all members may be called from any thread; one computes while others that want the same wait.</remarks>
internal sealed class DerivedValues
{
    private readonly ConditionalWeakTable<TensorBuffer, ConcurrentDictionary<(string Purpose, Shape Shape), Entry>> _entries = [];

    /// <summary>The present one, made where there is none.</summary>
    public T Get<T>(Tensor source, string purpose, Func<Tensor, T?, T> make)
        where T : class => Find(source, purpose)?.Get(source, make) ?? make(source, null);

    /// <summary>The present one, made at the second use of an unchanged value; null before.</summary>
    public T? GetOfLasting<T>(Tensor source, string purpose, Func<Tensor, T?, T> make)
        where T : class => Find(source, purpose) is { } entry && entry.HasLasted(source) ? entry.Get(source, make) : null;

    /// <summary>Forgets everything.</summary>
    public void Clear() => _entries.Clear();

    private Entry? Find(Tensor source, string purpose) => source.Buffer is { IsTracked: true } buffer
        ? _entries.GetOrCreateValue(buffer).GetOrAdd((purpose, source.Shape), static _ => new Entry())
        : null;

    private sealed class Entry
    {
        private readonly Lock _lock = new();
        private object? _value;
        private int _version;
        private int? _seen;

        public bool HasLasted(Tensor source)
        {
            lock (_lock)
            {
                int version = source.Buffer!.Version; // Only buffers have entries.
                bool lasted = _seen == version;
                _seen = version;
                return lasted;
            }
        }

        public T Get<T>(Tensor source, Func<Tensor, T?, T> make)
            where T : class
        {
            lock (_lock)
            {
                // Read before the bytes are: a change meanwhile makes the result outdated, never a result of old bytes current.
                int version = source.Buffer!.Version; // Only buffers have entries.
                if (_value is T current && _version == version)
                    return current;
                T made = make(source, _value as T);
                (_value, _version) = (made, version);
                return made;
            }
        }
    }
}
