namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="NotebookPersist.OrthogonalInitializer"/>
    public static IInitializer OrthogonalInitializer(double gain = 1, int? seed = null) => new OrthogonalInitializer(gain, seed);

    /// <inheritdoc cref="MetricFunctions"/>
    public static partial class Metrics
    {
        /// <inheritdoc cref="MetricFunctions.Mean(Output, Operand, IReadOnlyList{string}, IReadOnlyList{string}, string)"/>
        public static (Output Value, Output UpdateOp) Mean(
            Output values, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
            MetricFunctions.Mean(values, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.Accuracy"/>
        public static (Output Value, Output UpdateOp) Accuracy(
            Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
            MetricFunctions.Accuracy(labels, predictions, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.MeanSquaredError"/>
        public static (Output Value, Output UpdateOp) MeanSquaredError(
            Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
            MetricFunctions.MeanSquaredError(labels, predictions, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.MeanAbsoluteError"/>
        public static (Output Value, Output UpdateOp) MeanAbsoluteError(
            Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
            MetricFunctions.MeanAbsoluteError(labels, predictions, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.RootMeanSquaredError"/>
        public static (Output Value, Output UpdateOp) RootMeanSquaredError(
            Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
            MetricFunctions.RootMeanSquaredError(labels, predictions, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.Precision"/>
        public static (Output Value, Output UpdateOp) Precision(
            Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
            MetricFunctions.Precision(labels, predictions, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.Recall"/>
        public static (Output Value, Output UpdateOp) Recall(
            Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
            MetricFunctions.Recall(labels, predictions, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.TruePositives"/>
        public static (Output Value, Output UpdateOp) TruePositives(
            Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
            MetricFunctions.TruePositives(labels, predictions, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.TrueNegatives"/>
        public static (Output Value, Output UpdateOp) TrueNegatives(
            Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
            MetricFunctions.TrueNegatives(labels, predictions, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.FalsePositives"/>
        public static (Output Value, Output UpdateOp) FalsePositives(
            Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
            MetricFunctions.FalsePositives(labels, predictions, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.FalseNegatives"/>
        public static (Output Value, Output UpdateOp) FalseNegatives(
            Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null) =>
            MetricFunctions.FalseNegatives(labels, predictions, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.Auc"/>
        public static (Output Value, Output UpdateOp) Auc(
            Output labels,
            Output predictions,
            Operand weights = default,
            int numThresholds = 200,
            AucCurve curve = AucCurve.Roc,
            AucSummation summationMethod = AucSummation.Trapezoidal,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null,
            IReadOnlyList<double>? thresholds = null) =>
            MetricFunctions.Auc(labels, predictions, weights, numThresholds, curve, summationMethod, metricsCollections, updatesCollections, name, thresholds);

        /// <inheritdoc cref="MetricFunctions.RecallAtK"/>
        public static (Output Value, Output UpdateOp) RecallAtK(
            Output labels,
            Output predictions,
            int k,
            int? classId = null,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.RecallAtK(labels, predictions, k, classId, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.PrecisionAtK"/>
        public static (Output Value, Output UpdateOp) PrecisionAtK(
            Output labels,
            Output predictions,
            int k,
            int? classId = null,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.PrecisionAtK(labels, predictions, k, classId, weights, metricsCollections, updatesCollections, name);
    }
}
