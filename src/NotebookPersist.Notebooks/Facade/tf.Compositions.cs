namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.Bincount(Graph, Operand, Operand, Operand, Operand, DType, string)"/>
    public static Output Bincount(Operand numbers, Operand weights = default, Operand minLength = default, Operand maxLength = default, DType dtype = DType.Int32, string? name = null) =>
        Graph.Bincount(numbers, weights, minLength, maxLength, dtype, name);

    /// <inheritdoc cref="GraphOps.ConfusionMatrix(Graph, Operand, Operand, Operand, Operand, DType, string)"/>
    public static Output ConfusionMatrix(Operand labels, Operand predictions, Operand numClasses = default, Operand weights = default, DType dtype = DType.Int32, string? name = null) =>
        Graph.ConfusionMatrix(labels, predictions, numClasses, weights, dtype, name);

    /// <inheritdoc cref="GraphOps.CountNonzero(Graph, Operand, Operand, bool, DType, string)"/>
    public static Output CountNonzero(Operand inputTensor, Operand axis = default, bool keepDims = false, DType dtype = DType.Int64, string? name = null) =>
        Graph.CountNonzero(inputTensor, axis, keepDims, dtype, name);

    /// <inheritdoc cref="GraphOps.HistogramFixedWidth(Graph, Operand, Operand, Operand, DType, string)"/>
    public static Output HistogramFixedWidth(Operand values, Operand valueRange, Operand nbins = default, DType dtype = DType.Int32, string? name = null) =>
        Graph.HistogramFixedWidth(values, valueRange, nbins, dtype, name);

    /// <inheritdoc cref="GraphOps.ReduceLogsumexp(Graph, Operand, Operand, bool, string)"/>
    public static Output ReduceLogsumexp(Operand inputTensor, Operand axis = default, bool keepDims = false, string? name = null) =>
        Graph.ReduceLogsumexp(inputTensor, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.SaturateCast(Graph, Operand, DType, string)"/>
    public static Output SaturateCast(Operand value, DType dtype, string? name = null) => Graph.SaturateCast(value, dtype, name);

    /// <inheritdoc cref="GraphOps.Searchsorted(Graph, Operand, Operand, string, DType, string)"/>
    public static Output Searchsorted(Operand sortedSequence, Operand values, string side = "left", DType outType = DType.Int32, string? name = null) =>
        Graph.Searchsorted(sortedSequence, values, side, outType, name);

    /// <inheritdoc cref="GraphOps.UnsortedSegmentMean(Graph, Operand, Operand, Operand, string)"/>
    public static Output UnsortedSegmentMean(Operand data, Operand segmentIds, Operand numSegments, string? name = null) =>
        Graph.UnsortedSegmentMean(data, segmentIds, numSegments, name);

    /// <inheritdoc cref="GraphOps.UnsortedSegmentSqrtN(Graph, Operand, Operand, Operand, string)"/>
    public static Output UnsortedSegmentSqrtN(Operand data, Operand segmentIds, Operand numSegments, string? name = null) =>
        Graph.UnsortedSegmentSqrtN(data, segmentIds, numSegments, name);

    /// <inheritdoc cref="GraphOps.MatrixTranspose(Graph, Operand, bool, string)"/>
    public static Output MatrixTranspose(Operand a, bool conjugate = false, string? name = null) => Graph.MatrixTranspose(a, conjugate, name);

    /// <inheritdoc cref="GraphOps.Norm(Graph, Operand, double?, Axes, bool, string)"/>
    public static Output Norm(Operand tensor, double? ord = null, Axes axis = default, bool keepDims = false, string? name = null) =>
        Graph.Norm(tensor, ord, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.Tensordot(Graph, Operand, Operand, int, string)"/>
    public static Output Tensordot(Operand a, Operand b, int axes, string? name = null) => Graph.Tensordot(a, b, axes, name);

    /// <inheritdoc cref="GraphOps.Tensordot(Graph, Operand, Operand, int[], int[], string)"/>
    public static Output Tensordot(Operand a, Operand b, int[] aAxes, int[] bAxes, string? name = null) => Graph.Tensordot(a, b, aAxes, bAxes, name);

    /// <inheritdoc cref="GraphOps.Trace(Graph, Operand, string)"/>
    public static Output Trace(Operand x, string? name = null) => Graph.Trace(x, name);

    /// <inheritdoc cref="GraphOps.RandomCrop(Graph, Operand, Operand, int?, string)"/>
    public static Output RandomCrop(Operand value, Operand size, int? seed = null, string? name = null) => Graph.RandomCrop(value, size, seed, name);

    /// <inheritdoc cref="GraphOps.RandomGamma(Graph, Operand, Operand, Operand, DType, int?, string)"/>
    public static Output RandomGamma(Operand shape, Operand alpha, Operand beta = default, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
        Graph.RandomGamma(shape, alpha, beta, dtype, seed, name);
}
