namespace NotebookPersist;

/// <summary>One step of a recurrent network: from an input and a state to an output and the next state.</summary>
/// <remarks>
/// Its variables are made at its first call, in the variable scope of that moment, and used by all later calls in the same graph.
/// A state is a list of values: of a cell with one, that; of an LSTM cell its cell state, then its hidden state; of several cells those of each, one after another.
/// Thread safety: as the graphs that it builds in. Source: TensorFlow 1.15's <c>tf.nn.rnn_cell.RNNCell</c>.
/// </remarks>
public abstract class RnnCell
{
    private readonly string? _name;
    private readonly string _defaultName;
    private Graph? _graph;
    private string? _nameScope;

    private protected RnnCell(string? name, string defaultName, string typeName) => (_name, _defaultName, TypeName) = (name, defaultName, typeName);

    /// <summary>Sizes of the values of a state, without the batch.</summary>
    public abstract IReadOnlyList<int> StateSizes { get; }

    /// <summary>Size of an output, without the batch.</summary>
    public abstract int OutputSize { get; }

    /// <summary>The variables that calls have made, in the order they were made.</summary>
    public abstract IReadOnlyList<Variable> Variables { get; }

    /// <summary>What TensorFlow calls the class.</summary>
    private protected string TypeName { get; }

    /// <summary>Takes one step.</summary>
    /// <param name="inputs">Shape: [batch, features].</param>
    /// <param name="state">Values of the state, each of shape [batch, size].</param>
    /// <returns>The output, of shape [batch, <see cref="OutputSize"/>], and the values of the next state.</returns>
    /// <exception cref="ArgumentException">The state has another number of values, or the input's last dimension is not known.</exception>
    public (Output Output, IReadOnlyList<Output> State) Call(Output inputs, IReadOnlyList<Output> state)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(state);
        if (state.Count != StateSizes.Count)
            throw new ArgumentException($"The state of a {TypeName} has {StateSizes.Count} values; {state.Count} were given.", nameof(state));
        Graph graph = inputs.Graph;
        if (PassesThrough)
            return Step(inputs, state);
        // Variables go when the notebook cell that made them is run again.
        if (_graph == graph && _nameScope is not null && !Variables.Any(static v => v.Operation.IsRemoved))
        {
            using (graph.NameScope(_nameScope))
                return Step(inputs, state);
        }

        if (inputs.Shape.Rank != 2 || inputs.Shape[1] < 0)
            throw new ArgumentException($"Expected inputs.shape[-1] to be known, saw shape: {inputs.Shape.ToPythonString()}: a {TypeName} takes [batch, features].", nameof(inputs));
        using VariableScope scope = _name is null ? graph.UniqueVariableScope(_defaultName) : graph.VariableScope(_name);
        Build(graph, (int)inputs.Shape[1], inputs.DType);
        (_graph, _nameScope) = (graph, scope.OriginalNameScope);
        return Step(inputs, state);
    }

    /// <summary>A state of zeros.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="batchSize">A number, or a scalar of type int32.</param>
    /// <param name="dtype">Element type.</param>
    /// <remarks>Source: TensorFlow's <c>cell.zero_state</c>.</remarks>
    public virtual IReadOnlyList<Output> ZeroState(Graph graph, Operand batchSize, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using (graph.NameScope(TypeName + "ZeroState"))
            return [.. StateSizes.Select(s => RecurrentParts.Zeros(graph, batchSize, s, dtype))];
    }

    /// <summary>A state of zeros, in the default graph.</summary>
    /// <inheritdoc cref="ZeroState(Graph, Operand, DType)"/>
    public IReadOnlyList<Output> ZeroState(Operand batchSize, DType dtype) => ZeroState(Graph.Default, batchSize, dtype);

    /// <summary>Takes one step of a cell whose state is one value.</summary>
    /// <inheritdoc cref="Call(Output, IReadOnlyList{Output})"/>
    public (Output Output, IReadOnlyList<Output> State) Call(Output inputs, Output state) => Call(inputs, [state]);

    /// <summary>True where calls make no scope of their own.</summary>
    private protected virtual bool PassesThrough => false;

    /// <summary>Makes the variables, in the cell's variable scope.</summary>
    private protected abstract void Build(Graph graph, int features, DType dtype);

    /// <summary>Makes the nodes of a step.</summary>
    private protected abstract (Output Output, IReadOnlyList<Output> State) Step(Output inputs, IReadOnlyList<Output> state);
}
