namespace NotebookPersist.Graphs.OpModel;

/// <summary>Where a variable's value lives in a session.</summary>
/// <remarks>Thread safety: one writer at a time, as in TensorFlow; a value that readers hold is replaced or written over by updates.</remarks>
public sealed class VariableCell
{
    /// <summary>A cell without a value.</summary>
    public VariableCell(string name, DType dtype) => (Name, DType) = (name, dtype);

    /// <summary>The variable's name.</summary>
    public string Name { get; }

    /// <summary>Element type of every value.</summary>
    public DType DType { get; }

    /// <summary>The value; null until the first assignment.</summary>
    public Tensor? Value { get; private set; }

    /// <summary>True once a value was assigned.</summary>
    public bool IsInitialized => Value is not null;

    /// <summary>The value of a variable that must have one.</summary>
    /// <exception cref="KernelException">Nothing was assigned yet.</exception>
    public Tensor Read() => Value ?? throw new KernelException(RunErrorCode.FailedPrecondition, $"Attempting to use uninitialized value {Name}");

    /// <summary>Stores a copy of a value, over the old one where the size allows.</summary>
    public void Assign(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (Value?.Buffer is { } target && value.Buffer is { } source && target.ByteCount == source.ByteCount)
        {
            if (!ReferenceEquals(target, source))
                source.Bytes.CopyTo(target.Bytes);
            Value = Value.Reshaped(value.Shape);
            return;
        }

        Adopt(value.Clone());
    }

    /// <summary>Takes the value as it is; nobody else may write to it.</summary>
    public void Adopt(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        value.Buffer?.Share();
        Value = value;
    }

    /// <summary>Forgets the value: the variable is as if never assigned.</summary>
    public void Clear() => Value = null;
}
