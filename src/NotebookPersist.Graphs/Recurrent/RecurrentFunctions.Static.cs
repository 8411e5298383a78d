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
}
