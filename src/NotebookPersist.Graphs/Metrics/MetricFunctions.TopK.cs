namespace NotebookPersist;

public static partial class MetricFunctions
{
    private const string FalseNegative = "false_negative";
    private const string FalsePositive = "false_positive";

    /// <summary>How many of the labels are among the k likeliest classes.</summary>
    /// <param name="labels">Classes of each example. Shape: [batch, labels], or [batch] for one each. DType: int64, int32.</param>
    /// <param name="predictions">Shape: [batch, classes]. DType: floats.</param>
    /// <param name="k">How many classes are looked at.</param>
    /// <param name="classId">The only class that counts; null for all.</param>
    /// <param name="weights">What each example counts; broadcasts to them. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "recall_at_k" with the number.</param>
    /// <remarks>Variables <c>true_positive_at_k</c> and <c>false_negative_at_k</c>, of type float64. Source: <c>tf.metrics.recall_at_k</c> of labels that are no sparse value.</remarks>
    public static (Output Value, Output UpdateOp) RecallAtK(
        Output labels,
        Output predictions,
        int k,
        int? classId = null,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null) =>
        AtK(FalseNegative, labels, Likeliest(predictions, k), (k, classId), weights, new Listing(metricsCollections, updatesCollections), name);

    /// <summary>How many of the k likeliest classes are among the labels.</summary>
    /// <inheritdoc cref="RecallAtK"/>
    /// <remarks>Variables <c>true_positive_at_k</c> and <c>false_positive_at_k</c>, of type float64. Source: <c>tf.metrics.precision_at_k</c> of labels that are no sparse value.</remarks>
    public static (Output Value, Output UpdateOp) PrecisionAtK(
        Output labels,
        Output predictions,
        int k,
        int? classId = null,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null) =>
        AtK(FalsePositive, labels, Likeliest(predictions, k), (k, classId), weights, new Listing(metricsCollections, updatesCollections), name);

    /// <summary>How many of the labels are among classes that were chosen.</summary>
    /// <param name="labels">Classes of each example. Shape: [batch, labels], or [batch] for one each. DType: int64, int32.</param>
    /// <param name="predictionsIdx">The classes chosen. Shape: [batch, k]. DType: int64, int32.</param>
    /// <param name="k">Their number, for names only; null leaves it out.</param>
    /// <param name="classId">The only class that counts; null for all.</param>
    /// <param name="weights">What each example counts; broadcasts to them. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "recall_at_k" with the number.</param>
    /// <remarks>Source: <c>tf.metrics.recall_at_top_k</c> of labels that are no sparse value.</remarks>
    public static (Output Value, Output UpdateOp) RecallAtTopK(
        Output labels,
        Output predictionsIdx,
        int? k = null,
        int? classId = null,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null) =>
        AtK(FalseNegative, labels, predictionsIdx, (k, classId), weights, new Listing(metricsCollections, updatesCollections), name);

    /// <summary>How many of the classes that were chosen are among the labels.</summary>
    /// <inheritdoc cref="RecallAtTopK"/>
    /// <remarks>Source: <c>tf.metrics.precision_at_top_k</c> of labels that are no sparse value.</remarks>
    public static (Output Value, Output UpdateOp) PrecisionAtTopK(
        Output labels,
        Output predictionsIdx,
        int? k = null,
        int? classId = null,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null) =>
        AtK(FalsePositive, labels, predictionsIdx, (k, classId), weights, new Listing(metricsCollections, updatesCollections), name);

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

    private static Output Likeliest(Output predictions, int k)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return predictions.Graph.TopK(predictions, k).Indices;
    }

    private static (Output Value, Output UpdateOp) AtK(
        string others, Output labels, Output chosen, (int? K, int? ClassId) of, Operand weights, Listing listing, string? name)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(chosen);
        Graph graph = chosen.Graph;
        string at = (of.K is { } k ? $"_at_{k}" : "_at_k") + (of.ClassId is { } id ? $"_class{id}" : "");
        using NameScope scope = graph.NameScope(name ?? (others == FalseNegative ? "recall" : "precision") + at);
        chosen = graph.Cast(chosen, DType.Int64);
        Output classes = graph.Cast(labels, DType.Int64);
        if (classes.Shape.Rank == chosen.Shape.Rank - 1)
            classes = graph.ExpandDims(classes, -1);
        (Output found, Output missed) = of.ClassId is { } only ? OfClass(graph, classes, chosen, only, others) : OfAllClasses(graph, classes, chosen, others);
        if (!weights.IsMissing)
        {
            Output weight = graph.Cast(weights, DType.Float64);
            LossFunctions.RequireBroadcastable(weight, found);
            (found, missed) = (graph.Multiply(found, weight), graph.Multiply(missed, weight));
        }

        string trues = "true_positive" + at, falses = others + at;
        Variable part = Counter(graph, trues, [], DType.Float64), rest = Counter(graph, falses, [], DType.Float64);
        Output newPart = part.AssignAdd(graph.ReduceSum(found), name: trues + "/update"), newRest = rest.AssignAdd(graph.ReduceSum(missed), name: falses + "/update");
        Output value = graph.Divide(part.Value, graph.Add(part.Value, rest.Value), "value");
        return listing.Add(value, graph.Divide(newPart, graph.Add(newPart, newRest), "update"));
    }

    // Of each example: how often one class is found, and how often it is only on the other side. Shape: [batch].
    private static (Output Found, Output Missed) OfClass(Graph graph, Output classes, Output chosen, int only, string others)
    {
        Output isLabel = graph.ReduceAny(graph.Equal(classes, (long)only), -1), isChosen = graph.ReduceAny(graph.Equal(chosen, (long)only), -1);
        Output missed = others == FalseNegative ? graph.LogicalAnd(isLabel, graph.LogicalNot(isChosen)) : graph.LogicalAnd(isChosen, graph.LogicalNot(isLabel));
        return (graph.Cast(graph.LogicalAnd(isLabel, isChosen), DType.Float64), graph.Cast(missed, DType.Float64));
    }

    // Of each example, as a set: a label counts once, and so does a class that was chosen. Shape: [batch].
    private static (Output Found, Output Missed) OfAllClasses(Graph graph, Output classes, Output chosen, string others)
    {
        Output isNew = IsNew(graph, chosen);
        Output isLabel = graph.ReduceAny(graph.Equal(graph.ExpandDims(chosen, -1), graph.ExpandDims(classes, -2)), -1);
        Output found = Counted(graph.LogicalAnd(isNew, isLabel));
        return (found, graph.Subtract(Counted(others == FalseNegative ? IsNew(graph, classes) : isNew), found));

        Output Counted(Output flags) => graph.ReduceSum(graph.Cast(flags, DType.Float64), -1);
    }

    // What is there before in its row does not count again.
    private static Output IsNew(Graph graph, Output classes)
    {
        Output same = graph.Cast(graph.Equal(graph.ExpandDims(classes, -1), graph.ExpandDims(classes, -2)), DType.Int64);
        return graph.Equal(graph.ReduceSum(graph.MatrixBandPart(same, -1L, 0L), -1), 1L);
    }
}
