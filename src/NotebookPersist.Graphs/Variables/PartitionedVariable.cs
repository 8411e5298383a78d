namespace NotebookPersist;

/// <summary>A variable that is kept in parts: one tensor to those who read it, and one in a checkpoint.</summary>
/// <remarks>
/// Its parts are the variables <c>name/part_0</c>, <c>name/part_1</c> and so on: they are listed, trained, initialised and saved, each as a slice
/// of <c>name</c>. Thread safety: as its graph. Source: TensorFlow 1.15's <c>PartitionedVariable</c>.
/// </remarks>
public sealed class PartitionedVariable : Variable
{
    private readonly Shape _shape;
    private readonly int _axis;

    internal PartitionedVariable(string name, Shape shape, IReadOnlyList<Variable> parts, IReadOnlyList<int> partitions, int axis)
        : base(parts[0].Reference, parts[0].Initializer, parts[0].Reference, null, parts[0].IsTrainable)
    {
        (OperationName, _shape, Parts, Partitions, _axis) = (name, shape, parts, partitions, axis);
    }

    /// <summary>The variables that hold the parts, in order.</summary>
    public IReadOnlyList<Variable> Parts { get; }

    /// <summary>How many parts there are along each dimension.</summary>
    public IReadOnlyList<int> Partitions { get; }

    /// <summary>Not to be had: each part has a handle of its own.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override Output Reference => throw new InvalidOperationException(
        $"'{OperationName}' is kept in {Parts.Count} parts and has no handle of its own. Use Parts, or Value for the parts put together.");

    /// <summary>The parts put together: each time it is asked a new node, as TensorFlow makes it.</summary>
    public override Output Value
    {
        get
        {
            using (Graph.ClearControlDependencies())
            {
                if (Parts.Count == 1)
                    return Whole(Parts[0].Value);
                Output joined;
                using (Graph.NameScope(OperationName + "/ConcatPartitions/"))
                    joined = Graph.Concat([.. Parts.Select(static p => (Operand)p.Value)], _axis);
                return Whole(joined);
            }
        }
    }

    /// <summary>A new node that initialises every part.</summary>
    public override Operation Initializer => Graph.VariablesInitializer(Parts, "init");

    /// <summary>Name of the whole; the tensor that stands for it is not one node, so that no output number follows.</summary>
    public override string Name => OperationName;

    /// <inheritdoc/>
    public override string OperationName { get; }

    /// <inheritdoc/>
    public override DType DType => Parts[0].DType;

    /// <summary>Shape of the whole.</summary>
    public override Shape Shape => _shape;

    /// <inheritdoc/>
    public override bool IsResource => Parts[0].IsResource;

    /// <inheritdoc/>
    public override Graph Graph => Parts[0].Graph;

    /// <summary>Gives each part its share of a value.</summary>
    /// <returns>The new value of the whole.</returns>
    public override Output Assign(Operand value, string? name = null) => Each(value, (part, share) => part.Assign(share, name));

    /// <summary>Adds its share of a value to each part.</summary>
    /// <returns>The new value of the whole.</returns>
    public override Output AssignAdd(Operand value, bool useLocking = false, string? name = null) => Each(value, (part, share) => part.AssignAdd(share, useLocking, name));

    /// <summary>Subtracts its share of a value from each part.</summary>
    /// <returns>The new value of the whole.</returns>
    public override Output AssignSub(Operand value, bool useLocking = false, string? name = null) => Each(value, (part, share) => part.AssignSub(share, useLocking, name));

    /// <summary>Not to be done for the whole: each part has an initialiser of its own.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override void ReplaceInitializer(Operation initializer, Output initialValue) => throw new InvalidOperationException(
        $"'{OperationName}' is kept in {Parts.Count} parts, each with an initialiser of its own. Replace those of Parts.");

    /// <inheritdoc/>
    public override string ToString() => $"<tf.PartitionedVariable '{OperationName}' shape={Shape.ToPythonString()} dtype={DType.Name()} parts={Parts.Count}>";

    // The whole's name is a node's only once it is read.
    private Output Whole(Output joined)
    {
        using (Graph.NameScope(null))
            return Graph.Identity(joined, OperationName);
    }

    private Output Each(Operand value, Func<Variable, Output, Output> assign)
    {
        Output values = Graph.Convert(value, DType, name: "value");
        IReadOnlyList<Output> shares = Graph.Split(values, Parts.Select(p => (int)p.Shape[_axis]).ToArray(), _axis);
        return Graph.Concat([.. Parts.Select((p, i) => (Operand)assign(p, shares[i]))], _axis);
    }
}
