namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Applies a function to what has come of the rows before and each row, from the first on, and gives what comes of all.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="fn">From what has come so far and a row to what comes of both, of the same shape.</param>
    /// <param name="elems">Rank at least 1.</param>
    /// <param name="initializer">What has come before the first row; by default the first row itself, with which the function is not called.</param>
    /// <param name="parallelIterations">Kept for TensorFlow.</param>
    /// <param name="backProp">Whether gradients go through.</param>
    /// <param name="swapMemory">Kept for TensorFlow.</param>
    /// <param name="name">Name scope; by default "foldl".</param>
    /// <remarks>Source: TensorFlow's <c>tf.foldl</c>.</remarks>
    public static Output Foldl(this Graph graph, Func<Output, Output, Output> fn, Operand elems, Operand initializer = default, int parallelIterations = 10, bool backProp = true, bool swapMemory = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(fn);
        using NameScope scope = graph.NameScope(name ?? "foldl");
        RowArrays rows = RowArrays.Of(graph, [elems], knowsShapes: false);
        Output before = initializer.IsMissing ? rows.Read(0)[0] : graph.Convert(initializer, name: "initializer");
        Output start = graph.Constant(initializer.IsMissing ? 1 : 0);
        return graph.WhileLoop(
            v => graph.Less((Output)v[0], rows.Count),
            v =>
            {
                Output row = rows.Read((Output)v[0])[0];
                Output next = fn(v[1], row);
                return [graph.Add((Output)v[0], 1), next];
            },
            [start, before],
            parallelIterations: parallelIterations,
            backProp: backProp,
            swapMemory: swapMemory,
            maximumIterations: rows.Count)[1];
    }

    /// <summary>The same from the last row back to the first.</summary>
    /// <inheritdoc cref="Foldl"/>
    /// <remarks>Source: TensorFlow's <c>tf.foldr</c>.</remarks>
    public static Output Foldr(this Graph graph, Func<Output, Output, Output> fn, Operand elems, Operand initializer = default, int parallelIterations = 10, bool backProp = true, bool swapMemory = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(fn);
        using NameScope scope = graph.NameScope(name ?? "foldr");
        RowArrays rows = RowArrays.Of(graph, [elems], knowsShapes: false);
        Output start = graph.Convert(rows.Count);
        if (initializer.IsMissing)
            start = graph.Subtract(start, 1);
        Output before = initializer.IsMissing ? rows.Read(start)[0] : graph.Convert(initializer, name: "initializer");
        return graph.WhileLoop(
            v => graph.Greater((Output)v[0], 0),
            v =>
            {
                Output i = graph.Subtract((Output)v[0], 1);
                Output next = fn(v[1], rows.Read(i)[0]);
                return [i, next];
            },
            [start, before],
            parallelIterations: parallelIterations,
            backProp: backProp,
            swapMemory: swapMemory,
            maximumIterations: rows.Count)[1];
    }
}
