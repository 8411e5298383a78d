using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;
using NotebookPersist.Memory;

namespace NotebookPersist.Execution;

/// <summary>The values of one run, seen by one step at a time.</summary>
internal sealed class StepContext(Session session, int slotCount, BufferPool pool, Workers workers) : KernelContext
{
    private readonly Slot[] _slots = new Slot[slotCount];
    private RunPlan.Step _step = null!; // Set by Enter before any step runs.

    public override Operation Operation => _step.Operation;

    public override int InputCount => _step.Inputs.Length;

    public override Workers Workers => workers;

    public void Enter(RunPlan.Step step) => _step = step;

    public void Feed(int slot, Tensor value)
    {
        value.Buffer?.Share();
        Store(slot, value, null);
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
        Tensor value = s.Cell is { } cell ? cell.Read() : s.Value ?? throw new InvalidOperationException($"Slot {slot} has no value.");
        if (value.Buffer is { IsShared: true })
            return value.Clone();
        value.Buffer?.Escape();
        return value;
    }

    /// <summary>Lets go of everything.</summary>
    public void DropAll()
    {
        for (int i = 0; i < _slots.Length; i++)
            Drop(i);
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
        return new Tensor(dtype, shape, pool.Rent(count * dtype.Size()));
    }

    public override Tensor ForwardOrAllocateOutput(int input, int output, Shape shape)
    {
        int from = _step.Inputs[input];
        DType dtype = Operation.Outputs[output].DType;
        if (_slots[from].Value is { Buffer: { IsExclusive: true } buffer }
            && buffer.ByteCount == shape.ElementCount * dtype.Size()
            && Array.IndexOf(_step.Released, from) >= 0)
        {
            var forwarded = new Tensor(dtype, shape, buffer);
            Output(output, forwarded);
            return forwarded;
        }

        return AllocateOutput(output, shape);
    }

    public override T State<T>(Func<T> create) => (T)session.States.GetOrAdd(Operation, static (_, make) => make(), create);

    public override VariableCell Variable(string container, string name, DType dtype, Shape shape) => session.Variables.Get(container, name, dtype, shape);

    public override T Resource<T>(string container, string name, Func<T> create) =>
        (T)session.Resources.GetOrAdd((typeof(T), container, name), static (_, make) => make(), create);

    public override T? FindResource<T>(string container, string name)
        where T : class => session.Resources.GetValueOrDefault((typeof(T), container, name)) as T;

    private void Store(int slot, Tensor? value, VariableCell? cell)
    {
        if (slot < 0)
            return;
        value?.Buffer?.Retain();
        _slots[slot] = new Slot(value, cell);
    }

    private void Drop(int slot)
    {
        _slots[slot].Value?.Buffer?.Release();
        _slots[slot] = default;
    }

    private InvalidOperationException Missing(int index) =>
        new($"Input {index} of node '{Operation.Name}' ({Operation.Type}) has no value: '{Operation.Inputs[index].Name}' set none.");

    private record struct Slot(Tensor? Value, VariableCell? Cell);
}
