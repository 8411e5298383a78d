namespace NotebookPersist;

public static partial class RecurrentFunctions
{
    /// <summary>Runs a cell over a list of steps, each with nodes of its own.</summary>
    /// <param name="cell">One step.</param>
    /// <param name="inputs">An input for each step. Shape: [batch, features].</param>
    /// <param name="initialState">The state before the first step; by default zeros.</param>
    /// <param name="dtype">Element type of the state; by default that of the inputs.</param>
    /// <param name="sequenceLength">How long each sequence is: outputs behind its end are zeros and its state stays. Shape: [batch]. By default all go on to the end.</param>
    /// <param name="scope">Name of the variable scope; by default "rnn".</param>
    /// <returns>The output of each step, and the values of the last state.</returns>
    /// <exception cref="ArgumentException">There is no step.</exception>
    /// <remarks>
    /// Source: TensorFlow's <c>tf.nn.static_rnn</c>. Where lengths are given, a step is always computed and its results are chosen from; TensorFlow skips what no sequence needs.
    /// </remarks>
    public static (IReadOnlyList<Output> Outputs, IReadOnlyList<Output> State) StaticRnn(
        RnnCell cell, IReadOnlyList<Output> inputs, IReadOnlyList<Output>? initialState = null, DType dtype = DType.Invalid, Operand sequenceLength = default, string? scope = null)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count == 0)
            throw new ArgumentException("inputs must not be empty.", nameof(inputs));
        Output first = inputs[0];
        Graph graph = first.Graph;
        using VariableScope entered = graph.VariableScope(scope ?? "rnn");
        Operand batchSize = first.Shape.Rank == 2 && first.Shape[0] >= 0 ? (int)first.Shape[0] : graph.Shape(first)[0];
        IReadOnlyList<Output> state = initialState ?? cell.ZeroState(graph, batchSize, dtype == DType.Invalid ? first.DType : dtype);
        Output? lengths = null, zeros = null;
        if (!sequenceLength.IsMissing)
        {
            lengths = graph.Cast(graph.Identity(graph.ToOutput(sequenceLength, "sequence_length"), "sequence_length"), DType.Int32);
            zeros = RecurrentParts.Zeros(graph, batchSize, cell.OutputSize, state[0].DType);
        }

        var outputs = new List<Output>(inputs.Count);
        for (int time = 0; time < inputs.Count; time++)
        {
            IReadOnlyList<Output> last = state;
            (Output output, state) = cell.Call(inputs[time], last);
            if (lengths is not null)
            {
                Output isOver = graph.GreaterEqual(time, lengths);
                output = graph.Where(isOver, zeros!, output); // Made with the lengths.
                state = [.. state.Select((s, i) => graph.Where(isOver, last[i], s))];
            }

            outputs.Add(output);
        }

        return (outputs, state);
    }

    /// <summary>Runs two cells over a list of steps, one from the first step on and one from the last.</summary>
    /// <param name="cellFw">The cell that goes forward.</param>
    /// <param name="cellBw">The cell that goes backward.</param>
    /// <param name="inputs">An input for each step. Shape: [batch, features].</param>
    /// <param name="initialStateFw">The forward cell's state before the first step; by default zeros.</param>
    /// <param name="initialStateBw">The backward cell's state before the last step; by default zeros.</param>
    /// <param name="dtype">Element type of the states; by default that of the inputs.</param>
    /// <param name="sequenceLength">How long each sequence is: it is turned round within its length. Shape: [batch]. By default all go on to the end.</param>
    /// <param name="scope">Name of the variable scope; by default "bidirectional_rnn".</param>
    /// <returns>For each step both outputs side by side, and the last state of each cell.</returns>
    /// <exception cref="ArgumentException">There is no step.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.nn.static_bidirectional_rnn</c>.</remarks>
    public static (IReadOnlyList<Output> Outputs, IReadOnlyList<Output> StateFw, IReadOnlyList<Output> StateBw) StaticBidirectionalRnn(
        RnnCell cellFw,
        RnnCell cellBw,
        IReadOnlyList<Output> inputs,
        IReadOnlyList<Output>? initialStateFw = null,
        IReadOnlyList<Output>? initialStateBw = null,
        DType dtype = DType.Invalid,
        Operand sequenceLength = default,
        string? scope = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count == 0)
            throw new ArgumentException("inputs must not be empty.", nameof(inputs));
        Graph graph = inputs[0].Graph;
        using VariableScope entered = graph.VariableScope(scope ?? "bidirectional_rnn");
        // As in TensorFlow, whose names of variables begin with "bidirectional_rnn/fw": the scope is that of the network itself.
        (IReadOnlyList<Output> Outputs, IReadOnlyList<Output> State) forward = StaticRnn(cellFw, inputs, initialStateFw, dtype, sequenceLength, "fw");
        (IReadOnlyList<Output> Outputs, IReadOnlyList<Output> State) backward = StaticRnn(cellBw, Reversed(inputs), initialStateBw, dtype, sequenceLength, "bw");
        IReadOnlyList<Output> turned = Reversed(backward.Outputs);
        return ([.. forward.Outputs.Select((output, i) => graph.Concat([output, turned[i]], 1))], forward.State, backward.State);

        IReadOnlyList<Output> Reversed(IReadOnlyList<Output> steps) => sequenceLength.IsMissing
            ? [.. steps.Reverse()]
            : graph.Unstack(graph.ReverseSequence(graph.Stack([.. steps.Select(static s => (Operand)s)]), sequenceLength, 0, 1), steps.Count);
    }
}
