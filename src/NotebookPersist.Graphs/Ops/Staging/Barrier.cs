using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Tuples of tensors by text keys, whose components come one by one; complete ones are taken in the order of their first component.</summary>
/// <remarks>Thread safety: all members lock; who must wait does so until another run goes on, or until cancelled.</remarks>
internal sealed class SessionBarrier(string name, int width)
{
    // How often a waiting run looks whether it was cancelled. Unit: milliseconds.
    private const int Patience = 20;

    private readonly object _gate = new();
    private readonly Dictionary<string, (long Index, byte[] Key, Tensor?[] Values)> _incomplete = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(long Index, long Order), (byte[] Key, Tensor?[] Values)> _ready = [];
    private long _next = long.MinValue;
    private long _order;
    private bool _isClosed;

    public int ReadyCount
    {
        get
        {
            lock (_gate)
                return _ready.Count;
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

    /// <summary>Sets one component of several tuples; those that are new get one index together.</summary>
    public void Insert(ReadOnlySpan<byte[]> keys, int component, Func<int, Tensor> value)
    {
        if (component < 0 || component >= width)
            throw new KernelException(RunErrorCode.InvalidArgument, $"The component ID is out of range: {component} of {width}");
        lock (_gate)
        {
            for (int i = 0; i < keys.Length; i++)
                Insert(keys[i], component, value(i));
            _next++;
        }
    }

    /// <summary>Takes complete tuples.</summary>
    public List<(long Index, byte[] Key, Tensor?[] Values)> Take(int count, bool fewer, bool waits, CancellationToken cancellation)
    {
        lock (_gate)
        {
            while (_ready.Count < count && !(_isClosed && (_incomplete.Count == 0 || !waits)))
            {
                cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_gate, Patience);
            }

            if (_ready.Count < count && !(fewer && _ready.Count > 0))
                throw new KernelException(RunErrorCode.OutOfRange, $"Barrier '{name}' is closed and has insufficient elements (requested {count}, total size {_ready.Count})");
            KeyValuePair<(long Index, long Order), (byte[] Key, Tensor?[] Values)>[] taken = [.. _ready.Take(count)];
            foreach (((long, long) place, _) in taken)
                _ready.Remove(place);
            return [.. taken.Select(static r => (r.Key.Index, r.Value.Key, r.Value.Values))];
        }
    }

    public void Close(bool dropsIncomplete)
    {
        lock (_gate)
        {
            _isClosed = true;
            if (dropsIncomplete)
                _incomplete.Clear();
            Monitor.PulseAll(_gate);
        }
    }

    private void Insert(byte[] key, int component, Tensor value)
    {
        string text = Convert.ToBase64String(key);
        if (!_incomplete.TryGetValue(text, out (long Index, byte[] Key, Tensor?[] Values) entry))
        {
            if (_isClosed)
                throw new KernelException(RunErrorCode.Cancelled, $"Barrier {name} is closed. Pending enqueues cancelled: the key is new.");
            _incomplete[text] = entry = (_next, key, new Tensor?[width]);
        }

        if (entry.Values[component] is not null)
            throw new KernelException(RunErrorCode.InvalidArgument, $"Key {System.Text.Encoding.UTF8.GetString(key)} already has a value for component {component} in barrier {name}");
        entry.Values[component] = value;
        if (Array.Exists(entry.Values, static v => v is null))
            return;
        _incomplete.Remove(text);
        _ready[(entry.Index, _order++)] = (entry.Key, entry.Values);
        Monitor.PulseAll(_gate);
    }
}

internal sealed class BarrierOp() : UndifferentiatedOp(
    "Barrier() -> (handle: ref(string)) where component_types: list(type) >= 1, shapes: list(shape) >= 0 = [], capacity: int = -1, container: string = '', shared_name: string = ''; stateful",
    "a barrier depends on nothing in the graph")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, [2]);

    public override void Compute(KernelContext c)
    {
        (string container, string name) = ReferenceHandles.NameOf(c);
        int width = c.Attributes.Types("component_types").Count;
        ReferenceHandles.Output(c, container, name, c.Resource(container, name, () => new SessionBarrier(name, width)));
    }
}

internal abstract class BarrierUsingOp(string signature) : UndifferentiatedOp(signature, "what waits for another run is not differentiated")
{
    // Each run finds another state.
    public override bool IsPure => false;

    protected static SessionBarrier Barrier(KernelContext c) => ReferenceHandles.Find<SessionBarrier>(c, 0, "barrier");
}

internal sealed class BarrierInsertManyOp() : BarrierUsingOp("BarrierInsertMany(handle: ref(string), keys: string, values: T) -> () where T: type, component_index: int")
{
    public override void Compute(KernelContext c)
    {
        (Tensor keys, Tensor values) = (c.Input(1), c.Input(2));
        int component = (int)c.Attributes.Int("component_index");
        if (keys.Rank != 1 || values.Rank == 0 || values.Shape[0] != keys.Count)
            throw c.InvalidArgument($"keys must be a vector, and values have a row for each: {keys.Shape}, {values.Shape}");
        Barrier(c).Insert(keys.Strings, component, i => DatasetElements.Row(values, i));
    }
}

internal sealed class BarrierTakeManyOp() : BarrierUsingOp(
    "BarrierTakeMany(handle: ref(string), num_elements: int32) -> (indices: int64, keys: string, values: [component_types]) "
    + "where component_types: list(type) >= 1, allow_small_batch: bool = false, wait_for_incomplete: bool = false, timeout_ms: int = -1")
{
    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, [-1]);
        c.Output(1, [-1]);
    }

    public override void Compute(KernelContext c)
    {
        int count = c.Input(1).Item<int>();
        if (count < 1)
            throw c.InvalidArgument($"num_elements must be positive, got {count}");
        List<(long Index, byte[] Key, Tensor?[] Values)> taken =
            Barrier(c).Take(count, c.Attributes.Bool("allow_small_batch"), c.Attributes.Bool("wait_for_incomplete"), c.Workers.Cancellation);
        IntVectors.Write([.. taken.Select(static t => t.Index)], c.AllocateOutput(0, [taken.Count]));
        c.Output(1, Tensor.OfStrings([taken.Count], [.. taken.Select(static t => t.Key)]));
        Tensor[] components = DatasetElements.Batch([.. taken.Select(static t => Array.ConvertAll(t.Values, static v => v!))]); // Complete ones only.
        for (int i = 0; i < components.Length; i++)
            c.Output(2 + i, components[i]);
    }
}

internal sealed class BarrierCloseOp() : BarrierUsingOp("BarrierClose(handle: ref(string)) -> () where cancel_pending_enqueues: bool = false")
{
    public override void Compute(KernelContext c) => Barrier(c).Close(c.Attributes.Bool("cancel_pending_enqueues"));
}

internal sealed class BarrierReadySizeOp() : BarrierUsingOp("BarrierReadySize(handle: ref(string)) -> (size: int32)")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<int>()[0] = Barrier(c).ReadyCount;
}

internal sealed class BarrierIncompleteSizeOp() : BarrierUsingOp("BarrierIncompleteSize(handle: ref(string)) -> (size: int32)")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<int>()[0] = Barrier(c).IncompleteCount;
}
