using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NotebookPersist.Memory;

namespace NotebookPersist.Execution;

/// <summary>What kernels computed of the values of variables and constants, kept until those change or are gone.</summary>
/// <remarks>Thread safety: all members may be called from any thread; one computes while others that want the same wait.</remarks>
internal sealed class DerivedValues
{
    private readonly ConditionalWeakTable<TensorBuffer, ConcurrentDictionary<(string Purpose, Shape Shape), Entry>> _entries = [];
    private readonly DerivedValues? _lender;
    private readonly Dictionary<ArraySegment<byte>, TensorBuffer> _lent = [];

    public DerivedValues()
    {
    }

    /// <summary>Takes what another one has of some values, and makes there what is missing, also where constants lie in their bytes.</summary>
    /// <param name="lender">The other one.</param>
    /// <param name="values">Their bytes must not change while this is used.</param>
    public DerivedValues(DerivedValues lender, IEnumerable<Tensor> values)
    {
        _lender = lender;
        foreach (Tensor value in values)
        {
            if (value.Buffer is { IsTracked: true } buffer && TryPlace(buffer, out ArraySegment<byte> place))
                _lent[place] = buffer;
        }
    }

    /// <summary>The present one, made where there is none.</summary>
    public T Get<T>(Tensor source, string purpose, Func<Tensor, T?, T> make)
        where T : class => TryFind(source, purpose, out TensorBuffer? owner, out Entry? entry) ? entry.Get(source, owner, make) : make(source, null);

    /// <summary>The present one, made at the second use of an unchanged value; null before.</summary>
    /// <remarks>Of a lent value only what is there already: a borrower comes for one more run, which is not worth making it.</remarks>
    public T? GetOfLasting<T>(Tensor source, string purpose, Func<Tensor, T?, T> make)
        where T : class
    {
        if (!TryFind(source, purpose, out TensorBuffer? owner, out Entry? entry))
            return null;
        if (owner != source.Buffer)
            return entry.Present<T>(owner);
        return entry.HasLasted(owner) ? entry.Get(source, owner, make) : null;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _entries.Clear();

    // The owner tells of changes: it is the value's own buffer, or the lent one in whose bytes it lies.
    private bool TryFind(Tensor source, string purpose, [NotNullWhen(true)] out TensorBuffer? owner, [NotNullWhen(true)] out Entry? entry)
    {
        (owner, entry) = (source.Buffer, null);
        if (owner is not { IsTracked: true })
            return false;
        if (_lender is null || !TryPlace(owner, out ArraySegment<byte> place) || !_lent.TryGetValue(place, out TensorBuffer? lent))
        {
            entry = EntryOf(owner, purpose, source.Shape);
            return true;
        }

        owner = lent;
        entry = _lender.EntryOf(owner, purpose, source.Shape);
        return true;
    }

    private Entry EntryOf(TensorBuffer owner, string purpose, Shape shape) => _entries.GetOrCreateValue(owner).GetOrAdd((purpose, shape), static _ => new Entry());

    private static bool TryPlace(TensorBuffer buffer, out ArraySegment<byte> place) => MemoryMarshal.TryGetArray(buffer.Memory, out place);

    private sealed class Entry
    {
        private readonly Lock _lock = new();
        private object? _value;
        private int _version;
        private int? _seen;

        public bool HasLasted(TensorBuffer owner)
        {
            lock (_lock)
            {
                int version = owner.Version;
                bool lasted = _seen == version;
                _seen = version;
                return lasted;
            }
        }

        public T? Present<T>(TensorBuffer owner)
            where T : class
        {
            lock (_lock)
                return _version == owner.Version ? _value as T : null;
        }

        public T Get<T>(Tensor source, TensorBuffer owner, Func<Tensor, T?, T> make)
            where T : class
        {
            lock (_lock)
            {
                // Read before the bytes are: a change meanwhile makes the result outdated, never a result of old bytes current.
                int version = owner.Version;
                if (_value is T current && _version == version)
                    return current;
                T made = make(source, _value as T);
                (_value, _version) = (made, version);
                return made;
            }
        }
    }
}
