namespace NotebookPersist;

public static partial class tf
{
    public static partial class Nn
    {
        /// <inheritdoc cref="GraphOps.Crelu(Graph, Operand, int, string)"/>
        public static Output Crelu(Operand features, int axis = -1, string? name = null) => Graph.Crelu(features, axis, name);

        /// <inheritdoc cref="GraphOps.LogPoissonLoss(Graph, Operand, Operand, bool, string)"/>
        public static Output LogPoissonLoss(Operand targets, Operand logInput, bool computeFullLoss = false, string? name = null) =>
            Graph.LogPoissonLoss(targets, logInput, computeFullLoss, name);

        /// <inheritdoc cref="GraphOps.NormalizeMoments(Graph, Operand, Operand, Operand, Operand, string)"/>
        public static (Output Mean, Output Variance) NormalizeMoments(Operand counts, Operand meanSs, Operand varianceSs, Operand shift = default, string? name = null) =>
            Graph.NormalizeMoments(counts, meanSs, varianceSs, shift, name);

        /// <inheritdoc cref="GraphOps.ReluLayer(Graph, Operand, Operand, Operand, string)"/>
        public static Output ReluLayer(Operand x, Operand weights, Operand biases, string? name = null) => Graph.ReluLayer(x, weights, biases, name);

        /// <inheritdoc cref="GraphOps.SufficientStatistics(Graph, Operand, Axes, Operand, bool, string)"/>
        public static (Output Count, Output Sum, Output SumOfSquares, Output? Shift) SufficientStatistics(Operand x, Axes axes, Operand shift = default, bool keepDims = false, string? name = null) =>
            Graph.SufficientStatistics(x, axes, shift, keepDims, name);

        /// <inheritdoc cref="GraphOps.Swish(Graph, Operand, string)"/>
        public static Output Swish(Operand features, string? name = null) => Graph.Swish(features, name);

        /// <inheritdoc cref="GraphOps.WeightedCrossEntropyWithLogits(Graph, Operand, Operand, Operand, string)"/>
        public static Output WeightedCrossEntropyWithLogits(Operand labels, Operand logits, Operand posWeight, string? name = null) =>
            Graph.WeightedCrossEntropyWithLogits(labels, logits, posWeight, name);

        /// <inheritdoc cref="GraphOps.WeightedMoments(Graph, Operand, Axes, Operand, bool, string)"/>
        public static (Output Mean, Output Variance) WeightedMoments(Operand x, Axes axes, Operand frequencyWeights, bool keepDims = false, string? name = null) =>
            Graph.WeightedMoments(x, axes, frequencyWeights, keepDims, name);

        /// <inheritdoc cref="GraphOps.XwPlusB(Graph, Operand, Operand, Operand, string)"/>
        public static Output XwPlusB(Operand x, Operand weights, Operand biases, string? name = null) => Graph.XwPlusB(x, weights, biases, name);

        /// <inheritdoc cref="GraphOps.ZeroFraction(Graph, Operand, string)"/>
        public static Output ZeroFraction(Operand value, string? name = null) => Graph.ZeroFraction(value, name);

        /// <inheritdoc cref="GraphOps.AtrousConv2D(Graph, Operand, Operand, int, string, string)"/>
        public static Output AtrousConv2D(Operand value, Operand filters, int rate, string padding, string? name = null) =>
            Graph.AtrousConv2D(value, filters, rate, padding, name);

        /// <inheritdoc cref="GraphOps.Conv1D(Graph, Operand, Operand, int, string, string, int, string)"/>
        public static Output Conv1D(Operand value, Operand filters, int stride, string padding, string dataFormat = "NWC", int dilation = 1, string? name = null) =>
            Graph.Conv1D(value, filters, stride, padding, dataFormat, dilation, name);

        /// <inheritdoc cref="GraphOps.Convolution(Graph, Operand, Operand, string, int[], int[], string, string)"/>
        public static Output Convolution(Operand input, Operand filter, string padding, int[]? strides = null, int[]? dilationRate = null, string? name = null, string? dataFormat = null) =>
            Graph.Convolution(input, filter, padding, strides, dilationRate, name, dataFormat);

        /// <inheritdoc cref="GraphOps.Erosion2D(Graph, Operand, Operand, IReadOnlyList{int}, IReadOnlyList{int}, string, string)"/>
        public static Output Erosion2D(Operand value, Operand kernel, IReadOnlyList<int> strides, IReadOnlyList<int> rates, string padding, string? name = null) =>
            Graph.Erosion2D(value, kernel, strides, rates, padding, name);

        /// <inheritdoc cref="GraphOps.Pool(Graph, Operand, int[], string, string, int[], string, string)"/>
        public static Output Pool(Operand input, int[] windowShape, string poolingType, string padding, int[]? strides = null, string? name = null, string? dataFormat = null) =>
            Graph.Pool(input, windowShape, poolingType, padding, strides, name, dataFormat);
    }
}
