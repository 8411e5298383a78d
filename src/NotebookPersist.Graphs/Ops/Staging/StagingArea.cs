using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Tuples of tensors that a session keeps until they are taken: in order, or by keys.</summary>
/// <remarks>Thread safety: all members lock; who must wait does so until another run goes on, or until cancelled.</remarks>
internal sealed class StagingArea(int width, long capacity, long memoryLimit)
{
    // How often a waiting run looks whether it was cancelled. Unit: milliseconds.
    private const int Patience = 20;

    private readonly object _gate = new();
    private readonly SortedDictionary<long, Tensor?[]> _complete = [];
    private readonly Dictionary<long, Tensor?[]> _incomplete = [];
    private long _next;

    public int Count
    {
        get
        {
            lock (_gate)
                return _complete.Count;
        }
    }

    public int IncompleteCount
    {
        get
        {
            lock (_gate)
                return _incomplete.Count;
        }
    }

    /// <summary>Adds a tuple behind all others.</summary>
    public void Append(Tensor[] tuple, CancellationToken cancellation)
    {
        lock (_gate)
        {
            AwaitRoom(tuple, cancellation);
            _complete[_next++] = tuple;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Sets some components under a key; with the last one the tuple can be taken.</summary>
    /// <exception cref="KernelException">A component is set already, or there is none of that number.</exception>
    public void Put(long key, int[] indices, Tensor[] values, CancellationToken cancellation)
    {
        lock (_gate)
        {
            for (int i = 0; i < indices.Length; i++)
            {
                if (indices[i] < 0 || indices[i] >= width)
                    throw Fault($"Index '{indices[i]}' for key '{key}' was out of bounds '{width}'.");
                if (i > 0 && indices[i] <= indices[i - 1])
                    throw Fault("Indices are not strictly ordered");
            }

            AwaitRoom(values, cancellation);
            if (_complete.ContainsKey(key))
                throw Fault($"The tuple of key '{key}' is complete already.");
            if (!_incomplete.TryGetValue(key, out Tensor?[]? tuple))
                _incomplete[key] = tuple = new Tensor?[width];
            for (int i = 0; i < indices.Length; i++)
            {
                if (tuple[indices[i]] is not null)
                    throw Fault($"The tensor for index '{indices[i]}' for key '{key}' was already initialized '{width}'.");
                tuple[indices[i]] = values[i];
            }

            if (Array.Exists(tuple, static t => t is null))
                return;
            _incomplete.Remove(key);
            _complete[key] = tuple;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>A tuple, by its place among all.</summary>
    public Tensor[] Peek(int index, CancellationToken cancellation) => Await(() => index < _complete.Count ? _complete.Values.ElementAt(index) : null, null, cancellation);

    /// <summary>Some components of the tuple of a key, which stay.</summary>
    public Tensor[] PeekKey(long key, int[] indices, CancellationToken cancellation) => Await(() => _complete.GetValueOrDefault(key), indices, cancellation);

    /// <summary>Takes the tuple of the smallest key, or some of its components.</summary>
    public (long Key, Tensor[] Values) Take(int[]? indices, CancellationToken cancellation)
    {
        lock (_gate)
        {
            while (_complete.Count == 0)
                Wait(cancellation);
            long key = _complete.First().Key;
            return (key, TakeKey(key, indices, cancellation));
        }
    }

    /// <summary>Takes the tuple of a key; components that are not asked for can be taken later.</summary>
    public Tensor[] TakeKey(long key, int[]? indices, CancellationToken cancellation)
    {
        lock (_gate)
        {
            Tensor[] taken = Await(() => _complete.GetValueOrDefault(key), indices, cancellation);
            Tensor?[] tuple = _complete[key];
            foreach (int index in indices ?? [.. Enumerable.Range(0, width)])
                tuple[index] = null;
            if (Array.TrueForAll(tuple, static t => t is null))
                _complete.Remove(key);
            Monitor.PulseAll(_gate);
            return taken;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _complete.Clear();
            _incomplete.Clear();
            Monitor.PulseAll(_gate);
        }
    }

    private static KernelException Fault(string message) => new(RunErrorCode.InvalidArgument, message);

    private Tensor[] Await(Func<Tensor?[]?> find, int[]? indices, CancellationToken cancellation)
    {
        lock (_gate)
        {
            Tensor?[]? tuple;
            while ((tuple = find()) is null)
                Wait(cancellation);
            return [.. (indices ?? [.. Enumerable.Range(0, width)]).Select(i => i < 0 || i >= width
                ? throw Fault($"Index '{i}' was out of bounds '{width}'.")
                : tuple[i] ?? throw Fault($"Tensor at index '{i}' has already been removed."))];
        }
    }

    private void AwaitRoom(Tensor[] added, CancellationToken cancellation)
    {
        long byteCount = added.Sum(static t => t.ByteCount);
        if (memoryLimit > 0 && byteCount > memoryLimit)
            throw new KernelException(RunErrorCode.ResourceExhausted, $"Attempted to insert tensors with combined size of '{byteCount}' bytes into Staging Area with a memory limit of '{memoryLimit}'.");
        while ((capacity > 0 && _complete.Count >= capacity) || (memoryLimit > 0 && _complete.Count > 0 && byteCount + Held() > memoryLimit))
            Wait(cancellation);
    }

    private long Held() => _complete.Values.Concat(_incomplete.Values).Sum(static t => t.Sum(static v => v?.ByteCount ?? 0));

    private void Wait(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Monitor.Wait(_gate, Patience);
    }
}

/// <summary>An operation on a staging area, which nodes find by the name that they share.</summary>
internal abstract class StagingOp(string signature) : UndifferentiatedOp(signature, "what waits for another run is not differentiated")
{
    protected const string Area = "capacity: int >= 0 = 0, memory_limit: int >= 0 = 0, dtypes: list(type)";
    protected const string Names = "container: string = '', shared_name: string = ''; stateful";

    public override void InferShapes(ShapeContext c)
    {
        if (c.OutputCount == 1 && c.Operation.Outputs[0].DType == DType.Int32 && Signature.Outputs[0].Name == "size")
            c.Output(0, Shape.Scalar);
    }

    protected static StagingArea AreaOf(KernelContext c)
    {
        (string container, string name) = ReferenceHandles.NameOf(c);
        Attributes attributes = c.Attributes;
        return c.Resource(container, name, () => new StagingArea(attributes.Types("dtypes").Count, attributes.Int("capacity"), attributes.Int("memory_limit")));
    }

    protected static Tensor[] Kept(KernelContext c, int first) => [.. Enumerable.Range(first, c.InputCount - first).Select(i => TensorList.Kept(c.Input(i)))];

    protected static int[] Indices(KernelContext c, int input) => c.Input(input).ToArray<int>();

    protected static void Output(KernelContext c, int first, Tensor[] values)
    {
        if (values.Length != c.Operation.Outputs.Count - first)
            throw c.InvalidArgument($"Mismatch stage/unstage: {values.Length} vs. {c.Operation.Outputs.Count - first}");
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i].DType != c.Operation.Outputs[first + i].DType)
                throw c.InvalidArgument($"Component {i} is {values[i].DType.Name()}; the node expects {c.Operation.Outputs[first + i].DType.Name()}.");
            c.Output(first + i, values[i]);
        }
    }

    protected static void OutputCount(KernelContext c, int count) => c.AllocateOutput(0, Shape.Scalar).MutableData<int>()[0] = count;
}
