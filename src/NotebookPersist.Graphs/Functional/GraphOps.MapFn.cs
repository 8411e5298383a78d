namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Applies a function to each row.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="fn">From a row to a value; all values of one shape.</param>
    /// <param name="elems">Rank at least 1.</param>
    /// <param name="dtype">Element type of the values; by default that of the rows.</param>
    /// <param name="parallelIterations">Kept for TensorFlow; rows are taken one after the other here.</param>
    /// <param name="backProp">Whether gradients go through.</param>
    /// <param name="swapMemory">Kept for TensorFlow.</param>
    /// <param name="inferShape">Whether all values are of one shape, so that it is known.</param>
    /// <param name="name">Name scope; by default "map".</param>
    /// <returns>The values, one row each.</returns>
    /// <exception cref="ArgumentException">The argument is a scalar.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.map_fn</c>.</remarks>
    public static Output MapFn(this Graph graph, Func<Output, Output> fn, Operand elems, DType dtype = DType.Invalid, int parallelIterations = 10, bool backProp = true, bool swapMemory = false, bool inferShape = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(fn);
        return graph.MapFn(v => [fn(v[0])], [elems], dtype == DType.Invalid ? null : [dtype], parallelIterations, backProp, swapMemory, inferShape, name)[0];
    }

    /// <summary>Applies a function to the rows of several values, taken together.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="fn">From a row of each to values; those of one place of one shape.</param>
    /// <param name="elems">Each of rank at least 1, with as many rows.</param>
    /// <param name="dtypes">Element types of the values; by default those of the rows.</param>
    /// <param name="parallelIterations">Kept for TensorFlow; rows are taken one after the other here.</param>
    /// <param name="backProp">Whether gradients go through.</param>
    /// <param name="swapMemory">Kept for TensorFlow.</param>
    /// <param name="inferShape">Whether all values of one place are of one shape, so that it is known.</param>
    /// <param name="name">Name scope; by default "map".</param>
    /// <returns>The values, one row each.</returns>
    /// <exception cref="ArgumentException">There is nothing to take rows of, or a scalar.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.map_fn</c>.</remarks>
    public static IReadOnlyList<Output> MapFn(
        this Graph graph,
        Func<IReadOnlyList<Output>, IReadOnlyList<Output>> fn,
        IReadOnlyList<Operand> elems,
        IReadOnlyList<DType>? dtypes = null,
        int parallelIterations = 10,
        bool backProp = true,
        bool swapMemory = false,
        bool inferShape = true,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(fn);
        using NameScope scope = graph.NameScope(name ?? "map");
        RowArrays rows = RowArrays.Of(graph, elems, knowsShapes: false);
        Output start = graph.Constant(0);
        TensorArray[] results = [.. (dtypes ?? rows.Types).Select(t => new TensorArray(graph, t, rows.Count, inferShape: inferShape))];
        IReadOnlyList<LoopVariable> after = graph.WhileLoop(
            v => graph.Less((Output)v[0], rows.Count),
            v =>
            {
                Output i = v[0];
                IReadOnlyList<Output> values = fn(rows.Read(i));
                if (values.Count != results.Length)
                    throw new ArgumentException($"The function gives {values.Count} values where {results.Length} are expected. Give the types of all its values.", nameof(fn));
                LoopVariable[] written = [.. values.Select((value, k) => (LoopVariable)((TensorArray)v[1 + k]).Write(i, value))];
                return [graph.Add(i, 1), .. written];
            },
            [start, .. results.Select(static r => (LoopVariable)r)],
            parallelIterations: parallelIterations,
            backProp: backProp,
            swapMemory: swapMemory,
            maximumIterations: rows.Count);
        return rows.Stacked(after.Skip(1));
    }
}
