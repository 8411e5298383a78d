namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.SparseReorder(Graph, Operand, Operand, Operand, string)"/>
    public static (Output Indices, Output Values) SparseReorder(Operand indices, Operand values, Operand shape, string? name = null) =>
        Graph.SparseReorder(indices, values, shape, name);

    /// <inheritdoc cref="GraphOps.SparseFillEmptyRows(Graph, Operand, Operand, Operand, Operand, string)"/>
    public static (Output Indices, Output Values, Output EmptyRows, Output ReverseIndexMap) SparseFillEmptyRows(
        Operand indices, Operand values, Operand denseShape, Operand defaultValue, string? name = null) =>
        Graph.SparseFillEmptyRows(indices, values, denseShape, defaultValue, name);

    /// <inheritdoc cref="GraphOps.SparseTensorDenseMatMul(Graph, Operand, Operand, Operand, Operand, bool, bool, string)"/>
    public static Output SparseTensorDenseMatMul(
        Operand indices, Operand values, Operand shape, Operand b, bool adjointA = false, bool adjointB = false, string? name = null) =>
        Graph.SparseTensorDenseMatMul(indices, values, shape, b, adjointA, adjointB, name);

    /// <inheritdoc cref="GraphOps.SparseSegmentSum(Graph, Operand, Operand, Operand, Operand, string)"/>
    public static Output SparseSegmentSum(Operand data, Operand indices, Operand segmentIds, Operand numSegments = default, string? name = null) =>
        Graph.SparseSegmentSum(data, indices, segmentIds, numSegments, name);

    /// <inheritdoc cref="GraphOps.SparseSegmentMean(Graph, Operand, Operand, Operand, Operand, string)"/>
    public static Output SparseSegmentMean(Operand data, Operand indices, Operand segmentIds, Operand numSegments = default, string? name = null) =>
        Graph.SparseSegmentMean(data, indices, segmentIds, numSegments, name);

    /// <inheritdoc cref="GraphOps.SparseSegmentSqrtN(Graph, Operand, Operand, Operand, Operand, string)"/>
    public static Output SparseSegmentSqrtN(Operand data, Operand indices, Operand segmentIds, Operand numSegments = default, string? name = null) =>
        Graph.SparseSegmentSqrtN(data, indices, segmentIds, numSegments, name);

    /// <inheritdoc cref="GraphOps.EditDistance"/>
    public static Output EditDistance(
        (Output Indices, Output Values, Output Shape) hypothesis, (Output Indices, Output Values, Output Shape) truth, bool normalize = true, string? name = null) =>
        Graph.EditDistance(hypothesis, truth, normalize, name);
}
