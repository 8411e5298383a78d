namespace NotebookPersist;

/// <summary>The loop of a recurrent network: reads an input a step from one array, writes an output a step to another.</summary>
/// <remarks>Source: TensorFlow's rnn.py, <c>_dynamic_rnn_loop</c>; names of nodes as there.</remarks>
internal sealed class DynamicLoop(RnnCell cell, Output inputs, Output? lengths, DType dtype)
{
    private readonly Graph _graph = inputs.Graph;
    private TensorArray? _inputs;
    private Output? _zeroOutput;

    /// <summary>Builds the loop.</summary>
    /// <returns>The outputs, [time, batch, size], and the last state.</returns>
    public (Output Outputs, IReadOnlyList<Output> State) Run(IReadOnlyList<Output> state, int parallelIterations, bool swapMemory)
    {
        Output steps = _graph.Shape(inputs)[0];
        Operand batchSize = RecurrentParts.BatchSize(inputs);
        long batch = batchSize.Value?.ItemAt<long>(0) ?? -1;
        _zeroOutput = _graph.Zeros(RecurrentParts.BatchBy(_graph, batchSize, cell.OutputSize), dtype);
        Output longest = steps;
        if (lengths is not null)
        {
            // Nobody reads the first one; TensorFlow makes it, and names of later nodes count on from it.
            _ = _graph.ReduceMin(lengths);
            longest = _graph.ReduceMax(lengths);
        }

        Output time = _graph.Constant(0, DType.Int32, name: "time");
        string name;
        using (NameScope scope = _graph.NameScope("dynamic_rnn"))
            name = scope.Name;
        var outputs = new TensorArray(_graph, dtype, steps, elementShape: [batch, cell.OutputSize], tensorArrayName: name + "output_0");
        Shape row = inputs.Shape.HasRank ? Shape.Create(inputs.Shape.Dimensions[1..]) : Shape.Unknown;
        _inputs = new TensorArray(_graph, inputs.DType, steps, elementShape: row, tensorArrayName: name + "input_0").Unstack(inputs);

        // One step at least, so that the arrays learn their shapes.
        Output bound = _graph.Minimum(steps, _graph.Maximum(1, longest));
        IReadOnlyList<LoopVariable> results = _graph.WhileLoop(
            v => _graph.Less((Output)v[0], bound),
            Step,
            [time, outputs, .. state.Select(static s => (LoopVariable)s)],
            parallelIterations: parallelIterations,
            swapMemory: swapMemory,
            maximumIterations: steps);
        Output all = ((TensorArray)results[1]).ToArray();
        all.SetShape([inputs.Shape.HasRank ? inputs.Shape[0] : -1, batch, cell.OutputSize]);
        return (all, [.. results.Skip(2).Select(static s => (Output)s)]);
    }

    private IReadOnlyList<LoopVariable> Step(IReadOnlyList<LoopVariable> variables)
    {
        Output time = variables[0];
        TensorArray outputs = variables[1];
        Output[] state = [.. variables.Skip(2).Select(static s => (Output)s)];
        Output next = _graph.Add(time, 1);
        Output input = _inputs!.Read(time); // Run has made it.
        Output? isOver = lengths is null ? null : _graph.GreaterEqual(time, lengths);
        (Output output, IReadOnlyList<Output> newState) = cell.Call(input, state);
        if (isOver is not null)
        {
            output = Kept(isOver, _zeroOutput!, output); // Run has made it.
            newState = [.. newState.Select((s, i) => Kept(isOver, state[i], s))];
        }

        return [next, outputs.Write(time, output), .. newState.Select(static s => (LoopVariable)s)];
    }

    // Of sequences that are over nothing changes any more.
    private Output Kept(Output isOver, Output old, Output computed)
    {
        using (_graph.ColocateWith(computed.Operation))
            return _graph.Where(isOver, old, computed);
    }
}
