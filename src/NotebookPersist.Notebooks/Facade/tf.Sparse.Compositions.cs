namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.SparseAdd(Graph, ValueTuple{Output, Output, Output}, ValueTuple{Output, Output, Output}, Operand, string)"/>
    public static (Output Indices, Output Values, Output Shape) SparseAdd((Output Indices, Output Values, Output Shape) a, (Output Indices, Output Values, Output Shape) b, Operand threshold = default, string? name = null) =>
        Graph.SparseAdd(a, b, threshold, name);

    /// <inheritdoc cref="GraphOps.SparseConcat(Graph, int, IReadOnlyList{ValueTuple{Output, Output, Output}}, string)"/>
    public static (Output Indices, Output Values, Output Shape) SparseConcat(int axis, IReadOnlyList<(Output Indices, Output Values, Output Shape)> inputs, string? name = null) =>
        Graph.SparseConcat(axis, inputs, name);

    /// <inheritdoc cref="GraphOps.SparseReduceSum(Graph, Operand, Operand, Operand, Operand, bool, string)"/>
    public static Output SparseReduceSum(Operand indices, Operand values, Operand shape, Operand axis = default, bool keepDims = false, string? name = null) =>
        Graph.SparseReduceSum(indices, values, shape, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.SparseReduceMax(Graph, Operand, Operand, Operand, Operand, bool, string)"/>
    public static Output SparseReduceMax(Operand indices, Operand values, Operand shape, Operand axis = default, bool keepDims = false, string? name = null) =>
        Graph.SparseReduceMax(indices, values, shape, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.SparseSoftmax(Graph, Operand, Operand, Operand, string)"/>
    public static Output SparseSoftmax(Operand indices, Operand values, Operand shape, string? name = null) =>
        Graph.SparseSoftmax(indices, values, shape, name);

    /// <inheritdoc cref="GraphOps.SparseSlice(Graph, ValueTuple{Output, Output, Output}, Operand, Operand, string)"/>
    public static (Output Indices, Output Values, Output Shape) SparseSlice((Output Indices, Output Values, Output Shape) sparse, Operand start, Operand size, string? name = null) =>
        Graph.SparseSlice(sparse, start, size, name);

    /// <inheritdoc cref="GraphOps.SparseReshape(Graph, ValueTuple{Output, Output, Output}, Operand, string)"/>
    public static (Output Indices, Output Values, Output Shape) SparseReshape((Output Indices, Output Values, Output Shape) sparse, Operand shape, string? name = null) =>
        Graph.SparseReshape(sparse, shape, name);

    /// <inheritdoc cref="GraphOps.SparseTranspose(Graph, ValueTuple{Output, Output, Output}, IReadOnlyList{int}, string)"/>
    public static (Output Indices, Output Values, Output Shape) SparseTranspose((Output Indices, Output Values, Output Shape) sparse, IReadOnlyList<int> perm, string? name = null) =>
        Graph.SparseTranspose(sparse, perm, name);

    /// <inheritdoc cref="GraphOps.SparseRetain(Graph, ValueTuple{Output, Output, Output}, Operand)"/>
    public static (Output Indices, Output Values, Output Shape) SparseRetain((Output Indices, Output Values, Output Shape) sparse, Operand toRetain) =>
        Graph.SparseRetain(sparse, toRetain);

    /// <inheritdoc cref="GraphOps.SparseTensorToDense(Graph, ValueTuple{Output, Output, Output}, Operand, bool, string)"/>
    public static Output SparseTensorToDense((Output Indices, Output Values, Output Shape) sparse, Operand defaultValue = default, bool validateIndices = true, string? name = null) =>
        Graph.SparseTensorToDense(sparse, defaultValue, validateIndices, name);

    /// <inheritdoc cref="GraphOps.SparseFromDense(Graph, Operand, string)"/>
    public static (Output Indices, Output Values, Output Shape) SparseFromDense(Operand tensor, string? name = null) =>
        Graph.SparseFromDense(tensor, name);

    /// <inheritdoc cref="GraphOps.SparsePlaceholder(Graph, DType, Shape, string)"/>
    public static (Output Indices, Output Values, Output Shape) SparsePlaceholder(DType dtype, Shape? shape = null, string? name = null) =>
        Graph.SparsePlaceholder(dtype, shape, name);
}
