using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Order in which a queue gives its elements.</summary>
internal enum QueueOrder
{
    /// <summary>As they came.</summary>
    FirstInFirstOut,

    /// <summary>At random.</summary>
    Random,

    /// <summary>By the number in their first component, the smallest first.</summary>
    Priority,
}

/// <summary>A queue of a session: elements are tuples of tensors.</summary>
/// <remarks>Thread safety: all members lock; who must wait does so until another run goes on, or until cancelled.</remarks>
internal sealed class SessionQueue(string name, QueueOrder order, int capacity, int leastLeft, long seed)
{
    // How often a waiting run looks whether it was cancelled. Unit: milliseconds.
    private const int Patience = 20;

    private readonly object _gate = new();
    private readonly List<Tensor[]> _items = [];
    private readonly Random _random = seed == 0 ? new Random() : new Random(unchecked((int)seed));

    public bool IsClosed { get; private set; }

    public int Count
    {
        get
        {
            lock (_gate)
                return _items.Count;
        }
    }

    public void Enqueue(Tensor[] item, CancellationToken cancellation)
    {
        lock (_gate)
        {
            while (!IsClosed && capacity >= 0 && _items.Count >= capacity)
                Wait(cancellation);
            if (IsClosed)
                throw new KernelException(RunErrorCode.Cancelled, $"Queue '{name}' is closed.");
            int at = _items.Count;
            if (order == QueueOrder.Priority)
            {
                long priority = item[0].ItemAt<long>(0);
                while (at > 0 && _items[at - 1][0].ItemAt<long>(0) > priority)
                    at--;
            }

            _items.Insert(at, item);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes so many elements out, at once.</summary>
    /// <param name="count">How many.</param>
    /// <param name="fewer">Whether what is left of a closed queue will do.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public List<Tensor[]> Dequeue(int count, bool fewer, CancellationToken cancellation)
    {
        lock (_gate)
        {
            while (!IsClosed && _items.Count < count + leastLeft)
                Wait(cancellation);
            if (_items.Count < count && !(fewer && _items.Count > 0))
                throw new KernelException(RunErrorCode.OutOfRange, $"Queue '{name}' is closed and has insufficient elements (requested {count}, current size {_items.Count})");
            var taken = new List<Tensor[]>();
            for (int i = Math.Min(count, _items.Count); i > 0; i--)
            {
                int at = order == QueueOrder.Random ? _random.Next(_items.Count) : 0;
                taken.Add(_items[at]);
                _items.RemoveAt(at);
            }

            Monitor.PulseAll(_gate);
            return taken;
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            IsClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Wait(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Monitor.Wait(_gate, Patience);
    }
}
