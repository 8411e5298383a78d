namespace NotebookPersist;

/// <summary>The gated recurrent unit.</summary>
/// <remarks>
/// Variables <c>gates/kernel</c>, <c>gates/bias</c> (ones at first), <c>candidate/kernel</c> and <c>candidate/bias</c>; columns of the gates are those of reset, then update.
/// Source: TensorFlow's <c>tf.nn.rnn_cell.GRUCell</c>.
/// </remarks>
public sealed class GruCell : RnnCell
{
    private readonly LayerActivation? _activation;
    private readonly IInitializer? _kernelInitializer;
    private readonly IInitializer? _biasInitializer;
    private readonly int _units;
    private readonly List<Variable> _variables = [];

    /// <summary>Sets the number of units.</summary>
    /// <param name="numUnits">Size of output and state.</param>
    /// <param name="activation">Of the candidate; tanh by default.</param>
    /// <param name="kernelInitializer">Of the weights; by default the variable scope's.</param>
    /// <param name="biasInitializer">Of the biases; by default ones for the gates, zeros for the candidate.</param>
    /// <param name="name">Name of its variable scope; by default "gru_cell", made unique.</param>
    public GruCell(int numUnits, LayerActivation? activation = null, IInitializer? kernelInitializer = null, IInitializer? biasInitializer = null, string? name = null)
        : base(name, "gru_cell", "GRUCell")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numUnits, 1);
        (_units, _activation, _kernelInitializer, _biasInitializer) = (numUnits, activation, kernelInitializer, biasInitializer);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [_units];

    /// <inheritdoc/>
    public override int OutputSize => _units;

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Variables => _variables;

    private protected override void Build(Graph graph, int features, DType dtype)
    {
        _variables.Clear();
        _variables.Add(graph.GetVariable("gates/kernel", [features + _units, 2 * _units], dtype, _kernelInitializer));
        _variables.Add(graph.GetVariable("gates/bias", [2 * _units], dtype, _biasInitializer ?? new ConstantInitializer(1.0)));
        _variables.Add(graph.GetVariable("candidate/kernel", [features + _units, _units], dtype, _kernelInitializer));
        _variables.Add(graph.GetVariable("candidate/bias", [_units], dtype, _biasInitializer ?? new ZerosInitializer()));
    }

    private protected override (Output Output, IReadOnlyList<Output> State) Step(Output inputs, IReadOnlyList<Output> state)
    {
        Graph graph = inputs.Graph;
        Output last = state[0];
        Output gates = graph.Sigmoid(RecurrentParts.Linear(inputs, last, _variables[0], _variables[1]));
        IReadOnlyList<Output> parts = graph.Split(gates, 2, 1);
        Output sums = RecurrentParts.Linear(inputs, parts[0] * last, _variables[2], _variables[3]);
        Output candidate = _activation?.Invoke(sums) ?? graph.Tanh(sums);
        Output next = (parts[1] * last) + ((1.0 - parts[1]) * candidate);
        return (next, [next]);
    }
}
