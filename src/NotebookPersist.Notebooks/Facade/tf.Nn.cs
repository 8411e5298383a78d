namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Operations of neural networks, in the default graph.</summary>
    public static partial class Nn
    {
        /// <inheritdoc cref="GraphOps.AvgPool(Graph, Operand, IReadOnlyList{int}, IReadOnlyList{int}, string, string, string)"/>
        public static Output AvgPool(Operand value, IReadOnlyList<int> ksize, IReadOnlyList<int> strides, string padding, string dataFormat = "NHWC", string? name = null) =>
            Graph.AvgPool(value, ksize, strides, padding, dataFormat, name);

        /// <inheritdoc cref="GraphOps.AvgPool3D(Graph, Operand, IReadOnlyList{int}, IReadOnlyList{int}, string, string, string)"/>
        public static Output AvgPool3D(Operand input, IReadOnlyList<int> ksize, IReadOnlyList<int> strides, string padding, string dataFormat = "NDHWC", string? name = null) =>
            Graph.AvgPool3D(input, ksize, strides, padding, dataFormat, name);

        /// <inheritdoc cref="GraphOps.BatchNormWithGlobalNormalization(Graph, Operand, Operand, Operand, Operand, Operand, float, bool, string)"/>
        public static Output BatchNormWithGlobalNormalization(Operand t, Operand m, Operand v, Operand beta, Operand gamma, float varianceEpsilon, bool scaleAfterNormalization, string? name = null) =>
            Graph.BatchNormWithGlobalNormalization(t, m, v, beta, gamma, varianceEpsilon, scaleAfterNormalization, name);

        /// <inheritdoc cref="GraphOps.BatchNormalization(Graph, Output, Output, Output, Operand, Operand, Operand, string)"/>
        public static Output BatchNormalization(Output x, Output mean, Output variance, Operand offset, Operand scale, Operand varianceEpsilon, string? name = null) =>
            Graph.BatchNormalization(x, mean, variance, offset, scale, varianceEpsilon, name);

        /// <inheritdoc cref="GraphOps.BatchToSpace(Graph, Operand, Operand, int, string)"/>
        public static Output BatchToSpace(Operand input, Operand crops, int blockSize, string? name = null) =>
            Graph.BatchToSpace(input, crops, blockSize, name);

        /// <inheritdoc cref="GraphOps.BatchToSpaceND(Graph, Operand, Operand, Operand, string)"/>
        public static Output BatchToSpaceND(Operand input, Operand blockShape, Operand crops, string? name = null) =>
            Graph.BatchToSpaceND(input, blockShape, crops, name);

        /// <inheritdoc cref="GraphOps.BiasAdd(Graph, Operand, Operand, string, string)"/>
        public static Output BiasAdd(Operand value, Operand bias, string dataFormat = "NHWC", string? name = null) =>
            Graph.BiasAdd(value, bias, dataFormat, name);

        /// <inheritdoc cref="GraphOps.BiasAddV1(Graph, Operand, Operand, string)"/>
        public static Output BiasAddV1(Operand value, Operand bias, string? name = null) => Graph.BiasAddV1(value, bias, name);

        /// <inheritdoc cref="GraphOps.Conv2D(Graph, Operand, Operand, IReadOnlyList{int}, string, string, IReadOnlyList{int}, IReadOnlyList{int}, string)"/>
        public static Output Conv2D(Operand input, Operand filter, IReadOnlyList<int> strides, string padding, string dataFormat = "NHWC", IReadOnlyList<int>? dilations = null, IReadOnlyList<int>? explicitPaddings = null, string? name = null) =>
            Graph.Conv2D(input, filter, strides, padding, dataFormat, dilations, explicitPaddings, name);

        /// <inheritdoc cref="GraphOps.Conv2DBackpropFilter(Graph, Operand, Operand, Operand, IReadOnlyList{int}, string, string, IReadOnlyList{int}, IReadOnlyList{int}, string)"/>
        public static Output Conv2DBackpropFilter(Operand input, Operand filterSizes, Operand outBackprop, IReadOnlyList<int> strides, string padding, string dataFormat = "NHWC", IReadOnlyList<int>? dilations = null, IReadOnlyList<int>? explicitPaddings = null, string? name = null) =>
            Graph.Conv2DBackpropFilter(input, filterSizes, outBackprop, strides, padding, dataFormat, dilations, explicitPaddings, name);

        /// <inheritdoc cref="GraphOps.Conv2DBackpropInput(Graph, Operand, Operand, Operand, IReadOnlyList{int}, string, string, IReadOnlyList{int}, IReadOnlyList{int}, string)"/>
        public static Output Conv2DBackpropInput(Operand inputSizes, Operand filter, Operand outBackprop, IReadOnlyList<int> strides, string padding, string dataFormat = "NHWC", IReadOnlyList<int>? dilations = null, IReadOnlyList<int>? explicitPaddings = null, string? name = null) =>
            Graph.Conv2DBackpropInput(inputSizes, filter, outBackprop, strides, padding, dataFormat, dilations, explicitPaddings, name);

        /// <inheritdoc cref="GraphOps.Conv2DTranspose(Graph, Operand, Operand, Operand, IReadOnlyList{int}, string, string, string)"/>
        public static Output Conv2DTranspose(Operand value, Operand filter, Operand outputShape, IReadOnlyList<int> strides, string padding = "SAME", string dataFormat = "NHWC", string? name = null) =>
            Graph.Conv2DTranspose(value, filter, outputShape, strides, padding, dataFormat, name);

        /// <inheritdoc cref="GraphOps.Conv3D(Graph, Operand, Operand, IReadOnlyList{int}, string, string, IReadOnlyList{int}, string)"/>
        public static Output Conv3D(Operand input, Operand filter, IReadOnlyList<int> strides, string padding, string dataFormat = "NDHWC", IReadOnlyList<int>? dilations = null, string? name = null) =>
            Graph.Conv3D(input, filter, strides, padding, dataFormat, dilations, name);

        /// <inheritdoc cref="GraphOps.Conv3DTranspose(Graph, Operand, Operand, Operand, IReadOnlyList{int}, string, string, string)"/>
        public static Output Conv3DTranspose(Operand value, Operand filter, Operand outputShape, IReadOnlyList<int> strides, string padding = "SAME", string dataFormat = "NDHWC", string? name = null) =>
            Graph.Conv3DTranspose(value, filter, outputShape, strides, padding, dataFormat, name);

        /// <inheritdoc cref="GraphOps.DepthToSpace(Graph, Operand, int, string, string)"/>
        public static Output DepthToSpace(Operand input, int blockSize, string dataFormat = "NHWC", string? name = null) =>
            Graph.DepthToSpace(input, blockSize, dataFormat, name);

        /// <inheritdoc cref="GraphOps.DepthwiseConv2D(Graph, Operand, Operand, IReadOnlyList{int}, string, string, string)"/>
        public static Output DepthwiseConv2D(Operand input, Operand filter, IReadOnlyList<int> strides, string padding, string dataFormat = "NHWC", string? name = null) =>
            Graph.DepthwiseConv2D(input, filter, strides, padding, dataFormat, name);

        /// <inheritdoc cref="GraphOps.DepthwiseConv2DNative(Graph, Operand, Operand, IReadOnlyList{int}, string, string, IReadOnlyList{int}, string)"/>
        public static Output DepthwiseConv2DNative(Operand input, Operand filter, IReadOnlyList<int> strides, string padding, string dataFormat = "NHWC", IReadOnlyList<int>? dilations = null, string? name = null) =>
            Graph.DepthwiseConv2DNative(input, filter, strides, padding, dataFormat, dilations, name);

        /// <inheritdoc cref="GraphOps.Dilation2D(Graph, Operand, Operand, IReadOnlyList{int}, IReadOnlyList{int}, string, string)"/>
        public static Output Dilation2D(Operand input, Operand filter, IReadOnlyList<int> strides, IReadOnlyList<int> rates, string padding, string? name = null) =>
            Graph.Dilation2D(input, filter, strides, rates, padding, name);

        /// <inheritdoc cref="GraphOps.Dropout(Graph, Operand, Operand, Shape, int?, string)"/>
        /// <remarks>Takes <c>rate</c>, the probability that an element is dropped, in the place of <c>keepProb</c>.</remarks>
        /// <exception cref="ArgumentException">Neither probability is given, or both are.</exception>
        public static Output Dropout(Operand x, Operand keepProb = default, Shape? noiseShape = null, int? seed = null, string? name = null, Operand rate = default)
        {
            if (keepProb.IsMissing == rate.IsMissing)
                throw new ArgumentException("Dropout takes one of keepProb, the probability that an element is kept, and rate, that it is dropped.", nameof(rate));
            return rate.IsMissing ? Graph.Dropout(x, keepProb, noiseShape, seed, name) : Graph.DropoutRate(x, rate, noiseShape, seed, name);
        }

        /// <inheritdoc cref="GraphOps.DropoutRate(Graph, Operand, Operand, Shape, int?, string)"/>
        public static Output DropoutRate(Operand x, Operand rate, Shape? noiseShape = null, int? seed = null, string? name = null) =>
            Graph.DropoutRate(x, rate, noiseShape, seed, name);

        /// <inheritdoc cref="GraphOps.Elu(Graph, Operand, string)"/>
        public static Output Elu(Operand features, string? name = null) => Graph.Elu(features, name);

        /// <inheritdoc cref="GraphOps.ExtractImagePatches(Graph, Operand, IReadOnlyList{int}, IReadOnlyList{int}, IReadOnlyList{int}, string, string)"/>
        public static Output ExtractImagePatches(Operand images, IReadOnlyList<int> ksizes, IReadOnlyList<int> strides, IReadOnlyList<int> rates, string padding, string? name = null) =>
            Graph.ExtractImagePatches(images, ksizes, strides, rates, padding, name);

        /// <inheritdoc cref="GraphOps.FusedBatchNorm(Graph, Operand, Operand, Operand, Operand, Operand, float, string, bool, string)"/>
        public static (Output Y, Output BatchMean, Output BatchVariance) FusedBatchNorm(Operand x, Operand scale, Operand offset, Operand mean = default, Operand variance = default, double epsilon = 0.001, string dataFormat = "NHWC", bool isTraining = true, string? name = null) =>
            Graph.FusedBatchNorm(x, scale, offset, mean, variance, (float)epsilon, dataFormat, isTraining, name);

        /// <inheritdoc cref="GraphOps.L2Loss(Graph, Operand, string)"/>
        public static Output L2Loss(Operand t, string? name = null) => Graph.L2Loss(t, name);

        /// <inheritdoc cref="GraphOps.L2Normalize(Graph, Operand, Operand, double, string)"/>
        public static Output L2Normalize(Operand x, Operand axis = default, double epsilon = 1E-12, string? name = null) =>
            Graph.L2Normalize(x, axis, epsilon, name);

        /// <inheritdoc cref="GraphOps.LRN(Graph, Operand, int, float, float, float, string)"/>
        public static Output LRN(Operand input, int depthRadius = 5, double bias = 1, double alpha = 1, double beta = 0.5, string? name = null) =>
            Graph.LRN(input, depthRadius, (float)bias, (float)alpha, (float)beta, name);

        /// <inheritdoc cref="GraphOps.LeakyRelu(Graph, Operand, float, string)"/>
        public static Output LeakyRelu(Operand features, double alpha = 0.2, string? name = null) => Graph.LeakyRelu(features, (float)alpha, name);

        /// <inheritdoc cref="GraphOps.LogSoftmax(Graph, Operand, int, string)"/>
        public static Output LogSoftmax(Operand logits, int axis = -1, string? name = null) => Graph.LogSoftmax(logits, axis, name);

        /// <inheritdoc cref="GraphOps.MaxPool(Graph, Operand, IReadOnlyList{int}, IReadOnlyList{int}, string, string, string)"/>
        public static Output MaxPool(Operand value, IReadOnlyList<int> ksize, IReadOnlyList<int> strides, string padding, string dataFormat = "NHWC", string? name = null) =>
            Graph.MaxPool(value, ksize, strides, padding, dataFormat, name);

        /// <inheritdoc cref="GraphOps.MaxPool3D(Graph, Operand, IReadOnlyList{int}, IReadOnlyList{int}, string, string, string)"/>
        public static Output MaxPool3D(Operand input, IReadOnlyList<int> ksize, IReadOnlyList<int> strides, string padding, string dataFormat = "NDHWC", string? name = null) =>
            Graph.MaxPool3D(input, ksize, strides, padding, dataFormat, name);

        /// <inheritdoc cref="GraphOps.MaxPoolWithArgmax(Graph, Operand, IReadOnlyList{int}, IReadOnlyList{int}, string, DType, bool, string)"/>
        public static (Output Output, Output Argmax) MaxPoolWithArgmax(Operand input, IReadOnlyList<int> ksize, IReadOnlyList<int> strides, string padding, DType argmaxType = DType.Int64, bool includeBatchInIndex = false, string? name = null) =>
            Graph.MaxPoolWithArgmax(input, ksize, strides, padding, argmaxType, includeBatchInIndex, name);

        /// <inheritdoc cref="GraphOps.Moments(Graph, Operand, Axes, bool, string)"/>
        public static (Output Mean, Output Variance) Moments(Operand x, Axes axes, bool keepDims = false, string? name = null) =>
            Graph.Moments(x, axes, keepDims, name);

        /// <inheritdoc cref="GraphOps.Relu(Graph, Operand, string)"/>
        public static Output Relu(Operand features, string? name = null) => Graph.Relu(features, name);

        /// <inheritdoc cref="GraphOps.Relu6(Graph, Operand, string)"/>
        public static Output Relu6(Operand features, string? name = null) => Graph.Relu6(features, name);

        /// <inheritdoc cref="GraphOps.ResizeBilinear(Graph, Operand, Operand, bool, bool, string)"/>
        public static Output ResizeBilinear(Operand images, Operand size, bool alignCorners = false, bool halfPixelCenters = false, string? name = null) =>
            Graph.ResizeBilinear(images, size, alignCorners, halfPixelCenters, name);

        /// <inheritdoc cref="GraphOps.ResizeNearestNeighbor(Graph, Operand, Operand, bool, bool, string)"/>
        public static Output ResizeNearestNeighbor(Operand images, Operand size, bool alignCorners = false, bool halfPixelCenters = false, string? name = null) =>
            Graph.ResizeNearestNeighbor(images, size, alignCorners, halfPixelCenters, name);

        /// <inheritdoc cref="GraphOps.Selu(Graph, Operand, string)"/>
        public static Output Selu(Operand features, string? name = null) => Graph.Selu(features, name);

        /// <inheritdoc cref="GraphOps.SeparableConv2D(Graph, Operand, Operand, Operand, IReadOnlyList{int}, string, string, string)"/>
        public static Output SeparableConv2D(Operand input, Operand depthwiseFilter, Operand pointwiseFilter, IReadOnlyList<int> strides, string padding, string dataFormat = "NHWC", string? name = null) =>
            Graph.SeparableConv2D(input, depthwiseFilter, pointwiseFilter, strides, padding, dataFormat, name);

        /// <inheritdoc cref="GraphOps.Sigmoid(Graph, Operand, string)"/>
        public static Output Sigmoid(Operand x, string? name = null) => Graph.Sigmoid(x, name);

        /// <inheritdoc cref="GraphOps.SigmoidCrossEntropyWithLogits(Graph, Operand, Operand, string)"/>
        public static Output SigmoidCrossEntropyWithLogits(Operand labels, Operand logits, string? name = null) =>
            Graph.SigmoidCrossEntropyWithLogits(labels, logits, name);

        /// <inheritdoc cref="GraphOps.Softmax(Graph, Operand, int, string)"/>
        public static Output Softmax(Operand logits, int axis = -1, string? name = null) => Graph.Softmax(logits, axis, name);

        /// <inheritdoc cref="GraphOps.SoftmaxCrossEntropy(Graph, Operand, Operand, string)"/>
        public static (Output Loss, Output Backprop) SoftmaxCrossEntropy(Operand features, Operand labels, string? name = null) =>
            Graph.SoftmaxCrossEntropy(features, labels, name);

        /// <inheritdoc cref="GraphOps.SoftmaxCrossEntropyWithLogits(Graph, Operand, Operand, string)"/>
        public static Output SoftmaxCrossEntropyWithLogits(Operand labels, Operand logits, string? name = null) =>
            Graph.SoftmaxCrossEntropyWithLogits(labels, logits, name);

        /// <inheritdoc cref="GraphOps.SoftmaxCrossEntropyWithLogitsV2(Graph, Operand, Operand, string)"/>
        public static Output SoftmaxCrossEntropyWithLogitsV2(Operand labels, Operand logits, string? name = null) =>
            Graph.SoftmaxCrossEntropyWithLogitsV2(labels, logits, name);

        /// <inheritdoc cref="GraphOps.Softplus(Graph, Operand, string)"/>
        public static Output Softplus(Operand features, string? name = null) => Graph.Softplus(features, name);

        /// <inheritdoc cref="GraphOps.Softsign(Graph, Operand, string)"/>
        public static Output Softsign(Operand features, string? name = null) => Graph.Softsign(features, name);

        /// <inheritdoc cref="GraphOps.SpaceToBatch(Graph, Operand, Operand, int, string)"/>
        public static Output SpaceToBatch(Operand input, Operand paddings, int blockSize, string? name = null) =>
            Graph.SpaceToBatch(input, paddings, blockSize, name);

        /// <inheritdoc cref="GraphOps.SpaceToBatchND(Graph, Operand, Operand, Operand, string)"/>
        public static Output SpaceToBatchND(Operand input, Operand blockShape, Operand paddings, string? name = null) =>
            Graph.SpaceToBatchND(input, blockShape, paddings, name);

        /// <inheritdoc cref="GraphOps.SpaceToDepth(Graph, Operand, int, string, string)"/>
        public static Output SpaceToDepth(Operand input, int blockSize, string dataFormat = "NHWC", string? name = null) =>
            Graph.SpaceToDepth(input, blockSize, dataFormat, name);

        /// <inheritdoc cref="GraphOps.SparseSoftmaxCrossEntropyWithLogits(Graph, Operand, Operand, string)"/>
        public static Output SparseSoftmaxCrossEntropyWithLogits(Operand labels, Operand logits, string? name = null) =>
            Graph.SparseSoftmaxCrossEntropyWithLogits(labels, logits, name);

        /// <inheritdoc cref="GraphOps.Tanh(Graph, Operand, string)"/>
        public static Output Tanh(Operand x, string? name = null) => Graph.Tanh(x, name);

        /// <inheritdoc cref="GraphOps.InTopK(Graph, Operand, Operand, Operand, string)"/>
        public static Output InTopK(Operand predictions, Operand targets, Operand k, string? name = null) => Graph.InTopK(predictions, targets, k, name);

        /// <inheritdoc cref="GraphOps.TopK(Graph, Operand, Operand, bool, string)"/>
        public static (Output Values, Output Indices) TopK(Operand input, Operand k = default, bool sorted = true, string? name = null) =>
            Graph.TopK(input, k, sorted, name);
    }
}
