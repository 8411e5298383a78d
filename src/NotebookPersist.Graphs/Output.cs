namespace NotebookPersist;

/// <summary>A symbolic value: one output of an operation, known by type and as much of its shape as can be told without running.</summary>
/// <remarks>What TensorFlow's Python calls a Tensor. Thread safety: immutable but for <see cref="SetShape"/>.</remarks>
public sealed partial class Output
{
    internal Output(Operation operation, int index, DType dtype, bool isReference)
    {
        Operation = operation;
        Index = index;
        DType = dtype;
        IsReference = isReference;
    }

    /// <summary>The operation that computes this value.</summary>
    public Operation Operation { get; }

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
    public IEnumerable<Operation> Consumers => Operation.Graph.ConsumersOf(this);

    /// <summary>What is known of the shape without running.</summary>
    public Shape GetShape() => Shape;

    /// <summary>Adds what the program knows of the shape.</summary>
    /// <exception cref="ArgumentException">The shape contradicts what is already known.</exception>
    public void SetShape(Shape shape) => Shape = Shape.MergeWith(shape);

    /// <summary>Name, shape and type, as TensorFlow prints a tensor.</summary>
    public override string ToString() => Shape.HasRank
        ? $"Tensor(\"{Name}\", shape={Shape.ToPythonString()}, dtype={DType.Name()}{(IsReference ? "_ref" : "")})"
        : $"Tensor(\"{Name}\", dtype={DType.Name()}{(IsReference ? "_ref" : "")})";
}
