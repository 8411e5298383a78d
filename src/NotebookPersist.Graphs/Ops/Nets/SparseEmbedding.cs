namespace NotebookPersist;

/// <summary>How the rows that belong to one example become one.</summary>
public enum EmbeddingCombiner
{
    /// <summary>Their weighted mean.</summary>
    Mean,

    /// <summary>Their weighted sum.</summary>
    Sum,

    /// <summary>Their weighted sum, divided by the root of the sum of squared weights.</summary>
    SqrtN,
}

public static partial class GraphOps
{
    /// <summary>Picks rows of a table for each row of a sparse matrix of ids, and combines those of one row.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="parameters">The table; the parts of a partitioned variable are taken as they are.</param>
    /// <param name="indices">Where the ids stand, in order; every row has one at least. Shape: [n, 2]. DType: int64.</param>
    /// <param name="ids">Row numbers of the table. Shape: [n]. DType: int32, int64.</param>
    /// <param name="weights">What each id counts. Shape: [n]. Left out for 1.</param>
    /// <param name="partitionStrategy">Where rows lie.</param>
    /// <param name="combiner">How rows become one.</param>
    /// <param name="maxNorm">Rows longer than this are scaled down to it; null for none.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [rows, ...], the latter that of a row of the table.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.nn.embedding_lookup_sparse</c>.</remarks>
    public static Output EmbeddingLookupSparse(
        this Graph graph,
        Variable parameters,
        Operand indices,
        Operand ids,
        Operand weights = default,
        PartitionStrategy partitionStrategy = PartitionStrategy.Mod,
        EmbeddingCombiner combiner = EmbeddingCombiner.Mean,
        double? maxNorm = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "embedding_lookup_sparse");
        Output places = graph.Convert(indices, DType.Int64, "indices");
        Output segments = graph.Cast(graph.Squeeze(graph.Slice(places, new[] { 0, 0 }, new[] { -1, 1 }), [1]), DType.Int32);
        (Output distinct, Output position) = graph.Unique(graph.Convert(ids, name: "ids"));
        Output rows = graph.EmbeddingLookup(parameters, distinct, partitionStrategy, maxNorm);
        if (weights.IsMissing)
        {
            return combiner switch
            {
                EmbeddingCombiner.Sum => graph.SparseSegmentSum(rows, position, segments),
                EmbeddingCombiner.SqrtN => graph.SparseSegmentSqrtN(rows, position, segments),
                _ => graph.SparseSegmentMean(rows, position, segments),
            };
        }

        Output factors = graph.Cast(graph.Convert(weights, name: "weights"), rows.DType);
        Output picked = graph.Gather(rows, position);
        int rank = picked.Shape.HasRank ? picked.Shape.Rank : throw new ArgumentException("The rank of the table must be known.", nameof(parameters));
        Output sums = graph.SegmentSum(graph.Multiply(picked, Column(graph, factors, rank)), segments);
        return combiner switch
        {
            EmbeddingCombiner.Sum => sums,
            EmbeddingCombiner.SqrtN => graph.Divide(sums, Column(graph, graph.Sqrt(graph.SegmentSum(graph.Square(factors), segments)), rank)),
            _ => graph.Divide(sums, Column(graph, graph.SegmentSum(factors, segments), rank)),
        };
    }

    /// <summary>As <see cref="EmbeddingLookupSparse"/>, but ids below 0 do not count, and rows without ids give another.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="parameters">The table.</param>
    /// <param name="indices">Where the ids stand, in order. Shape: [n, 2]. DType: int64.</param>
    /// <param name="ids">Row numbers of the table. Shape: [n]. DType: int32, int64.</param>
    /// <param name="shape">Rows and columns of the sparse matrix. Shape: [2]. DType: int64.</param>
    /// <param name="weights">What each id counts; where not above 0, and not only sums are wanted, the id does not count. Shape: [n]. Left out for 1.</param>
    /// <param name="defaultId">The id of rows that have none; left out for zeros in the place of a row of the table.</param>
    /// <param name="combiner">How rows become one.</param>
    /// <param name="partitionStrategy">Where rows lie; TensorFlow's default differs here.</param>
    /// <param name="maxNorm">Rows longer than this are scaled down to it; null for none.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [rows, ...], the latter that of a row of the table.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.nn.safe_embedding_lookup_sparse</c>.</remarks>
    public static Output SafeEmbeddingLookupSparse(
        this Graph graph,
        Variable parameters,
        Operand indices,
        Operand ids,
        Operand shape,
        Operand weights = default,
        Operand defaultId = default,
        EmbeddingCombiner combiner = EmbeddingCombiner.Mean,
        PartitionStrategy partitionStrategy = PartitionStrategy.Div,
        double? maxNorm = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "safe_embedding_lookup_sparse");
        Output places = graph.Convert(indices, DType.Int64, "indices"), values = graph.Convert(ids, name: "ids"), size = graph.Convert(shape, DType.Int64, "shape");
        Output? factors = weights.IsMissing ? null : graph.Convert(weights, name: "weights");
        Output isValid = graph.GreaterEqual(values, graph.Cast(0, values.DType));
        if (factors is not null && combiner != EmbeddingCombiner.Sum)
            isValid = graph.LogicalAnd(isValid, graph.Greater(factors, graph.Cast(0, factors.DType)));
        Output kept = graph.BooleanMask(places, isValid);
        (Output filled, Output filledIds, Output isEmpty, _) = graph.SparseFillEmptyRows(
            kept, graph.BooleanMask(values, isValid), size, defaultId.IsMissing ? graph.Cast(0, values.DType) : graph.Convert(defaultId, values.DType));
        Output? filledFactors = factors is null
            ? null
            : graph.SparseFillEmptyRows(kept, graph.BooleanMask(factors, isValid), size, graph.Cast(1, factors.DType)).Values;
        Output rows = graph.EmbeddingLookupSparse(parameters, filled, filledIds, filledFactors is null ? default : (Operand)filledFactors, partitionStrategy, combiner, maxNorm);
        return defaultId.IsMissing ? graph.Where(isEmpty, graph.ZerosLike(rows), rows) : rows;
    }

    // A vector that broadcasts along the rows of tensors of a rank.
    private static Output Column(Graph graph, Output vector, int rank) => graph.Reshape(vector, (int[])[-1, .. Enumerable.Repeat(1, rank - 1)]);
}
