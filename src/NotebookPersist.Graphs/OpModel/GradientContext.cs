namespace NotebookPersist.Graphs.OpModel;

/// <summary>What a gradient rule sees: the operation, and the gradients that arrive at its outputs.</summary>
public sealed class GradientContext
{
    private readonly Output?[] _dy;
    private readonly bool[] _arrived;

    // Zeros stand in dy where nothing arrived but TensorFlow makes a node for it.
    internal GradientContext(Operation operation, Output?[] dy, bool[] arrived) => (Operation, _dy, _arrived) = (operation, dy, arrived);

    /// <summary>The operation to differentiate.</summary>
    public Operation Operation { get; }

    /// <summary>The graph to build in; the name scope is already the gradient's own.</summary>
    public Graph Graph => Operation.Graph;

    /// <summary>Attributes of the operation.</summary>
    public Attributes Attributes => Operation.Attributes;

    /// <summary>Number of data inputs.</summary>
    public int InputCount => Operation.Inputs.Count;

    /// <summary>One input.</summary>
    public Output X(int index) => Operation.Inputs[index];

    /// <summary>One output.</summary>
    public Output Y(int index) => Operation.Outputs[index];

    /// <summary>True where a gradient arrives at that output.</summary>
    public bool HasDy(int index) => _arrived[index];

    /// <summary>The gradient that arrives at that output; zeros of its shape where none does.</summary>
    public Output Dy(int index) => _dy[index] ?? (_dy[index] = Graph.AddOperation("ZerosLike", null, null, Operation.Outputs[index])[0]);
}
