namespace NotebookPersist.Graphs.OpModel;

/// <summary>What a shape rule sees: an operation whose inputs' shapes, and sometimes values, are known.</summary>
/// <remarks>Checks the rule's answers against what each output is already known to be.</remarks>
public sealed class ShapeContext
{
    internal ShapeContext(Operation operation) => Operation = operation;

    /// <summary>The operation.</summary>
    public Operation Operation { get; }

    /// <summary>Its attributes.</summary>
    public Attributes Attributes => Operation.Attributes;

    /// <summary>Number of data inputs.</summary>
    public int InputCount => Operation.Inputs.Count;

    /// <summary>Number of outputs.</summary>
    public int OutputCount => Operation.Outputs.Count;

    /// <summary>What is known of an input's shape.</summary>
    public Shape Input(int index) => Operation.Inputs[index].Shape;

    /// <summary>An input's value where it is constant; else null.</summary>
    public Tensor? InputValue(int index) => ConstantValues.Of(Operation.Inputs[index]);

    /// <summary>An input's elements as integers where it is constant; else null.</summary>
    public long[]? InputInts(int index)
    {
        Tensor? value = InputValue(index);
        if (value is null)
            return null;
        long[] ints = new long[value.Count];
        for (int i = 0; i < ints.Length; i++)
            ints[i] = value.ItemAt<long>(i);
        return ints;
    }

    /// <summary>The shape that an input, a vector of sizes, describes, as far as it is known.</summary>
    public Shape InputAsShape(int index) => ConstantValues.AsShape(Operation.Inputs[index]);

    /// <summary>Says what is known of an output's shape.</summary>
    public void Output(int index, Shape shape) => Operation.Outputs[index].Shape = shape;

    /// <summary>The shape of an input that must have a given rank.</summary>
    /// <exception cref="GraphException">It has another.</exception>
    public Shape WithRank(int index, int rank)
    {
        Shape shape = Input(index);
        if (!shape.HasRank)
            return Shape.OfRank(rank);
        return shape.Rank == rank ? shape : throw Fault($"Shape must be rank {rank} but is rank {shape.Rank} for input {index} '{Operation.Inputs[index].InputName}' of shape {shape}.");
    }

    /// <summary>The shape of an input that must have at least a given rank, or unknown.</summary>
    /// <exception cref="GraphException">It has fewer dimensions.</exception>
    public Shape WithRankAtLeast(int index, int rank)
    {
        Shape shape = Input(index);
        return !shape.HasRank || shape.Rank >= rank
            ? shape
            : throw Fault($"Shape must be at least rank {rank} but is rank {shape.Rank} for input {index} '{Operation.Inputs[index].InputName}' of shape {shape}.");
    }

    /// <summary>What is known of a tensor that has both shapes.</summary>
    /// <exception cref="GraphException">No tensor can have both.</exception>
    public Shape Merge(Shape left, Shape right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return left.IsCompatibleWith(right) ? left.MergeWith(right) : throw Fault($"Dimensions must be equal, but are {left} and {right}.");
    }

    /// <summary>The size that two dimensions share.</summary>
    /// <exception cref="GraphException">Both are known and differ.</exception>
    public long Merge(long left, long right) => left < 0 ? right
        : right < 0 || left == right ? left
        : throw Fault($"Dimensions must be equal, but are {left} and {right}.");

    /// <summary>The shape of two tensors broadcast together.</summary>
    /// <exception cref="GraphException">They cannot be.</exception>
    public Shape Broadcast(Shape left, Shape right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (!left.HasRank || !right.HasRank)
            return Shape.Unknown;
        long[] sizes = new long[Math.Max(left.Rank, right.Rank)];
        for (int i = 1; i <= sizes.Length; i++)
        {
            long l = i <= left.Rank ? left[^i] : 1;
            long r = i <= right.Rank ? right[^i] : 1;
            sizes[^i] = l == 1 ? r
                : r == 1 ? l
                : l < 0 ? (r < 0 ? -1 : r)
                : r < 0 || l == r ? l
                : throw Fault($"Dimensions must be equal, but are {l} and {r}, with input shapes: {left}, {right}.");
        }

        return sizes;
    }

    /// <summary>The fault to throw where the inputs cannot be.</summary>
    public GraphException Fault(string message) => new($"{message} Node '{Operation.Name}' (op: '{Operation.Type}').", Operation.Name, Operation.Type);
}
