using NotebookPersist.Graphs.ControlFlow;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>A node of a graph: an operation type with its inputs, attributes and outputs.</summary>
/// <remarks>Thread safety: immutable but for its outputs' shapes and attributes set by <see cref="Graphs.OpModel.Attributes.Set"/>.</remarks>
public sealed class Operation
{
    private readonly Output[] _outputs;

    internal Operation(Graph graph, int id, string name, OpSignature signature, Op? definition, Attributes attributes, Output[] inputs, Operation[] controlInputs, (DType Type, bool IsReference)[] outputs)
    {
        (Graph, Id, Name, Signature, Definition, Attributes, Inputs, ControlInputs) = (graph, id, name, signature, definition, attributes, inputs, controlInputs);
        _outputs = new Output[outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
            _outputs[i] = new Output(this, i, outputs[i].Type, outputs[i].IsReference);
    }

    /// <summary>The graph that holds this node.</summary>
    public Graph Graph { get; }

    /// <summary>Position in the order of making; never used again in the same graph.</summary>
    public int Id { get; }

    /// <summary>Name, unique in the graph.</summary>
    public string Name { get; }

    /// <summary>Operation type, such as MatMul.</summary>
    public string Type => Signature.Name;

    /// <summary>Inputs, attributes and outputs that nodes of this type have.</summary>
    public OpSignature Signature { get; }

    /// <summary>What is known of running and differentiating the type; null for a type that can only be carried along.</summary>
    public Op? Definition { get; }

    /// <summary>Attribute values, defaults included.</summary>
    public Attributes Attributes { get; }

    /// <summary>Data inputs in order.</summary>
    public IReadOnlyList<Output> Inputs { get; private set; }

    /// <summary>Operations that must run before this one without giving it data.</summary>
    public IReadOnlyList<Operation> ControlInputs { get; private set; }

    /// <summary>Values that this operation computes.</summary>
    public IReadOnlyList<Output> Outputs => _outputs;

    /// <summary>The node of the graph that a detached operation stands for; for a node of the graph, itself.</summary>
    internal Operation Original
    {
        get => field ?? this;
        private init;
    }

    /// <summary>The device asked for; empty where none was. Kept for TensorFlow, a hint at most here.</summary>
    public string Device { get; internal set; } = "";

    /// <summary>The notebook cell whose run made this node; null outside notebooks.</summary>
    public string? Cell { get; internal set; }

    /// <summary>True once a run of its cell, or of one that it was built on, has taken it out of the graph.</summary>
    internal bool IsRemoved { get; set; }

    /// <summary>One output.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    public Output this[int index] => index >= 0 && index < _outputs.Length
        ? _outputs[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"Operation '{Name}' ({Type}) has {_outputs.Length} outputs.");

    /// <summary>The outputs, as TensorFlow's <c>op.values()</c> gives them.</summary>
    public IReadOnlyList<Output> Values() => _outputs;

    /// <summary>Name, type and inputs in one line.</summary>
    public override string ToString() => $"{Name} = {Type}({string.Join(", ", Inputs.Select(static i => i.InputName).Concat(ControlInputs.Select(static c => "^" + c.Name)))})";

    /// <summary>The same operation on other inputs, outside the graph.</summary>
    internal Operation Detached(Output[] inputs, Operation[] controlInputs)
    {
        var outputs = new (DType, bool)[_outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = (_outputs[i].DType, _outputs[i].IsReference);
        var copy = new Operation(Graph, Id, Name, Signature, Definition, Attributes, inputs, controlInputs, outputs) { Original = Original, Device = Device };
        for (int i = 0; i < outputs.Length; i++)
            copy._outputs[i].Shape = _outputs[i].Shape;
        return copy;
    }

    /// <summary>Another operation in the place and under the name of this one, outside the graph.</summary>
    internal Operation Detached(Op definition, Attributes attributes, Output[] inputs, Operation[] controlInputs, (DType Type, bool IsReference)[] outputs) =>
        new(Graph, Id, Name, definition.Signature, definition, attributes, inputs, controlInputs, outputs) { Original = Original, Device = Device };

    /// <summary>The branch or loop that the operation was built in; null outside of any, and for imported ones.</summary>
    internal ControlFlowContext? Context { get; set; }

    // What a loop saves for its gradient is ordered after the loop was built.
    internal void AddControlInput(Operation control)
    {
        if (!ControlInputs.Contains(control))
            ControlInputs = [.. ControlInputs, control];
    }

    // Loops are closed after their operations exist: Merge takes the output of a NextIteration made later.
    internal void ReplaceInput(int index, Output input)
    {
        Output[] inputs = [.. Inputs];
        inputs[index] = input;
        Inputs = inputs;
    }
}
