using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>A value that a session keeps from run to run: handle, initialiser and current value.</summary>
/// <remarks>
/// Its nodes are those that TensorFlow 1.15 makes: of a reference variable <c>name</c>, <c>name/Assign</c> and <c>name/read</c>; of one behind a
/// resource handle <c>name</c>, <c>name/IsInitialized/VarIsInitializedOp</c>, <c>name/Assign</c> and <c>name/Read/ReadVariableOp</c>.
/// Its value lives in a session under its name. Thread safety: as its graph.
/// </remarks>
public partial class Variable
{
    private readonly (Operation Initializer, Output? Value) _first;

    internal Variable(Output reference, Operation initializer, Output value, Output? initialValue, bool trainable)
    {
        (Reference, Initializer, Value, InitialValue, IsTrainable) = (reference, initializer, value, initialValue, trainable);
        _first = (initializer, initialValue);
    }

    /// <summary>The handle: what assignments and savers take.</summary>
    public virtual Output Reference { get; }

    /// <summary>The node of the handle.</summary>
    public Operation Operation => Reference.Operation;

    /// <summary>The assignment of the initial value; running it initialises the variable.</summary>
    public virtual Operation Initializer { get; private set; }

    /// <summary>The value as operations read it.</summary>
    public virtual Output Value { get; }

    /// <summary>The initial value; null for a variable of an imported graph that does not tell.</summary>
    public Output? InitialValue { get; private set; }

    /// <summary>True where optimizers train it.</summary>
    public bool IsTrainable { get; }

    /// <summary>True for a variable behind a resource handle.</summary>
    public virtual bool IsResource => Reference.DType == DType.Resource;

    /// <summary>Name of the handle, with its output number: <c>W1:0</c>.</summary>
    public virtual string Name => Reference.Name;

    /// <summary>Name of the handle's node, which checkpoints use: <c>W1</c>.</summary>
    public virtual string OperationName => Operation.Name;

    /// <summary>Element type.</summary>
    public virtual DType DType => IsResource ? Operation.Attributes.Type("dtype") : Reference.DType;

    /// <summary>Shape of every value.</summary>
    public virtual Shape Shape => IsResource ? Operation.Attributes.Shape("shape") : Reference.Shape;

    /// <summary>The graph that holds it.</summary>
    public virtual Graph Graph => Reference.Graph;

    /// <summary>For one part of a partitioned variable: which part of what. Else null.</summary>
    public SaveSliceInfoDef? Slice { get; internal set; }

    /// <summary>The value, as operations read it.</summary>
    public static implicit operator Output(Variable variable) => (variable ?? throw new ArgumentNullException(nameof(variable))).Value;

    /// <summary>What is known of the shape.</summary>
    public Shape GetShape() => Shape;

    /// <summary>A node that gives the variable a new value.</summary>
    /// <returns>The new value.</returns>
    public virtual Output Assign(Operand value, string? name = null) =>
        IsResource ? ReadAfter(Graph.AssignVariableOp(Reference, value, name)) : Graph.Assign(Reference, value, useLocking: false, name: name);

    /// <summary>A node that adds to the variable's value.</summary>
    /// <returns>The new value.</returns>
    public virtual Output AssignAdd(Operand value, bool useLocking = false, string? name = null) =>
        IsResource ? ReadAfter(Graph.AssignAddVariableOp(Reference, value, name)) : Graph.AssignAdd(Reference, value, useLocking, name);

    /// <summary>A node that subtracts from the variable's value.</summary>
    /// <returns>The new value.</returns>
    public virtual Output AssignSub(Operand value, bool useLocking = false, string? name = null) =>
        IsResource ? ReadAfter(Graph.AssignSubVariableOp(Reference, value, name)) : Graph.AssignSub(Reference, value, useLocking, name);

    /// <summary>Puts another assignment in the place of the initialiser, such as of a value from a checkpoint.</summary>
    /// <param name="initializer">Gives the variable its value.</param>
    /// <param name="initialValue">The value; it takes the variable's shape.</param>
    /// <remarks>Operations that run the earlier initialiser, such as one that initialises all variables, go on running that one: make them afterwards.</remarks>
    public virtual void ReplaceInitializer(Operation initializer, Output initialValue)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        ArgumentNullException.ThrowIfNull(initialValue);
        initialValue.SetShape(Shape);
        (Initializer, InitialValue) = (initializer, initialValue);
    }

    /// <summary>Goes back to the first initialiser where the one that took its place was removed from the graph.</summary>
    internal void ForgetInitializer()
    {
        if (_first.Initializer is { IsRemoved: false } && Initializer.IsRemoved)
            (Initializer, InitialValue) = _first;
    }

    // The operations on resources have no output; what they wrote is read after them.
    private Output ReadAfter(Operation update)
    {
        using (Graph.ControlDependencies(update))
            return Graph.ReadVariableOp(Reference, DType);
    }

    /// <summary>Name, shape and type, as TensorFlow prints a variable.</summary>
    public override string ToString() => $"<tf.Variable '{Name}' shape={Shape.ToPythonString()} dtype={DType.Name()}{(IsResource ? "" : "_ref")}>";
}
