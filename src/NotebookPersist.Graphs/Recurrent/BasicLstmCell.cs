namespace NotebookPersist;

/// <summary>The basic LSTM cell.</summary>
/// <remarks>
/// Variables <c>kernel</c> and <c>bias</c>, whose columns are those of input gate, new input, forget gate and output gate.
/// A state is the cell state, then the hidden one. Source: TensorFlow's <c>tf.nn.rnn_cell.BasicLSTMCell</c>.
/// </remarks>
public sealed class BasicLstmCell : RnnCell
{
    private readonly LayerActivation? _activation;
    private readonly double _forgetBias;
    private readonly int _units;
    private Variable? _kernel;
    private Variable? _bias;

    /// <summary>Sets the number of units.</summary>
    /// <param name="numUnits">Size of output and states.</param>
    /// <param name="forgetBias">Added to the forget gate, so that little is forgotten at the beginning of training.</param>
    /// <param name="activation">Of the inner states; tanh by default.</param>
    /// <param name="name">Name of its variable scope; by default "basic_lstm_cell", made unique.</param>
    public BasicLstmCell(int numUnits, double forgetBias = 1, LayerActivation? activation = null, string? name = null)
        : base(name, "basic_lstm_cell", "BasicLSTMCell")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numUnits, 1);
        (_units, _forgetBias, _activation) = (numUnits, forgetBias, activation);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [_units, _units];

    /// <inheritdoc/>
    public override int OutputSize => _units;

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Variables => _kernel is null ? [] : [_kernel, _bias!]; // They are made together.

    private protected override void Build(Graph graph, int features, DType dtype)
    {
        _kernel = graph.GetVariable("kernel", [features + _units, 4 * _units], dtype);
        _bias = graph.GetVariable("bias", [4 * _units], dtype, new ZerosInitializer());
    }

    private protected override (Output Output, IReadOnlyList<Output> State) Step(Output inputs, IReadOnlyList<Output> state)
    {
        Graph graph = inputs.Graph;
        Output one = graph.Constant(1);
        Output sums = RecurrentParts.Linear(inputs, state[1], _kernel!, _bias!); // The first call has made them.
        IReadOnlyList<Output> gates = graph.Split(sums, 4, one);
        Output forgetBias = graph.Constant(_forgetBias, sums.DType);
        Output kept = graph.Multiply(state[0], graph.Sigmoid(graph.Add(gates[2], forgetBias)));
        Output added = graph.Multiply(graph.Sigmoid(gates[0]), Activated(gates[1]));
        Output cell = graph.Add(kept, added);
        Output hidden = graph.Multiply(Activated(cell), graph.Sigmoid(gates[3]));
        return (hidden, [cell, hidden]);
    }

    private Output Activated(Output value) => _activation?.Invoke(value) ?? value.Graph.Tanh(value);
}
