namespace NotebookPersist.Graphs.OpModel;

/// <summary>Where a variable's value lives in a session.</summary>
/// <remarks>Thread safety: one writer at a time, as in TensorFlow; a value that readers hold is replaced or written over by updates.</remarks>
public sealed class VariableCell
{
    private readonly Lock _lock = new();
    private volatile Promise? _deferred;
    private volatile Tensor? _value;

    /// <summary>A cell without a value.</summary>
    public VariableCell(string name, DType dtype) => (Name, DType) = (name, dtype);

    /// <summary>The variable's name.</summary>
    public string Name { get; }

    /// <summary>Element type of every value.</summary>
    public DType DType { get; }

    /// <summary>The value by which operations on resource variables know the cell; nobody may change it.</summary>
    public Tensor Handle => field ??= Tensor.OfObjects(NotebookPersist.DType.Resource, NotebookPersist.Shape.Scalar, [this]);

    /// <summary>The value; null until the first assignment. One that was deferred is read now.</summary>
    /// <exception cref="IOException">A deferred value cannot be read.</exception>
    public Tensor? Value
    {
        get => _value ?? (_deferred is null ? null : ReadDeferred());
        private set
        {
            // A deferred value that is just being read must not take the place of this one.
            lock (_lock)
            {
                // In this order a reader always finds one of the two.
                _value = value;
                _deferred = null;
            }
        }
    }

    /// <summary>True while a value is promised and not read yet.</summary>
    public bool IsDeferred => _deferred is not null;

    /// <summary>True once a value was assigned, or promised.</summary>
    public bool IsInitialized => _value is not null || _deferred is not null;

    /// <summary>Shape of the value, also of one that is only promised; null where there is none.</summary>
    public Shape? Shape => _value?.Shape ?? _deferred?.Shape ?? _value?.Shape; // Meanwhile the promise may have been kept.

    /// <summary>The value of a variable that must have one.</summary>
    /// <exception cref="KernelException">Nothing was assigned yet, or a deferred value cannot be read.</exception>
    public Tensor Read()
    {
        try
        {
            return Value ?? throw new KernelException(RunErrorCode.FailedPrecondition, $"Attempting to use uninitialized value {Name}\n\t Run tf.GlobalVariablesInitializer(), or restore a checkpoint, in this session first.");
        }
        catch (IOException damage)
        {
            throw new KernelException(RunErrorCode.DataLoss, $"Variable '{Name}' has no value: {damage.Message}", damage);
        }
    }

    /// <summary>The value of a variable that must have one, to be written over in place.</summary>
    /// <param name="leavesReaders">
    /// Whether what a run has read of the variable stays as it was read: so with resource handles, but not with references, which share the bytes.
    /// </param>
    /// <remarks>Where somebody still reads the present bytes, such as a save in the background, they are left and a copy is given.</remarks>
    /// <exception cref="KernelException">Nothing was assigned yet, or a deferred value cannot be read.</exception>
    public Tensor ReadForUpdate(bool leavesReaders = false)
    {
        Tensor value = Read();
        if (value.Buffer is { } buffer && (buffer.IsHeld || (leavesReaders && buffer.IsInUse)))
        {
            Adopt(value.Clone());
            value = Read();
        }

        value.Buffer?.Touch();
        return value;
    }

    /// <summary>Says that an update in place is done: what other runs computed of the value meanwhile is out of date.</summary>
    public void FinishUpdate() => _value?.Buffer?.Touch();

    /// <summary>Promises a value that is read at first use.</summary>
    /// <param name="shape">Its shape, fully known.</param>
    /// <param name="read">Gives the value, which nobody else may write to; called again if it failed.</param>
    public void Defer(Shape shape, Func<Tensor> read)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(read);
        lock (_lock)
        {
            _deferred = new Promise(shape, read);
            _value = null;
        }
    }

    /// <summary>Stores a copy of a value, over the old one where the size allows.</summary>
    public void Assign(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (_value?.Buffer is { IsHeld: false } target && value.Buffer is { } source && target.ByteCount == source.ByteCount)
        {
            if (!ReferenceEquals(target, source))
                source.Bytes.CopyTo(target.Bytes);
            target.Touch();
            Value = _value.Reshaped(value.Shape);
            return;
        }

        Adopt(value.Clone());
    }

    /// <summary>Takes the value as it is; nobody else may write to it.</summary>
    public void Adopt(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        value.Buffer?.Track();
        Value = value;
    }

    /// <summary>Forgets the value: the variable is as if never assigned.</summary>
    public void Clear() => Value = null;

    private Tensor? ReadDeferred()
    {
        lock (_lock)
        {
            if (_deferred is { } promise)
                Adopt(promise.Read()); // Where it fails, the promise stays and the next use fails as well.
            return _value;
        }
    }

    private sealed record Promise(Shape Shape, Func<Tensor> Read);
}
