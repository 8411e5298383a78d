namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Applies a function to what has come of the rows before and each row, and gives what comes of each.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="fn">From what has come so far and a row to what comes of both, of the same shape.</param>
    /// <param name="elems">Rank at least 1.</param>
    /// <param name="initializer">What has come before the first row; by default the first row itself, with which the function is not called.</param>
    /// <param name="parallelIterations">Kept for TensorFlow.</param>
    /// <param name="backProp">Whether gradients go through.</param>
    /// <param name="swapMemory">Kept for TensorFlow.</param>
    /// <param name="inferShape">Whether all results are of one shape, so that it is known.</param>
    /// <param name="reverse">Whether rows are taken from the last to the first.</param>
    /// <param name="name">Name scope; by default "scan".</param>
    /// <returns>One row for each.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.scan</c>.</remarks>
    public static Output Scan(this Graph graph, Func<Output, Output, Output> fn, Operand elems, Operand initializer = default, int parallelIterations = 10, bool backProp = true, bool swapMemory = false, bool inferShape = true, bool reverse = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(fn);
        return graph.Scan((a, x) => [fn(a[0], x[0])], [elems], initializer.IsMissing ? null : [initializer], parallelIterations, backProp, swapMemory, inferShape, reverse, name)[0];
    }

    /// <summary>The same for rows of several values, taken together.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="fn">From what has come so far and a row of each to what comes of them.</param>
    /// <param name="elems">Each of rank at least 1, with as many rows.</param>
    /// <param name="initializer">What has come before the first row; by default the first rows themselves.</param>
    /// <param name="parallelIterations">Kept for TensorFlow.</param>
    /// <param name="backProp">Whether gradients go through.</param>
    /// <param name="swapMemory">Kept for TensorFlow.</param>
    /// <param name="inferShape">Whether all results of one place are of one shape, so that it is known.</param>
    /// <param name="reverse">Whether rows are taken from the last to the first.</param>
    /// <param name="name">Name scope; by default "scan".</param>
    /// <exception cref="ArgumentException">The function gives another number of values than there are at the beginning.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.scan</c>.</remarks>
    public static IReadOnlyList<Output> Scan(
        this Graph graph,
        Func<IReadOnlyList<Output>, IReadOnlyList<Output>, IReadOnlyList<Output>> fn,
        IReadOnlyList<Operand> elems,
        IReadOnlyList<Operand>? initializer = null,
        int parallelIterations = 10,
        bool backProp = true,
        bool swapMemory = false,
        bool inferShape = true,
        bool reverse = false,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(fn);
        using NameScope scope = graph.NameScope(name ?? "scan");
        RowArrays rows = RowArrays.Of(graph, elems, knowsShapes: true);
        Operand first = reverse ? Less(rows.Count, 1) : 0;
        Output[] before = initializer is null ? [.. rows.Read(first)] : [.. initializer.Select(i => graph.Convert(i, name: "initializer"))];
        Output begun = graph.Constant(initializer is null ? 1 : 0);
        TensorArray[] results = [.. before.Select(b => new TensorArray(graph, b.DType, rows.Count, elementShape: inferShape ? b.Shape : null, inferShape: inferShape))];
        if (initializer is null)
            results = [.. results.Zip(before, (r, b) => r.Write(first, b))];
        Operand start = reverse ? graph.Subtract(Less(rows.Count, 1), begun) : begun;
        IReadOnlyList<LoopVariable> after = graph.WhileLoop(
            v => reverse ? graph.GreaterEqual((Output)v[0], 0) : graph.Less((Output)v[0], rows.Count),
            v =>
            {
                Output i = v[0];
                IReadOnlyList<Output> next = fn([.. v.Skip(1).Take(before.Length).Select(static a => (Output)a)], rows.Read(i));
                if (next.Count != before.Length)
                    throw new ArgumentException($"The function gives {next.Count} values; it is given {before.Length}.", nameof(fn));
                LoopVariable[] written = [.. next.Select((value, k) => (LoopVariable)((TensorArray)v[1 + before.Length + k]).Write(i, value))];
                Output following = reverse ? graph.Subtract(i, 1) : graph.Add(i, 1);
                return [following, .. next.Select(static n => (LoopVariable)n), .. written];
            },
            [start, .. before.Select(static b => (LoopVariable)b), .. results.Select(static r => (LoopVariable)r)],
            parallelIterations: parallelIterations,
            backProp: backProp,
            swapMemory: swapMemory,
            maximumIterations: rows.Count);
        return rows.Stacked(after.Skip(1 + before.Length));

        Operand Less(Operand count, int by) => count.Output is { } computed ? graph.Subtract(computed, by) : count.Value!.ItemAt<int>(0) - by;
    }
}
