using System.Collections.Concurrent;
using NotebookPersist.Execution.Tracing;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;
using NotebookPersist.Memory;
using NotebookPersist.Protos;

namespace NotebookPersist.Execution;

/// <summary>The values of one run, seen by one step at a time.</summary>
/// <remarks>Used again for runs of the same plan, together with small tensors that nobody needs any more. Thread safety: one run at a time.</remarks>
internal sealed class StepContext : KernelContext
{
    // Larger buffers come from the pool, where plans share them.
    private const int LargestSpare = 1024;

    private readonly Session _session;
    private readonly BufferPool _pool;
    private readonly Slot[] _slots;
    private readonly bool[] _isConstant;
    private readonly int[] _blockOf;
    private readonly SharedBlock[] _blocks;

    // What a slot's step allocated in an earlier run.
    private readonly Tensor?[] _spares;
    private RunPlan.Step _step = null!; // Set by Enter before any step runs.
    private Workers _workers;
    private IDictionary<string, object>? _runResources;
    private StepContext[] _branches = [];

    public StepContext(Session session, RunPlan plan, BufferPool pool)
    {
        (_session, _pool) = (session, pool);
        _slots = new Slot[plan.SlotCount];
        _spares = new Tensor?[plan.SlotCount];
        _isConstant = new bool[plan.SlotCount];
        (_blockOf, _blocks) = (plan.Memory.BlockOf, [.. plan.Memory.ByteCounts.Select(b => new SharedBlock(pool, b))]);
        foreach ((int slot, Tensor value) in plan.Constants)
        {
            Store(slot, value, null);
            _isConstant[slot] = true;
        }
    }

    // A branch of a run: the same values, a step of its own.
    private StepContext(StepContext whole) =>
        (_session, _pool, _slots, _spares, _isConstant, _blockOf, _blocks) = (whole._session, whole._pool, whole._slots, whole._spares, whole._isConstant, [], []);

    /// <summary>Notes what each step takes; null in most runs.</summary>
    public RunTrace? Trace { get; private set; }

    public override Operation Operation => _step.Operation;

    public override int InputCount => _step.Inputs.Length;

    public override Workers Workers => _workers;

    // Shared with the functions that the run calls; most runs have none.
    public override IDictionary<string, object> RunResources => _runResources ??= new ConcurrentDictionary<string, object>(StringComparer.Ordinal);

    /// <summary>A run begins.</summary>
    public void Begin(Workers workers, IDictionary<string, object>? runResources = null, RunTrace? trace = null) =>
        (_workers, _runResources, Trace) = (workers, runResources, trace);

    /// <summary>The run has ended: lets go of everything but constants.</summary>
    public void End()
    {
        for (int i = 0; i < _slots.Length; i++)
        {
            if (!_isConstant[i])
                Drop(i);
        }

        foreach (SharedBlock block in _blocks)
            block.GiveBack();
        Begin(default);
    }

    public void Enter(RunPlan.Step step) => _step = step;

    /// <summary>A context for each branch of the present step, that threads of their own can use at the same time.</summary>
    public StepContext[] Split(int count, CancellationToken stop)
    {
        if (_branches.Length < count)
            _branches = [.. _branches, .. Enumerable.Range(0, count - _branches.Length).Select(_ => new StepContext(this))];
        StepContext[] branches = _branches[..count];
        for (int i = 0; i < count; i++)
            branches[i].Begin(Workers.Single with { Cancellation = stop }, trace: Trace?.Branch(i));
        return branches;
    }

    /// <summary>Ends what <see cref="Split"/> began.</summary>
    public void Join(StepContext[] branches)
    {
        foreach (StepContext branch in branches)
        {
            if (branch.Trace is { } trace)
                Trace?.Join(trace);
            branch.Begin(default);
        }
    }

    /// <summary>Size of what the present step put out.</summary>
    /// <returns>Unit: bytes.</returns>
    public long OutputByteCount()
    {
        long count = 0;
        foreach (int slot in _step.Outputs)
            count += slot >= 0 && _slots[slot].Value is { } value ? value.ByteCount : 0;
        return count;
    }

    public override bool HasInput(int index) => IsLive(_step.Inputs[index]);

    public override Tensor[] Call(NameAttrList function, ReadOnlySpan<Tensor> arguments) =>
        _session.Functions.Of(Operation.Graph, function).Call(_session, arguments, RunResources, _workers, Trace);

    /// <summary>True where a slot has a value: one that has none in a plan with control flow is dead.</summary>
    public bool IsLive(int slot) => _slots[slot].Value is not null || _slots[slot].Cell is not null;

    /// <summary>True where all inputs of the present step are live.</summary>
    public bool HasAllInputs()
    {
        foreach (int slot in _step.Inputs)
        {
            if (!IsLive(slot))
                return false;
        }

        return true;
    }

    /// <summary>True where some input of the present step is live.</summary>
    public bool HasAnyInput()
    {
        foreach (int slot in _step.Inputs)
        {
            if (IsLive(slot))
                return true;
        }

        return false;
    }

    /// <summary>Makes slots dead.</summary>
    public void Drop(int[] slots)
    {
        foreach (int slot in slots)
        {
            if (slot >= 0)
                Drop(slot);
        }
    }

    public void Feed(int slot, Tensor value)
    {
        value.Buffer?.Share();
        Store(slot, value, null);
    }

    /// <summary>Gives a function's argument its slot; the bytes stay the caller's.</summary>
    public void Pass(int slot, Tensor value) => Store(slot, value, null);

    /// <summary>The value of a slot for the caller of a function, who shares the bytes.</summary>
    public Tensor Share(int slot)
    {
        ref Slot s = ref _slots[slot];
        Tensor value = s.Cell is { } cell ? cell.Read() : s.Value ?? throw Dead();
        value.Buffer?.Escape();
        return value;
    }

    /// <summary>Lets go of what no later step reads.</summary>
    public void Leave()
    {
        foreach (int slot in _step.Released)
            Drop(slot);
    }

    /// <summary>The value of a slot for the caller of the run, who may keep it.</summary>
    public Tensor Take(int slot)
    {
        ref Slot s = ref _slots[slot];
        Tensor value = s.Cell is { } cell ? cell.Read() : s.Value ?? throw Dead();
        if (value.Buffer is { IsShared: true })
            return value.Clone();
        value.Buffer?.Escape();
        return value;
    }

    public override Tensor Input(int index)
    {
        ref Slot slot = ref _slots[_step.Inputs[index]];
        return slot.Cell is { } cell ? cell.Read() : slot.Value ?? throw Missing(index);
    }

    public override VariableCell Reference(int index)
    {
        ref Slot slot = ref _slots[_step.Inputs[index]];
        if (slot.Cell is { } cell)
            return cell;

        // A careless freeze turned the variable into a constant: the operation works on a copy.
        Tensor value = slot.Value ?? throw Missing(index);
        var copy = new VariableCell(Operation.Inputs[index].Operation.Name, value.DType);
        copy.Assign(value);
        return copy;
    }

    public override void Output(int index, Tensor value) => Store(_step.Outputs[index], value, null);

    public override void OutputReference(int index, VariableCell cell) => Store(_step.Outputs[index], null, cell);

    public override Tensor Allocate(DType dtype, Shape shape)
    {
        if (!dtype.HasFixedSize())
            return Tensor.Zeros(dtype, shape);
        long count = shape.ElementCount;
        if (count < 0 || count > Array.MaxLength)
            throw InvalidArgument($"Cannot allocate a {dtype.Name()} tensor of shape {shape}.");
        return new Tensor(dtype, shape, _pool.Rent(count * dtype.Size()));
    }

    public override Tensor AllocateOutput(int index, Shape shape)
    {
        int slot = _step.Outputs[index];
        if (slot >= 0 && _spares[slot] is { Buffer.IsIdle: true } spare && spare.Shape == shape && spare.DType == Operation.Outputs[index].DType)
        {
            _spares[slot] = null;
            Store(slot, spare, null, slot);
            return spare;
        }

        DType dtype = Operation.Outputs[index].DType;
        Tensor tensor = TryPlace(slot, dtype, shape) is { } place ? new Tensor(dtype, shape, place) : Allocate(dtype, shape);
        Store(slot, tensor, null, slot);
        return tensor;
    }

    // The memory that the plan has for a slot; null where it has none, or a shape is larger than was known.
    private TensorBuffer? TryPlace(int slot, DType dtype, Shape shape) => (uint)slot < (uint)_blockOf.Length && _blockOf[slot] is var block and >= 0 && shape.ElementCount is var count and >= 0
        ? _blocks[block].TryTake(count * dtype.Size())
        : null;

    public override bool CanForward(int input, int output, Shape shape)
    {
        int from = _step.Inputs[input];
        return _slots[from].Value is { Buffer: { IsExclusive: true } buffer }
            && buffer.ByteCount == shape.ElementCount * Operation.Outputs[output].DType.Size()
            && Array.IndexOf(_step.Released, from) >= 0;
    }

    public override Tensor ForwardOrAllocateOutput(int input, int output, Shape shape)
    {
        if (!CanForward(input, output, shape))
            return AllocateOutput(output, shape);
        ref Slot slot = ref _slots[_step.Inputs[input]];
        Tensor value = slot.Value!; // CanForward saw it.
        DType dtype = Operation.Outputs[output].DType;
        Tensor forwarded = value.DType == dtype && value.Shape == shape ? value : new Tensor(dtype, shape, value.Buffer!);
        Store(_step.Outputs[output], forwarded, null, forwarded == value ? slot.Home : -1);
        return forwarded;
    }

    public override bool IsExact => _session.Options.ExactConvolution;

    public override T Derived<T>(int input, string purpose, Func<Tensor, T?, T> make)
        where T : class => _session.Derived.Get(Input(input), purpose, make);

    public override T? DerivedOfLasting<T>(int input, string purpose, Func<Tensor, T?, T> make)
        where T : class => _session.Derived.GetOfLasting(Input(input), purpose, make);

    public override T State<T>(Func<T> create) => (T)_session.States.GetOrAdd(Operation.Original, static (_, make) => make(), create);

    public override VariableCell Variable(string container, string name, DType dtype, Shape shape) => _session.Variables.Get(container, name, dtype, shape);

    public override T Resource<T>(string container, string name, Func<T> create) =>
        (T)_session.Resources.GetOrAdd((typeof(T), container, name), static (_, make) => make(), create);

    public override T? FindResource<T>(string container, string name)
        where T : class => _session.Resources.GetValueOrDefault((typeof(T), container, name)) as T;

    private void Store(int slot, Tensor? value, VariableCell? cell, int home = -1)
    {
        if (slot < 0)
            return;
        value?.Buffer?.Retain();
        _slots[slot] = new Slot(value, cell, home);
    }

    private void Drop(int slot)
    {
        ref Slot s = ref _slots[slot];
        if (s.Value is { Buffer: { } buffer } value)
        {
            buffer.Release();
            if (s.Home >= 0 && buffer.ByteCount < LargestSpare && buffer.IsIdle)
                _spares[s.Home] = value;
        }

        s = default;
    }

    private static KernelException Dead() =>
        new(RunErrorCode.InvalidArgument, "Retval[0] does not have value: it lies in a branch that was not taken.");

    private InvalidOperationException Missing(int index) =>
        new($"Input {index} of node '{Operation.Name}' ({Operation.Type}) has no value: '{Operation.Inputs[index].Name}' set none.");

    // Home: the slot whose step allocated the tensor as its output; -1 where a kernel gave it.
    private record struct Slot(Tensor? Value, VariableCell? Cell, int Home);
}
