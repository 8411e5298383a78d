namespace NotebookPersist;

public static partial class MetricFunctions
{
    /// <summary>How many are true of those that are predicted to be.</summary>
    /// <param name="labels">Any shape; taken as bool.</param>
    /// <param name="predictions">Shape: that of the labels; taken as bool.</param>
    /// <param name="weights">What each value counts; broadcasts to the values. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "precision".</param>
    /// <remarks>Variables <c>true_positives/count</c> and <c>false_positives/count</c>. Source: <c>tf.metrics.precision</c>.</remarks>
    public static (Output Value, Output UpdateOp) Precision(
        Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
        PartOfCounts("precision", "false_positives", labels, predictions, weights, new Listing(metricsCollections, updatesCollections), name);

    /// <summary>How many of those that are true are predicted to be.</summary>
    /// <inheritdoc cref="Precision"/>
    /// <remarks>Variables <c>true_positives/count</c> and <c>false_negatives/count</c>. Source: <c>tf.metrics.recall</c>.</remarks>
    public static (Output Value, Output UpdateOp) Recall(
        Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
        PartOfCounts("recall", "false_negatives", labels, predictions, weights, new Listing(metricsCollections, updatesCollections), name);

    /// <summary>The number of true ones that are predicted to be.</summary>
    /// <inheritdoc cref="Precision"/>
    /// <remarks>Source: <c>tf.metrics.true_positives</c>.</remarks>
    public static (Output Value, Output UpdateOp) TruePositives(
        Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
        new Listing(metricsCollections, updatesCollections).Add(Count("true_positives", labels, predictions, weights, name));

    /// <summary>The number of false ones that are predicted to be true.</summary>
    /// <inheritdoc cref="Precision"/>
    /// <remarks>Source: <c>tf.metrics.false_positives</c>.</remarks>
    public static (Output Value, Output UpdateOp) FalsePositives(
        Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
        new Listing(metricsCollections, updatesCollections).Add(Count("false_positives", labels, predictions, weights, name));

    /// <summary>The number of true ones that are not predicted to be.</summary>
    /// <inheritdoc cref="Precision"/>
    /// <remarks>Source: <c>tf.metrics.false_negatives</c>.</remarks>
    public static (Output Value, Output UpdateOp) FalseNegatives(
        Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
        new Listing(metricsCollections, updatesCollections).Add(Count("false_negatives", labels, predictions, weights, name));

    /// <summary>The number of false ones that are not predicted to be true.</summary>
    /// <inheritdoc cref="Precision"/>
    /// <remarks>Source: <c>tf.metrics.true_negatives</c>.</remarks>
    public static (Output Value, Output UpdateOp) TrueNegatives(
        Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
        new Listing(metricsCollections, updatesCollections).Add(Count("true_negatives", labels, predictions, weights, name));

    private static (Output Value, Output UpdateOp) PartOfCounts(string defaultName, string others, Output labels, Output predictions, Operand weights, Listing listing, string? name)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        Graph graph = predictions.Graph;
        using VariableScope scope = Enter(graph, name, defaultName);
        (Output Value, Output UpdateOp) trues = Count("true_positives", labels, predictions, weights, null);
        (Output Value, Output UpdateOp) falses = Count(others, labels, predictions, weights, null);
        return listing.Add(Part(trues.Value, falses.Value, "value"), Part(trues.UpdateOp, falses.UpdateOp, "update_op"));

        Output Part(Output part, Output rest, string node) => graph.Where(graph.Greater(part + rest, 0.0), part / (part + rest), 0.0, node);
    }

    private static (Output Value, Output UpdateOp) Count(string what, Output labels, Output predictions, Operand weights, string? name)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(labels);
        Graph graph = predictions.Graph;
        using VariableScope scope = Enter(graph, name, what);
        (predictions, labels) = Squeezed(graph.Cast(predictions, DType.Bool), graph.Cast(labels, DType.Bool));
        Output fits = graph.LogicalAnd(
            graph.Equal(labels, what is "true_positives" or "false_negatives"), graph.Equal(predictions, what is "true_positives" or "false_positives"));
        Variable count = Counter(graph, "count", []);
        Output values = graph.Cast(fits, DType.Float32);
        if (!weights.IsMissing)
            values = graph.Multiply(values, Weights(weights, values));
        return (graph.Identity(count.Value), count.AssignAdd(graph.ReduceSum(values)));
    }
}
