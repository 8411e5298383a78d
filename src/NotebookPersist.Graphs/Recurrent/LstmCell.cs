namespace NotebookPersist;

/// <summary>The LSTM cell with peepholes, clipping and a projection, each where it is asked for.</summary>
/// <remarks>
/// Variables <c>kernel</c> and <c>bias</c>, <c>w_f_diag</c>, <c>w_i_diag</c> and <c>w_o_diag</c> for peepholes, <c>projection/kernel</c> for a projection.
/// A state is the cell state, then the hidden one. Source: TensorFlow's <c>tf.nn.rnn_cell.LSTMCell</c>.
/// </remarks>
public sealed class LstmCell : RnnCell
{
    private readonly LstmOptions _options;
    private readonly int _units;
    private readonly List<Variable> _peepholes = [];
    private Variable? _kernel;
    private Variable? _bias;
    private Variable? _projection;

    /// <summary>Sets the number of units.</summary>
    /// <param name="numUnits">Size of the cell state.</param>
    /// <param name="options">What else; by default nothing.</param>
    /// <param name="name">Name of its variable scope; by default "lstm_cell", made unique.</param>
    public LstmCell(int numUnits, LstmOptions? options = null, string? name = null)
        : base(name, "lstm_cell", "LSTMCell")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numUnits, 1);
        (_units, _options) = (numUnits, options ?? new LstmOptions());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [_units, OutputSize];

    /// <inheritdoc/>
    public override int OutputSize => _options.NumProj ?? _units;

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Variables => [.. new[] { _kernel, _bias }.Concat(_peepholes).Append(_projection).OfType<Variable>()];

    private protected override void Build(Graph graph, int features, DType dtype)
    {
        _kernel = graph.GetVariable("kernel", [features + OutputSize, 4 * _units], dtype, _options.Initializer);
        _bias = graph.GetVariable("bias", [4 * _units], dtype, new ZerosInitializer());
        _peepholes.Clear();
        foreach (string name in _options.UsePeepholes ? ["w_f_diag", "w_i_diag", "w_o_diag"] : Array.Empty<string>())
            _peepholes.Add(graph.GetVariable(name, [_units], dtype, _options.Initializer));
        _projection = _options.NumProj is { } size ? graph.GetVariable("projection/kernel", [_units, size], dtype, _options.Initializer) : null;
    }

    private protected override (Output Output, IReadOnlyList<Output> State) Step(Output inputs, IReadOnlyList<Output> state)
    {
        Graph graph = inputs.Graph;
        Output last = state[0];
        Output sums = RecurrentParts.Linear(inputs, state[1], _kernel!, _bias!); // The first call has made them.
        IReadOnlyList<Output> gates = graph.Split(sums, 4, 1);
        Output forget = gates[2] + _options.ForgetBias;
        Output input = gates[0];
        if (_options.UsePeepholes)
            forget += _peepholes[0] * last;
        Output kept = graph.Sigmoid(forget) * last;
        if (_options.UsePeepholes)
            input += _peepholes[1] * last;
        Output cell = kept + (graph.Sigmoid(input) * Activated(gates[1]));
        if (_options.CellClip is { } clip)
            cell = graph.ClipByValue(cell, -clip, clip);
        Output output = _options.UsePeepholes ? gates[3] + (_peepholes[2] * cell) : gates[3];
        Output hidden = graph.Sigmoid(output) * Activated(cell);
        if (_projection is not null)
        {
            hidden = graph.MatMul(hidden, _projection);
            if (_options.ProjClip is { } projectionClip)
                hidden = graph.ClipByValue(hidden, -projectionClip, projectionClip);
        }

        return (hidden, [cell, hidden]);
    }

    private Output Activated(Output value) => _options.Activation?.Invoke(value) ?? value.Graph.Tanh(value);
}
