namespace NotebookPersist;

/// <summary>Several cells, each taking the output of the one before.</summary>
/// <remarks>Variables of the cells lie under <c>multi_rnn_cell/cell_0</c> and so on. Source: TensorFlow's <c>tf.nn.rnn_cell.MultiRNNCell</c>.</remarks>
public sealed class MultiRnnCell : RnnCell
{
    private readonly RnnCell[] _cells;
    private bool _built;

    /// <summary>Stacks cells.</summary>
    /// <param name="cells">From the input to the output; each its own.</param>
    /// <param name="name">Name of its variable scope; by default "multi_rnn_cell", made unique.</param>
    /// <exception cref="ArgumentException">There is no cell, or one twice.</exception>
    public MultiRnnCell(IReadOnlyList<RnnCell> cells, string? name = null)
        : base(name, "multi_rnn_cell", "MultiRNNCell")
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (cells.Count == 0)
            throw new ArgumentException("Must specify at least one cell for MultiRNNCell.", nameof(cells));
        if (cells.Distinct().Count() != cells.Count)
            throw new ArgumentException("At least two cells provided to MultiRNNCell are the same object and will share weights. Make each cell by itself.", nameof(cells));
        _cells = [.. cells];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [.. _cells.SelectMany(static c => c.StateSizes)];

    /// <inheritdoc/>
    public override int OutputSize => _cells[^1].OutputSize;

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Variables => [.. _cells.SelectMany(static c => c.Variables)];

    /// <inheritdoc/>
    public override IReadOnlyList<Output> ZeroState(Graph graph, Operand batchSize, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using (graph.NameScope("MultiRNNCellZeroState"))
            return [.. _cells.SelectMany(c => c.ZeroState(graph, batchSize, dtype))];
    }

    // The cells make their own.
    private protected override void Build(Graph graph, int features, DType dtype) => _built = false;

    private protected override (Output Output, IReadOnlyList<Output> State) Step(Output inputs, IReadOnlyList<Output> state)
    {
        var next = new List<Output>();
        int at = 0;
        for (int i = 0; i < _cells.Length; i++)
        {
            int count = _cells[i].StateSizes.Count;
            using (_built ? null : inputs.Graph.VariableScope($"cell_{i}"))
            {
                (inputs, IReadOnlyList<Output> own) = _cells[i].Call(inputs, [.. state.Skip(at).Take(count)]);
                next.AddRange(own);
            }

            at += count;
        }

        _built = true;
        return (inputs, next);
    }
}
