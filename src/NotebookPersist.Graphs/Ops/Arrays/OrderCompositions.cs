namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The elements in order along an axis.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="values">Shape: of rank 1 or more. DType: real numbers.</param>
    /// <param name="axis">Along which axis; the last by default.</param>
    /// <param name="descending">The largest first, in the place of the smallest.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">The rank is not known, or has no such axis.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.sort</c>.</remarks>
    public static Output Sort(this Graph graph, Operand values, int axis = -1, bool descending = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "sort");
        return Ordered(graph, values, axis, descending, ofPositions: false);
    }

    /// <summary>Where the elements in order along an axis stand.</summary>
    /// <inheritdoc cref="Sort"/>
    /// <returns>DType: int32. Of equal elements the first comes first.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.argsort</c>.</remarks>
    public static Output ArgSort(this Graph graph, Operand values, int axis = -1, bool descending = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "argsort");
        return Ordered(graph, values, axis, descending, ofPositions: true);
    }

    /// <summary>Takes slices by positions within each batch.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="parameters">Shape: [batch..., n, ...].</param>
    /// <param name="indices">Shape: [batch..., m]; positions along the first axis behind the batch.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">The rank of the positions is not known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.batch_gather</c>.</remarks>
    public static Output BatchGather(this Graph graph, Operand parameters, Operand indices, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "BatchGather");
        Output positions = graph.Convert(indices, name: "indices");
        if (positions.Shape is not { HasRank: true, Rank: > 0 and var rank })
            throw new ArgumentException("batch_gather does not allow indices with unknown shape.", nameof(indices));
        return graph.Gather(parameters, positions, rank - 1, rank - 1);
    }

    /// <summary>Repeats each element or slice along an axis.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Any shape.</param>
    /// <param name="repeats">How often: one number for all, or one for each element of the axis. DType: int32.</param>
    /// <param name="axis">Along which axis; by default the input is one row.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">A rank is not known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.repeat</c>.</remarks>
    public static Output Repeat(this Graph graph, Operand input, Operand repeats, int? axis = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "Repeat");
        Output x = graph.Convert(input, name: "input");
        if (axis is null)
            x = graph.Reshape(x, new[] { -1 });
        int at = AxisOf(x, axis ?? 0, nameof(input));
        Output times = graph.Convert(repeats, DType.Int32, "repeats");
        Output size = graph.Shape(x)[at];
        Output counts = times.Shape is { HasRank: true } shape
            ? shape.Rank == 0 ? graph.Fill(graph.Stack([size]), times) : graph.BroadcastTo(times, graph.Stack([size]))
            : throw new ArgumentException("The rank of repeats must be known.", nameof(repeats));
        // The element that a place repeats is the number of sums that are not beyond it.
        Output ends = graph.Cumsum(counts, 0);
        Output places = graph.Range(0, graph.ReduceSum(counts), 1);
        return graph.Gather(x, graph.Searchsorted(ends, places, "right"), at);
    }

    /// <summary>Whether no element along the flattened tensor is less than the one before it.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: real numbers.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.is_non_decreasing</c>.</remarks>
    public static Output IsNonDecreasing(this Graph graph, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "is_non_decreasing");
        (Output before, Output after) = Neighbours(graph, x);
        return graph.ReduceAll(graph.GreaterEqual(after, before));
    }

    /// <summary>Whether each element along the flattened tensor is greater than the one before it.</summary>
    /// <inheritdoc cref="IsNonDecreasing"/>
    /// <remarks>Source: TensorFlow's <c>tf.is_strictly_increasing</c>.</remarks>
    public static Output IsStrictlyIncreasing(this Graph graph, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "is_strictly_increasing");
        (Output before, Output after) = Neighbours(graph, x);
        return graph.ReduceAll(graph.Greater(after, before));
    }

    private static (Output Before, Output After) Neighbours(Graph graph, Operand x)
    {
        Output flat = graph.Reshape(graph.Convert(x, name: "x"), new[] { -1 });
        return (graph.PartOf(flat, ..^1), graph.PartOf(flat, 1..));
    }

    private static Output Ordered(Graph graph, Operand values, int axis, bool descending, bool ofPositions)
    {
        Output x = graph.Convert(values, name: "values");
        int at = AxisOf(x, axis, nameof(values));
        int rank = x.Shape.Rank;
        int[] turn = [.. Enumerable.Range(0, rank).Where(i => i != at), at];
        Output rows = at == rank - 1 ? x : graph.Transpose(x, turn);
        // Only the largest are looked for: the smallest are the largest of what is turned round; unsigned and least numbers have no negative.
        bool isInteger = x.DType.IsInteger();
        Output sorted = descending ? rows : isInteger ? graph.Subtract(LargestOf(graph, x.DType), rows) : graph.Negative(rows);
        (Output found, Output positions) = graph.TopK(sorted, graph.Shape(sorted)[rank - 1]);
        if (!descending)
            found = isInteger ? graph.Subtract(LargestOf(graph, x.DType), found) : graph.Negative(found);
        Output result = ofPositions ? positions : found;
        int[] back = new int[rank];
        for (int i = 0; i < rank; i++)
            back[turn[i]] = i;
        return at == rank - 1 ? result : graph.Transpose(result, back);
    }

    // Minus one for signed types: -1 - x is x with all bits turned, and never overflows.
    private static Output LargestOf(Graph graph, DType dtype) => dtype switch
    {
        DType.UInt8 => graph.Constant(Tensor.Scalar(byte.MaxValue)),
        DType.UInt16 => graph.Constant(Tensor.Scalar(ushort.MaxValue)),
        _ => graph.Cast(-1, dtype),
    };

    private static int AxisOf(Output x, int axis, string parameter)
    {
        if (!x.Shape.HasRank || axis < -x.Shape.Rank || axis >= x.Shape.Rank)
            throw new ArgumentException($"Axis {axis} needs a value of known rank that has it, got shape {x.Shape}.", parameter);
        return axis < 0 ? axis + x.Shape.Rank : axis;
    }
}
