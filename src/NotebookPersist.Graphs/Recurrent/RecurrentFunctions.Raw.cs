namespace NotebookPersist;

public static partial class RecurrentFunctions
{
    /// <summary>Runs a cell over steps whose inputs, states and outputs a function decides.</summary>
    /// <param name="cell">One step.</param>
    /// <param name="loopFn">
    /// From the number of the step, the cell's output and state of the step before and the loop state; the latter three are null at the first call.
    /// </param>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="parallelIterations">Steps that may overlap.</param>
    /// <param name="swapMemory">Recorded in the graph; memory is not swapped.</param>
    /// <param name="scope">Name of the variable scope; by default "rnn".</param>
    /// <returns>What the steps gave, the last state of the cell, and the last loop state.</returns>
    /// <exception cref="ArgumentException">The first call tells no state that the cell takes.</exception>
    /// <remarks>The loop ends when all sequences are over; those that are over earlier give zeros and keep their state. Source: TensorFlow's <c>tf.nn.raw_rnn</c>.</remarks>
    public static (TensorArray Outputs, IReadOnlyList<Output> State, IReadOnlyList<Output> LoopState) RawRnn(
        RnnCell cell,
        Func<Output, Output?, IReadOnlyList<Output>?, IReadOnlyList<Output>?, RawRnnStep> loopFn,
        Graph graph,
        int parallelIterations = 32,
        bool swapMemory = false,
        string? scope = null)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(loopFn);
        ArgumentNullException.ThrowIfNull(graph);
        using VariableScope entered = graph.VariableScope(scope ?? "rnn");
        Output time = graph.Constant(0, name: "time");
        RawRnnStep first = loopFn(time, null, null, null);
        if (first.NextState.Count != cell.StateSizes.Count)
            throw new ArgumentException($"The state of the cell has {cell.StateSizes.Count} values; the first call gave {first.NextState.Count}.", nameof(loopFn));
        Output input = first.NextInput;
        Operand batch = input.Shape.Rank >= 1 && input.Shape[0] >= 0 ? (int)input.Shape[0] : graph.Shape(input)[0];
        DType emitted = first.EmitOutput?.DType ?? first.NextState[0].DType;
        Output zeros = first.EmitOutput is { } like
            ? graph.Zeros(graph.Concat([graph.Stack([batch]), graph.Shape(like)], 0), emitted)
            : graph.Zeros(RecurrentParts.BatchBy(graph, batch, cell.OutputSize), emitted);
        int states = first.NextState.Count, loopStates = first.LoopState?.Count ?? 0;
        var outputs = new TensorArray(graph, emitted, 0, dynamicSize: true);
        IReadOnlyList<LoopVariable> results = graph.WhileLoop(
            v => graph.LogicalNot(graph.ReduceAll((Output)v[2])),
            v =>
            {
                (Output now, TensorArray array, Output isOver, Output current) = (v[0], v[1], v[2], v[3]);
                Output[] state = [.. v.Skip(4).Take(states).Select(static s => (Output)s)];
                (Output output, IReadOnlyList<Output> newState) = cell.Call(current, state);
                Output next = graph.Add(now, 1);
                Output[] handed = [.. v.Skip(4 + states).Select(static s => (Output)s)];
                RawRnnStep step = loopFn(next, output, newState, loopStates == 0 ? null : handed);
                Output kept = graph.Where(isOver, zeros, step.EmitOutput ?? output);
                Output[] after = [.. step.NextState.Select((s, i) => graph.Where(isOver, state[i], s))];
                return
                [
                    next, array.Write(now, kept), graph.LogicalOr(isOver, step.ElementsFinished), step.NextInput,
                    .. after.Select(static s => (LoopVariable)s), .. (step.LoopState ?? handed).Select(static s => (LoopVariable)s),
                ];
            },
            [time, outputs, first.ElementsFinished, input, .. first.NextState.Select(static s => (LoopVariable)s), .. (first.LoopState ?? []).Select(static s => (LoopVariable)s)],
            parallelIterations: parallelIterations,
            swapMemory: swapMemory);
        return (results[1], [.. results.Skip(4).Take(states).Select(static s => (Output)s)], [.. results.Skip(4 + states).Select(static s => (Output)s)]);
    }
}
