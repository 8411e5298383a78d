namespace NotebookPersist;

public static partial class tf
{
    public static partial class Metrics
    {
        /// <inheritdoc cref="MetricFunctions.MeanCosineDistance"/>
        public static (Output Value, Output UpdateOp) MeanCosineDistance(
            Output labels,
            Output predictions,
            int dim,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.MeanCosineDistance(labels, predictions, dim, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.MeanRelativeError"/>
        public static (Output Value, Output UpdateOp) MeanRelativeError(
            Output labels,
            Output predictions,
            Output normalizer,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.MeanRelativeError(labels, predictions, normalizer, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.MeanTensor"/>
        public static (Output Value, Output UpdateOp) MeanTensor(
            Output values,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.MeanTensor(values, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.PercentageBelow"/>
        public static (Output Value, Output UpdateOp) PercentageBelow(
            Output values,
            Operand threshold,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.PercentageBelow(values, threshold, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.MeanIou"/>
        public static (Output Value, Output UpdateOp) MeanIou(
            Output labels,
            Output predictions,
            int numClasses,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.MeanIou(labels, predictions, numClasses, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.MeanPerClassAccuracy"/>
        public static (Output Value, Output UpdateOp) MeanPerClassAccuracy(
            Output labels,
            Output predictions,
            int numClasses,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.MeanPerClassAccuracy(labels, predictions, numClasses, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.PrecisionAtThresholds"/>
        public static (Output Value, Output UpdateOp) PrecisionAtThresholds(
            Output labels,
            Output predictions,
            IReadOnlyList<double> thresholds,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.PrecisionAtThresholds(labels, predictions, thresholds, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.RecallAtThresholds"/>
        public static (Output Value, Output UpdateOp) RecallAtThresholds(
            Output labels,
            Output predictions,
            IReadOnlyList<double> thresholds,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.RecallAtThresholds(labels, predictions, thresholds, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.SensitivityAtSpecificity"/>
        public static (Output Value, Output UpdateOp) SensitivityAtSpecificity(
            Output labels,
            Output predictions,
            double specificity,
            Operand weights = default,
            int numThresholds = 200,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.SensitivityAtSpecificity(labels, predictions, specificity, weights, numThresholds, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.SpecificityAtSensitivity"/>
        public static (Output Value, Output UpdateOp) SpecificityAtSensitivity(
            Output labels,
            Output predictions,
            double sensitivity,
            Operand weights = default,
            int numThresholds = 200,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.SpecificityAtSensitivity(labels, predictions, sensitivity, weights, numThresholds, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.AveragePrecisionAtK"/>
        public static (Output Value, Output UpdateOp) AveragePrecisionAtK(
            Output labels,
            Output predictions,
            int k,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.AveragePrecisionAtK(labels, predictions, k, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.PrecisionAtK"/>
        public static (Output Value, Output UpdateOp) SparsePrecisionAtK(
            Output labels,
            Output predictions,
            int k,
            int? classId = null,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.PrecisionAtK(labels, predictions, k, classId, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.AveragePrecisionAtK"/>
        public static (Output Value, Output UpdateOp) SparseAveragePrecisionAtK(
            Output labels,
            Output predictions,
            int k,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.AveragePrecisionAtK(labels, predictions, k, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.TruePositivesAtThresholds"/>
        public static (Output Value, Output UpdateOp) TruePositivesAtThresholds(
            Output labels,
            Output predictions,
            IReadOnlyList<double> thresholds,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.TruePositivesAtThresholds(labels, predictions, thresholds, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.FalsePositivesAtThresholds"/>
        public static (Output Value, Output UpdateOp) FalsePositivesAtThresholds(
            Output labels,
            Output predictions,
            IReadOnlyList<double> thresholds,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.FalsePositivesAtThresholds(labels, predictions, thresholds, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.TrueNegativesAtThresholds"/>
        public static (Output Value, Output UpdateOp) TrueNegativesAtThresholds(
            Output labels,
            Output predictions,
            IReadOnlyList<double> thresholds,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.TrueNegativesAtThresholds(labels, predictions, thresholds, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.FalseNegativesAtThresholds"/>
        public static (Output Value, Output UpdateOp) FalseNegativesAtThresholds(
            Output labels,
            Output predictions,
            IReadOnlyList<double> thresholds,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.FalseNegativesAtThresholds(labels, predictions, thresholds, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.RecallAtTopK"/>
        public static (Output Value, Output UpdateOp) RecallAtTopK(
            Output labels,
            Output predictionsIdx,
            int? k = null,
            int? classId = null,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.RecallAtTopK(labels, predictionsIdx, k, classId, weights, metricsCollections, updatesCollections, name);

        /// <inheritdoc cref="MetricFunctions.PrecisionAtTopK"/>
        public static (Output Value, Output UpdateOp) PrecisionAtTopK(
            Output labels,
            Output predictionsIdx,
            int? k = null,
            int? classId = null,
            Operand weights = default,
            IReadOnlyList<string>? metricsCollections = null,
            IReadOnlyList<string>? updatesCollections = null,
            string? name = null) =>
            MetricFunctions.PrecisionAtTopK(labels, predictionsIdx, k, classId, weights, metricsCollections, updatesCollections, name);
    }
}
