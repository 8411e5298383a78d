namespace NotebookPersist;

public static partial class MetricFunctions
{
    // Keeps quotients of counts that are all 0 from being no number.
    private const double Least = 1e-7;

    /// <summary>How many are true of those that are predicted to be, at each threshold.</summary>
    /// <param name="labels">Any shape; taken as bool.</param>
    /// <param name="predictions">Shape: that of the labels. Probabilities in [0, 1].</param>
    /// <param name="thresholds">Predictions above are taken for true.</param>
    /// <param name="weights">What each value counts; broadcasts to the values. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "precision_at_thresholds".</param>
    /// <returns>Shape: [thresholds].</returns>
    /// <remarks>Variables <c>true_positives</c> and <c>false_positives</c>. Source: <c>tf.metrics.precision_at_thresholds</c>.</remarks>
    public static (Output Value, Output UpdateOp) PrecisionAtThresholds(
        Output labels,
        Output predictions,
        IReadOnlyList<double> thresholds,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null) =>
        PartAtThresholds("precision", "false_positives", labels, predictions, thresholds, weights, new Listing(metricsCollections, updatesCollections), name);

    /// <summary>How many of those that are true are predicted to be, at each threshold.</summary>
    /// <inheritdoc cref="PrecisionAtThresholds"/>
    /// <remarks>Variables <c>true_positives</c> and <c>false_negatives</c>. Source: <c>tf.metrics.recall_at_thresholds</c>.</remarks>
    public static (Output Value, Output UpdateOp) RecallAtThresholds(
        Output labels,
        Output predictions,
        IReadOnlyList<double> thresholds,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null) =>
        PartAtThresholds("recall", "false_negatives", labels, predictions, thresholds, weights, new Listing(metricsCollections, updatesCollections), name);

    /// <summary>How many of those that are true are predicted to be, at the threshold where the part of false ones that are told to be false is nearest to a given one.</summary>
    /// <param name="labels">Any shape; taken as bool.</param>
    /// <param name="predictions">Shape: that of the labels. Probabilities in [0, 1].</param>
    /// <param name="specificity">The part of false ones, in [0, 1].</param>
    /// <param name="weights">What each value counts; broadcasts to the values. 1 by default.</param>
    /// <param name="numThresholds">How many thresholds are tried; at least 2.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "sensitivity_at_specificity".</param>
    /// <exception cref="ArgumentException">The part is outside of its range.</exception>
    /// <remarks>Source: <c>tf.metrics.sensitivity_at_specificity</c>; of thresholds that are as near the first one counts.</remarks>
    public static (Output Value, Output UpdateOp) SensitivityAtSpecificity(
        Output labels,
        Output predictions,
        double specificity,
        Operand weights = default,
        int numThresholds = 200,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (!(specificity >= 0 && specificity <= 1))
            throw new ArgumentException($"`specificity` must be in the range [0, 1], not {specificity}.", nameof(specificity));
        Graph graph = predictions.Graph;
        using VariableScope scope = Enter(graph, name, "sensitivity_at_specificity");
        (Output[] values, Output[] updates) = Confusion(labels, predictions, Thresholds(numThresholds, 1 + Least), weights);
        return new Listing(metricsCollections, updatesCollections).Add(At(values, "value"), At(updates, "update_op"));

        Output At(Output[] counts, string node)
        {
            (Output tp, Output fn, Output tn, Output fp) = (counts[0], counts[1], counts[2], counts[3]);
            Output specificities = graph.Divide(tn, tn + fp + Least, "div");
            Output place = graph.Cast(graph.ArgMin(graph.Abs(specificities - specificity), 0), DType.Int32);
            return graph.Divide(tp[place], tp[place] + fn[place] + Least, node);
        }
    }

    /// <summary>How many of the false ones are told to be false, at the threshold where the part of true ones that are predicted to be is nearest to a given one.</summary>
    /// <param name="labels">Any shape; taken as bool.</param>
    /// <param name="predictions">Shape: that of the labels. Probabilities in [0, 1].</param>
    /// <param name="sensitivity">The part of true ones, in [0, 1].</param>
    /// <param name="weights">What each value counts; broadcasts to the values. 1 by default.</param>
    /// <param name="numThresholds">How many thresholds are tried; at least 2.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "specificity_at_sensitivity".</param>
    /// <exception cref="ArgumentException">The part is outside of its range.</exception>
    /// <remarks>Source: <c>tf.metrics.specificity_at_sensitivity</c>; of thresholds that are as near the last one counts.</remarks>
    public static (Output Value, Output UpdateOp) SpecificityAtSensitivity(
        Output labels,
        Output predictions,
        double sensitivity,
        Operand weights = default,
        int numThresholds = 200,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (!(sensitivity >= 0 && sensitivity <= 1))
            throw new ArgumentException($"`sensitivity` must be in the range [0, 1], not {sensitivity}.", nameof(sensitivity));
        Graph graph = predictions.Graph;
        using VariableScope scope = Enter(graph, name, "specificity_at_sensitivity");
        (Output[] values, Output[] updates) = Confusion(labels, predictions, Thresholds(numThresholds, 1 - Least), weights);
        return new Listing(metricsCollections, updatesCollections).Add(At(values, "value"), At(updates, "update_op"));

        Output At(Output[] counts, string node)
        {
            (Output tp, Output fn, Output tn, Output fp) = (counts[0], counts[1], counts[2], counts[3]);
            Output distances = graph.Abs(graph.Divide(tp, tp + fn + Least, "div") - sensitivity);
            Output nearest = graph.Cast(graph.Equal(distances, graph.ReduceMin(distances)), DType.Int64);

            // The running number of the nearest ones is largest from the last of them on.
            Output place = graph.Cast(graph.ArgMax(graph.Cumsum(nearest, 0), 0), DType.Int32);
            return graph.Divide(tn[place], tn[place] + fp[place] + Least, node);
        }
    }

    private static double[] Thresholds(int count, double last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        return [0 - Least, .. Enumerable.Range(1, count - 2).Select(i => (double)i / (count - 1)), last];
    }

    private static (Output Value, Output UpdateOp) PartAtThresholds(
        string what, string others, Output labels, Output predictions, IReadOnlyList<double> thresholds, Operand weights, Listing listing, string? name)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(thresholds);
        Graph graph = predictions.Graph;
        using VariableScope scope = Enter(graph, name, $"{what}_at_thresholds");
        (Output[] values, Output[] updates) = Confusion(labels, predictions, [.. thresholds], weights, ["true_positives", others]);
        return listing.Add(Part(values, "value"), Part(updates, "update_op"));

        Output Part(Output[] counts, string node) => graph.Divide(counts[0], Least + counts[0] + counts[1], $"{what}_{node}");
    }
}
