using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>What a run pushed and has not popped yet.</summary>
/// <remarks>Thread safety: one step uses it at a time.</remarks>
internal sealed class StackState(string name, DType dtype, long mostElements)
{
    private readonly Stack<KeptTensor> _values = new();
    private bool _closed;

    public void Push(KernelContext c, Tensor value)
    {
        Check(c);
        if (value.DType != dtype)
            throw c.InvalidArgument($"Must have type {dtype.Name()} but got {value.DType.Name()}");
        if (mostElements >= 0 && _values.Count >= mostElements)
            throw c.InvalidArgument($"Stack[{name}] overflowed its max_size ({mostElements})");
        _values.Push(KeptTensor.Keep(value));
    }

    public void Pop(KernelContext c)
    {
        Check(c);
        if (!_values.TryPop(out KeptTensor value))
            throw c.InvalidArgument($"Stack[{name}] is empty when calling Pop().");
        c.Output(0, value.Value);
        value.Release();
    }

    public void Close()
    {
        _closed = true;
        while (_values.TryPop(out KeptTensor value))
            value.Release();
    }

    private void Check(KernelContext c)
    {
        if (_closed)
            throw c.InvalidArgument($"Stack[{name}] has already been closed.");
    }
}
