namespace NotebookPersist;

/// <summary>Recurrent networks over sequences.</summary>
public static partial class RecurrentFunctions
{
    /// <summary>Runs a cell over sequences in a loop, which takes as many steps as a run needs.</summary>
    /// <param name="cell">One step.</param>
    /// <param name="inputs">Shape: [batch, time, features]; [time, batch, features] where <paramref name="timeMajor"/>.</param>
    /// <param name="sequenceLength">How long each sequence is: outputs behind its end are zeros and its state stays. Shape: [batch]. By default all are as long as the input.</param>
    /// <param name="initialState">The state before the first step; by default zeros.</param>
    /// <param name="dtype">Element type of state and outputs; by default that of the inputs.</param>
    /// <param name="parallelIterations">Kept for TensorFlow; steps run one after the other here.</param>
    /// <param name="swapMemory">Kept for TensorFlow.</param>
    /// <param name="timeMajor">Whether time comes first in inputs and outputs, which saves transposing.</param>
    /// <param name="scope">Name of the variable scope; by default "rnn".</param>
    /// <returns>The outputs of all steps, laid out as the inputs, and the values of the last state.</returns>
    /// <exception cref="ArgumentException">Ranks or numbers of values do not fit.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.nn.dynamic_rnn</c>, with its names of nodes.</remarks>
    public static (Output Outputs, IReadOnlyList<Output> State) DynamicRnn(
        RnnCell cell,
        Output inputs,
        Operand sequenceLength = default,
        IReadOnlyList<Output>? initialState = null,
        DType dtype = DType.Invalid,
        int parallelIterations = 32,
        bool swapMemory = false,
        bool timeMajor = false,
        string? scope = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using VariableScope entered = inputs.Graph.VariableScope(scope ?? "rnn");
        return Dynamic(cell, inputs, sequenceLength, initialState, dtype, (parallelIterations, swapMemory, timeMajor));
    }

    /// <summary>Runs a cell over sequences from the first step on, and another from the last step back.</summary>
    /// <param name="cellFw">The cell that goes forwards.</param>
    /// <param name="cellBw">The cell that goes backwards; not the same.</param>
    /// <param name="inputs">As of <see cref="DynamicRnn"/>.</param>
    /// <param name="sequenceLength">As of <see cref="DynamicRnn"/>; each sequence is gone through from its own end.</param>
    /// <param name="initialStateFw">The forward state before the first step; by default zeros.</param>
    /// <param name="initialStateBw">The backward state before the last step; by default zeros.</param>
    /// <param name="dtype">Element type of states and outputs; by default that of the inputs.</param>
    /// <param name="parallelIterations">Kept for TensorFlow; steps run one after the other here.</param>
    /// <param name="swapMemory">Kept for TensorFlow.</param>
    /// <param name="timeMajor">Whether time comes first in inputs and outputs.</param>
    /// <param name="scope">Name of the variable scope; by default "bidirectional_rnn".</param>
    /// <returns>Outputs and last states of both; outputs of the second one lie at the steps whose input they saw.</returns>
    /// <exception cref="ArgumentException">Ranks or numbers of values do not fit.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.nn.bidirectional_dynamic_rnn</c>.</remarks>
    public static ((Output Forward, Output Backward) Outputs, (IReadOnlyList<Output> Forward, IReadOnlyList<Output> Backward) States) BidirectionalDynamicRnn(
        RnnCell cellFw,
        RnnCell cellBw,
        Output inputs,
        Operand sequenceLength = default,
        IReadOnlyList<Output>? initialStateFw = null,
        IReadOnlyList<Output>? initialStateBw = null,
        DType dtype = DType.Invalid,
        int parallelIterations = 32,
        bool swapMemory = false,
        bool timeMajor = false,
        string? scope = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Graph graph = inputs.Graph;
        (int, bool, bool) how = (parallelIterations, swapMemory, timeMajor);
        (int time, int batch) = timeMajor ? (0, 1) : (1, 0);
        using VariableScope entered = graph.VariableScope(scope ?? "bidirectional_rnn");
        (Output Outputs, IReadOnlyList<Output> State) forward, backward;
        using (VariableScope outer = graph.VariableScope("fw"))
        using (graph.VariableScope(outer))
            forward = Dynamic(cellFw, inputs, sequenceLength, initialStateFw, dtype, how);
        using (VariableScope outer = graph.VariableScope("bw"))
        {
            Output reversed = Reversed(inputs);
            using (graph.VariableScope(outer))
                backward = Dynamic(cellBw, reversed, sequenceLength, initialStateBw, dtype, how);
        }

        return ((forward.Outputs, Reversed(backward.Outputs)), (forward.State, backward.State));

        Output Reversed(Output sequences) => sequenceLength.IsMissing ? graph.Reverse(sequences, new[] { time }) : graph.ReverseSequence(sequences, sequenceLength, time, batch);
    }

    private static (Output Outputs, IReadOnlyList<Output> State) Dynamic(
        RnnCell cell, Output inputs, Operand sequenceLength, IReadOnlyList<Output>? initialState, DType dtype, (int ParallelIterations, bool SwapMemory, bool TimeMajor) how)
    {
        ArgumentNullException.ThrowIfNull(cell);
        Graph graph = inputs.Graph;
        Output timeMajor = how.TimeMajor ? inputs : RecurrentParts.TransposeBatchTime(inputs);
        if (timeMajor.Shape.HasRank && timeMajor.Shape.Rank < 3)
            throw new ArgumentException($"The inputs of a recurrent network are [batch, time, features], but have shape {inputs.Shape.ToPythonString()}.", nameof(inputs));
        Output? lengths = null;
        if (!sequenceLength.IsMissing)
        {
            lengths = graph.ToOutput(sequenceLength, "sequence_length");
            lengths = lengths.DType == DType.Int32 ? lengths : graph.Cast(lengths, DType.Int32);
            if (lengths.Shape is { HasRank: true, Rank: not 1 })
                throw new ArgumentException($"sequence_length must be a vector of length batch_size, but saw shape: {lengths.Shape.ToPythonString()}.", nameof(sequenceLength));
            lengths = graph.Identity(lengths, "sequence_length");
        }

        Operand batchSize = RecurrentParts.BatchSize(timeMajor);
        dtype = initialState is { Count: > 0 } ? initialState[0].DType : dtype == DType.Invalid ? inputs.DType : dtype;
        IReadOnlyList<Output> state = initialState ?? cell.ZeroState(graph, batchSize, dtype);
        if (lengths is not null)
        {
            using (graph.ControlDependencies(HasShape(lengths, batchSize)))
                lengths = graph.Identity(lengths, "CheckSeqLen");
        }

        (Output outputs, IReadOnlyList<Output> last) = new DynamicLoop(cell, timeMajor, lengths, dtype).Run(state, how.ParallelIterations, how.SwapMemory);
        return (how.TimeMajor ? outputs : RecurrentParts.TransposeBatchTime(outputs), last);
    }

    private static Operation HasShape(Output value, Operand batchSize)
    {
        Graph graph = value.Graph;
        Output shape = graph.Shape(value);
        Output expected = graph.Stack([batchSize]);
        Output fits = graph.ReduceAll(graph.Equal(shape, expected));
        return graph.Assert(fits, [$"Expected shape for Tensor {value.Name} is ", expected, " but saw shape: ", shape]);
    }
}
