namespace NotebookPersist;

public static partial class MetricFunctions
{
    /// <summary>How many are true and predicted to be, at each threshold.</summary>
    /// <param name="labels">Any shape; taken as bool.</param>
    /// <param name="predictions">Shape: that of the labels. Probabilities in [0, 1].</param>
    /// <param name="thresholds">Predictions above are taken for true.</param>
    /// <param name="weights">What each value counts; broadcasts to the values. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "true_positives".</param>
    /// <returns>Shape: [thresholds].</returns>
    /// <remarks>Source: <c>tf.metrics.true_positives_at_thresholds</c>.</remarks>
    public static (Output Value, Output UpdateOp) TruePositivesAtThresholds(
        Output labels,
        Output predictions,
        IReadOnlyList<double> thresholds,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null) =>
        CountAtThresholds("true_positives", labels, predictions, thresholds, weights, new Listing(metricsCollections, updatesCollections), name);

    /// <summary>How many are predicted to be true and are not, at each threshold.</summary>
    /// <inheritdoc cref="TruePositivesAtThresholds"/>
    /// <remarks>Source: <c>tf.metrics.false_positives_at_thresholds</c>.</remarks>
    public static (Output Value, Output UpdateOp) FalsePositivesAtThresholds(
        Output labels,
        Output predictions,
        IReadOnlyList<double> thresholds,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null) =>
        CountAtThresholds("false_positives", labels, predictions, thresholds, weights, new Listing(metricsCollections, updatesCollections), name);

    /// <summary>How many are neither true nor predicted to be, at each threshold.</summary>
    /// <inheritdoc cref="TruePositivesAtThresholds"/>
    /// <remarks>Source: <c>tf.metrics.true_negatives_at_thresholds</c>.</remarks>
    public static (Output Value, Output UpdateOp) TrueNegativesAtThresholds(
        Output labels,
        Output predictions,
        IReadOnlyList<double> thresholds,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null) =>
        CountAtThresholds("true_negatives", labels, predictions, thresholds, weights, new Listing(metricsCollections, updatesCollections), name);

    /// <summary>How many are true and not predicted to be, at each threshold.</summary>
    /// <inheritdoc cref="TruePositivesAtThresholds"/>
    /// <remarks>Source: <c>tf.metrics.false_negatives_at_thresholds</c>.</remarks>
    public static (Output Value, Output UpdateOp) FalseNegativesAtThresholds(
        Output labels,
        Output predictions,
        IReadOnlyList<double> thresholds,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null) =>
        CountAtThresholds("false_negatives", labels, predictions, thresholds, weights, new Listing(metricsCollections, updatesCollections), name);

    private static (Output Value, Output UpdateOp) CountAtThresholds(
        string what, Output labels, Output predictions, IReadOnlyList<double> thresholds, Operand weights, Listing listing, string? name)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(thresholds);
        using VariableScope scope = Enter(predictions.Graph, name, what);
        (Output[] values, Output[] updates) = Confusion(labels, predictions, [.. thresholds], weights, [what]);
        return listing.Add(values[0], updates[0]);
    }
}
