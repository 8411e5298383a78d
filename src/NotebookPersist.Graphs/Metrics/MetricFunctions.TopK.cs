namespace NotebookPersist;

public static partial class MetricFunctions
{
    /// <summary>How many of the labels are among the k likeliest classes.</summary>
    /// <param name="labels">Classes of each example. Shape: [batch, labels], or [batch] for one each. DType: int64, int32.</param>
    /// <param name="predictions">Shape: [batch, classes]. DType: floats.</param>
    /// <param name="k">How many classes are looked at.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "recall_at_k" with the number.</param>
    /// <remarks>Variables <c>true_positive_at_k</c> and <c>false_negative_at_k</c>, of type float64. Source: <c>tf.metrics.recall_at_k</c> without a class of its own and without weights.</remarks>
    public static (Output Value, Output UpdateOp) RecallAtK(
        Output labels, Output predictions, int k, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
        AtK("recall", "false_negative", labels, predictions, k, new Listing(metricsCollections, updatesCollections), name);

    /// <summary>How many of the k likeliest classes are among the labels.</summary>
    /// <inheritdoc cref="RecallAtK"/>
    /// <remarks>Variables <c>true_positive_at_k</c> and <c>false_positive_at_k</c>, of type float64. Source: <c>tf.metrics.precision_at_k</c> without a class of its own and without weights.</remarks>
    public static (Output Value, Output UpdateOp) PrecisionAtK(
        Output labels, Output predictions, int k, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
        AtK("precision", "false_positive", labels, predictions, k, new Listing(metricsCollections, updatesCollections), name);

    /// <summary>The mean of precisions at each of the k likeliest classes that is a label.</summary>
    /// <param name="labels">Classes of each example, at least one within their range; those outside are left out. Shape: [..., labels], or [...] for one each. DType: int64, int32.</param>
    /// <param name="predictions">Shape: [..., classes]. DType: floats.</param>
    /// <param name="k">How many classes are looked at.</param>
    /// <param name="weights">What each example counts; broadcasts to them. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "average_precision_at_k" with the number.</param>
    /// <remarks>Variables <c>max</c> and <c>total</c>, of type float64. Source: <c>tf.metrics.average_precision_at_k</c> of labels that are no sparse value.</remarks>
    public static (Output Value, Output UpdateOp) AveragePrecisionAtK(
        Output labels,
        Output predictions,
        int k,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        Graph graph = predictions.Graph;
        using NameScope scope = graph.NameScope(name ?? $"average_precision_at_{k}");
        Output likeliest = graph.Cast(graph.TopK(predictions, k).Indices, DType.Int64);
        Output classes = graph.Cast(labels, DType.Int64);
        if (classes.Shape.Rank == predictions.Shape.Rank - 1)
            classes = graph.ExpandDims(classes, -1);
        Output count = graph.Cast(graph.Shape(predictions)[^1], DType.Int64);
        Output isLabel = graph.LogicalAnd(graph.GreaterEqual(classes, 0L), graph.Less(classes, count));
        Output precision = AveragePrecision(graph, likeliest, classes, isLabel, k);
        Output batchMax;
        if (weights.IsMissing)
        {
            batchMax = graph.Cast(graph.Size(precision, name: "max/batch_max"), DType.Float64);
        }
        else
        {
            Output weight = graph.Multiply(graph.Cast(weights, DType.Float64), graph.OnesLike(precision), "broadcast_weights");
            precision = graph.Multiply(precision, weight);
            batchMax = graph.ReduceSum(weight, name: "max/batch_max");
        }

        Variable max = Counter(graph, "max", [], DType.Float64), total = Counter(graph, "total", [], DType.Float64);
        Output newMax = max.AssignAdd(batchMax, name: "max/update");
        Output newTotal = total.AssignAdd(graph.ReduceSum(precision, name: "total/batch_total"), name: "total/update");
        Output value = graph.DivideNoNan(total, max, "mean");
        return new Listing(metricsCollections, updatesCollections).Add(value, graph.DivideNoNan(newTotal, newMax, scope.Name));
    }

    // Of each example: the precision among the first i classes, summed over those i whose class is a label.
    private static Output AveragePrecision(Graph graph, Output likeliest, Output classes, Output isLabel, int k)
    {
        using NameScope scope = graph.NameScope("average_precision");
        Output same = graph.Equal(graph.ExpandDims(likeliest, -1), graph.ExpandDims(classes, -2));
        Output relevant = graph.Cast(graph.ReduceAny(graph.LogicalAnd(same, graph.ExpandDims(isLabel, -2)), -1), DType.Float64, "relevant_per_k");
        Output found = graph.Cumsum(relevant, -1, name: "tp_per_k");
        Output retrieved = graph.Cumsum(graph.OnesLike(relevant), -1, name: "retrieved_per_k");
        Output precisions = graph.Multiply(graph.Divide(found, retrieved, "precision_per_k"), relevant, "relevant_precision_per_k");
        Output sum = graph.ReduceSum(precisions, -1, name: "precision_sum");
        Output most = graph.Minimum(graph.ReduceSum(graph.Cast(isLabel, DType.Int64), -1), (long)k, "num_relevant");
        return graph.Divide(sum, graph.Cast(most, DType.Float64), scope.Name);
    }

    private static (Output Value, Output UpdateOp) AtK(string what, string others, Output labels, Output predictions, int k, Listing listing, string? name)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        Graph graph = predictions.Graph;
        using NameScope scope = graph.NameScope(name ?? $"{what}_at_{k}");
        Output likeliest = graph.Cast(graph.TopK(predictions, k).Indices, DType.Int64);
        Output classes = graph.Cast(labels, DType.Int64);
        if (classes.Shape.Rank == predictions.Shape.Rank - 1)
            classes = graph.ExpandDims(classes, -1);
        Output same = graph.Equal(graph.ExpandDims(likeliest, -1), graph.ExpandDims(classes, -2));

        // [batch, k, labels]: a label counts once, and so does a class that is looked at.
        Output trues = graph.ReduceAny(same, -1);
        Output all = others == "false_negative" ? Distinct(graph, classes) : graph.Size(likeliest);
        Output found = graph.ReduceSum(graph.Cast(trues, DType.Float64));
        Output missed = graph.Cast(all, DType.Float64) - found;
        Variable part = Counter(graph, $"true_positive_at_{k}", [], DType.Float64), rest = Counter(graph, $"{others}_at_{k}", [], DType.Float64);
        Output newPart = part.AssignAdd(found, name: $"true_positive_at_{k}/update"), newRest = rest.AssignAdd(missed, name: $"{others}_at_{k}/update");
        Output value = graph.Divide(part.Value, graph.Add(part.Value, rest.Value), "value");
        return listing.Add(value, graph.Divide(newPart, graph.Add(newPart, newRest), "update"));
    }

    // A label that is there before in its row does not count again.
    private static Output Distinct(Graph graph, Output classes)
    {
        Output same = graph.Cast(graph.Equal(graph.ExpandDims(classes, -1), graph.ExpandDims(classes, -2)), DType.Int64);
        Output upToItself = graph.ReduceSum(graph.MatrixBandPart(same, -1L, 0L), -1);
        return graph.ReduceSum(graph.Cast(graph.Equal(upToItself, 1L), DType.Int64));
    }
}
