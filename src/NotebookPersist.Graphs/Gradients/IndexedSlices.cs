namespace NotebookPersist;

/// <summary>Rows of a larger value and where they belong; rows of one place add up, and all others are zero.</summary>
/// <remarks>
/// What the gradient of gathered rows is made of. Such a gradient is an <see cref="Output"/> like any other, the dense sum of the rows, which is computed
/// only where it is used; <see cref="Output.Slices"/> gives the rows, and optimizers take those. Thread safety: immutable.
/// Source: TensorFlow's <c>tf.IndexedSlices</c>.
/// </remarks>
public sealed class IndexedSlices
{
    /// <summary>Puts rows and places together.</summary>
    /// <param name="values">Shape: [n], then that of a row.</param>
    /// <param name="indices">Places along the first dimension. Shape: [n]. DType: int32, int64.</param>
    /// <param name="denseShape">Shape of the whole as a vector; null where it is not known, and the sum cannot be made.</param>
    /// <exception cref="ArgumentException">The indices are no whole numbers, or of another graph.</exception>
    public IndexedSlices(Output values, Output indices, Output? denseShape = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(indices);
        if (indices.DType is not (DType.Int32 or DType.Int64))
            throw new ArgumentException($"Indices of slices are int32 or int64, not {indices.DType.Name()}.", nameof(indices));
        if (indices.Graph != values.Graph || (denseShape is not null && denseShape.Graph != values.Graph))
            throw new ArgumentException($"Values {values} and indices {indices} are of different graphs.", nameof(indices));
        (Values, Indices, DenseShape) = (values, indices, denseShape);
    }

    /// <summary>The rows.</summary>
    public Output Values { get; }

    /// <summary>Where each row belongs.</summary>
    public Output Indices { get; }

    /// <summary>Shape of the whole; null where it is not known.</summary>
    public Output? DenseShape { get; }

    /// <summary>The graph of the rows.</summary>
    public Graph Graph => Values.Graph;

    /// <summary>Element type.</summary>
    public DType DType => Values.DType;

    /// <summary>The whole value.</summary>
    public static implicit operator Output(IndexedSlices slices) => (slices ?? throw new ArgumentNullException(nameof(slices))).ToDense();

    /// <summary>The whole value: the rows at their places, zeros elsewhere.</summary>
    /// <param name="name">Node name.</param>
    /// <exception cref="InvalidOperationException">The shape of the whole is not known.</exception>
    public Output ToDense(string? name = null)
    {
        if (DenseShape is null)
            throw new InvalidOperationException($"Tensor conversion requested for IndexedSlices without dense_shape: {this}.");
        Output sum = Graph.AddOperation("UnsortedSegmentSum", name, null, Values, Indices, DenseShape[0])[0];
        sum.Slices = this;
        return sum;
    }

    /// <summary>The same places with other rows.</summary>
    public IndexedSlices With(Output values) => new(values, Indices, DenseShape);

    /// <summary>Rows of several values, one after another: their sum.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="values">With slices or without.</param>
    internal static IndexedSlices Sum(Graph graph, IReadOnlyList<Output> values)
    {
        IndexedSlices[] all = [.. values.Select(v => v.Slices ?? Rows(graph, v))];
        if (all.Any(static s => s.Indices.DType == DType.Int64))
            all = Array.ConvertAll(all, s => new IndexedSlices(s.Values, graph.Cast(s.Indices, DType.Int64), s.DenseShape));
        return new IndexedSlices(
            graph.Concat([.. all.Select(static s => (Operand)s.Values)], 0), graph.Concat([.. all.Select(static s => (Operand)s.Indices)], 0), all.Select(static s => s.DenseShape).FirstOrDefault(static s => s is not null));
    }

    /// <summary>Each place once, with the sum of its rows.</summary>
    internal IndexedSlices Distinct()
    {
        (Output places, Output positions) = Graph.Unique(Indices);
        Output sums = Graph.AddOperation("UnsortedSegmentSum", null, null, Values, positions, Graph.Shape(places)[0])[0];
        return new IndexedSlices(sums, places, DenseShape);
    }

    /// <summary>As TensorFlow prints them.</summary>
    public override string ToString() => $"IndexedSlices(indices={Indices}, values={Values}{(DenseShape is null ? "" : $", dense_shape={DenseShape}")})";

    private static IndexedSlices Rows(Graph graph, Output value)
    {
        Output shape = graph.Shape(value);
        return new IndexedSlices(value, graph.Range(0, shape[0], 1), shape);
    }
}
