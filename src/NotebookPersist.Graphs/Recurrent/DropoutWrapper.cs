using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NotebookPersist;

/// <summary>A cell some of whose inputs, states and outputs are dropped at random.</summary>
/// <remarks>
/// Makes no variables and no scope of its own. A cell state (of LSTM) is not dropped, as in TensorFlow. Source: TensorFlow's <c>tf.nn.rnn_cell.DropoutWrapper</c>
/// without <c>variational_recurrent</c>; seeds of the single choices are made as there.
/// </remarks>
public sealed class DropoutWrapper : RnnCell
{
    private readonly RnnCell _cell;
    private readonly Operand _inputKeepProb;
    private readonly Operand _outputKeepProb;
    private readonly Operand _stateKeepProb;
    private readonly int? _seed;

    /// <summary>Wraps a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="inputKeepProb">Probability that an element of the input is kept; a number or a scalar. 1 by default.</param>
    /// <param name="outputKeepProb">The same for the output.</param>
    /// <param name="stateKeepProb">The same for the next state.</param>
    /// <param name="seed">Makes the choices the same in every session.</param>
    public DropoutWrapper(RnnCell cell, Operand inputKeepProb = default, Operand outputKeepProb = default, Operand stateKeepProb = default, int? seed = null)
        : base(null, "dropout_wrapper", "DropoutWrapper")
    {
        ArgumentNullException.ThrowIfNull(cell);
        (_cell, _seed) = (cell, seed);
        _inputKeepProb = inputKeepProb.IsMissing ? 1.0 : inputKeepProb;
        _outputKeepProb = outputKeepProb.IsMissing ? 1.0 : outputKeepProb;
        _stateKeepProb = stateKeepProb.IsMissing ? 1.0 : stateKeepProb;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => _cell.StateSizes;

    /// <inheritdoc/>
    public override int OutputSize => _cell.OutputSize;

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Variables => _cell.Variables;

    private protected override bool PassesThrough => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Output> ZeroState(Graph graph, Operand batchSize, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using (graph.NameScope("DropoutWrapperZeroState"))
            return _cell.ZeroState(graph, batchSize, dtype);
    }

    private protected override void Build(Graph graph, int features, DType dtype)
    {
        // The wrapped cell makes its own variables.
    }

    private protected override (Output Output, IReadOnlyList<Output> State) Step(Output inputs, IReadOnlyList<Output> state)
    {
        (Output output, IReadOnlyList<Output> next) = _cell.Call(Dropped(inputs, _inputKeepProb, "input", 0), state);
        bool isLstm = next.Count > 1 && next.Count % 2 == 0;
        if (Drops(_stateKeepProb))
            next = [.. next.Select((s, i) => isLstm && i % 2 == 0 ? s : Dropped(s, _stateKeepProb, "state", i))];
        return (Dropped(output, _outputKeepProb, "output", 0), next);
    }

    private static bool Drops(Operand keepProb) => keepProb.Value is not { } known || known.ItemAt<double>(0) < 1;

    private Output Dropped(Output value, Operand keepProb, string what, int index) =>
        Drops(keepProb) ? value.Graph.Dropout(value, keepProb, seed: SeedOf(what, index)) : value;

    private int? SeedOf(string what, int index)
    {
        if (_seed is not { } seed)
            return null;
        // The first bytes of the hash that TensorFlow takes, so that its numbers come again; nothing is kept secret by it.
#pragma warning disable CA5351
        byte[] hash = MD5.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}{what}_{index}")));
#pragma warning restore CA5351
        return (int)(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash) & 0x7FFFFFFF);
    }
}
