namespace NotebookPersist;

/// <summary>The plain recurrent cell: tanh of the weighted input and last output.</summary>
/// <remarks>Variables <c>kernel</c> and <c>bias</c>. Source: TensorFlow's <c>tf.nn.rnn_cell.BasicRNNCell</c>.</remarks>
public sealed class BasicRnnCell : RnnCell
{
    private readonly LayerActivation? _activation;
    private readonly int _units;
    private Variable? _kernel;
    private Variable? _bias;

    /// <summary>Sets the number of units.</summary>
    /// <param name="numUnits">Size of output and state.</param>
    /// <param name="activation">Applied to the sums; tanh by default.</param>
    /// <param name="name">Name of its variable scope; by default "basic_rnn_cell", made unique.</param>
    public BasicRnnCell(int numUnits, LayerActivation? activation = null, string? name = null)
        : base(name, "basic_rnn_cell", "BasicRNNCell")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numUnits, 1);
        (_units, _activation) = (numUnits, activation);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [_units];

    /// <inheritdoc/>
    public override int OutputSize => _units;

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Variables => _kernel is null ? [] : [_kernel, _bias!]; // They are made together.

    private protected override void Build(Graph graph, int features, DType dtype)
    {
        _kernel = graph.GetVariable("kernel", [features + _units, _units], dtype);
        _bias = graph.GetVariable("bias", [_units], dtype, new ZerosInitializer());
    }

    private protected override (Output Output, IReadOnlyList<Output> State) Step(Output inputs, IReadOnlyList<Output> state)
    {
        Output sums = RecurrentParts.Linear(inputs, state[0], _kernel!, _bias!); // The first call has made them.
        Output output = _activation?.Invoke(sums) ?? inputs.Graph.Tanh(sums);
        return (output, [output]);
    }
}
