namespace NotebookPersist;

/// <summary>A symbolic value: one output of an operation, known by type and as much of its shape as can be told without running.</summary>
/// <remarks>What TensorFlow's Python calls a Tensor. Thread safety: immutable but for <see cref="SetShape"/>.</remarks>
public sealed partial class Output
{
    // One operation, or a list of several: most values have one consumer.
    private object? _consumers;

    internal Output(Operation operation, int index, DType dtype, bool isReference)
    {
        Operation = operation;
        Index = index;
        DType = dtype;
        IsReference = isReference;
    }

    /// <summary>The operation that computes this value.</summary>
    public Operation Operation { get; }

    /// <summary>The operation that computes this value, as TensorFlow's Python calls it.</summary>
    public Operation Op => Operation;

    /// <summary>Which output of the operation.</summary>
    public int Index { get; }

    /// <summary>Element type, without the mark of a reference.</summary>
    public DType DType { get; }

    /// <summary>True for the handle of a variable that lives in a session, which can be assigned to.</summary>
    public bool IsReference { get; }

    /// <summary>What is known of the shape without running.</summary>
    public Shape Shape { get; internal set; } = Shape.Unknown;

    /// <summary>The rows that the value is the sum of, as the gradient of gathered rows is; null for any other value.</summary>
    public IndexedSlices? Slices { get; internal set; }

    /// <summary>The graph of the operation.</summary>
    public Graph Graph => Operation.Graph;

    /// <summary>The name to fetch and feed by: operation name, colon, output number.</summary>
    public string Name => $"{Operation.Name}:{Index}";

    /// <summary>The name as node inputs are written: output 0 without its number.</summary>
    public string InputName => Index == 0 ? Operation.Name : Name;

    /// <summary>The operations that take this value, in the order they were made.</summary>
    public IEnumerable<Operation> Consumers => _consumers switch
    {
        null => [],
        Operation only => [only],
        _ => (List<Operation>)_consumers,
    };

    /// <summary>What is known of the shape without running.</summary>
    public Shape GetShape() => Shape;

    /// <summary>Adds what the program knows of the shape.</summary>
    /// <exception cref="ArgumentException">The shape contradicts what is already known.</exception>
    public void SetShape(Shape shape) => Shape = Shape.MergeWith(shape);

    /// <summary>Name, shape and type, as TensorFlow prints a tensor.</summary>
    public override string ToString() => Shape.HasRank
        ? $"Tensor(\"{Name}\", shape={Shape.ToPythonString()}, dtype={DType.Name()}{(IsReference ? "_ref" : "")})"
        : $"Tensor(\"{Name}\", dtype={DType.Name()}{(IsReference ? "_ref" : "")})";

    // Consumers stand in the order they were made, so that a second input of the newest one finds it at the end.
    internal void AddConsumer(Operation consumer)
    {
        switch (_consumers)
        {
            case null:
                _consumers = consumer;
                break;
            case Operation only when only != consumer:
                _consumers = new List<Operation> { only, consumer };
                break;
            case List<Operation> several when several.Count == 0 || several[^1] != consumer:
                several.Add(consumer);
                break;
        }
    }

    internal void RemoveConsumers(Predicate<Operation> removes)
    {
        if (_consumers is List<Operation> several)
            several.RemoveAll(removes);
        else if (_consumers is Operation only && removes(only))
            _consumers = null;
    }
}
