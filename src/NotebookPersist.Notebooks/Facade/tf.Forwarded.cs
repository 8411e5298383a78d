namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.AsString(Graph, Operand, int, bool, bool, int, string, string)"/>
    public static Output AsString(Operand input, int precision = -1, bool scientific = false, bool shortest = false, int width = -1, string fill = "", string? name = null) =>
        Graph.AsString(input, precision, scientific, shortest, width, fill, name);

    /// <inheritdoc cref="GraphOps.BatchToSpace(Graph, Operand, Operand, int, string)"/>
    public static Output BatchToSpace(Operand input, Operand crops, int blockSize, string? name = null) =>
        Graph.BatchToSpace(input, crops, blockSize, name);

    /// <inheritdoc cref="GraphOps.BatchToSpaceND(Graph, Operand, Operand, Operand, string)"/>
    public static Output BatchToSpaceND(Operand input, Operand blockShape, Operand crops, string? name = null) =>
        Graph.BatchToSpaceND(input, blockShape, crops, name);

    /// <inheritdoc cref="GraphOps.DecodeBase64(Graph, Operand, string)"/>
    public static Output DecodeBase64(Operand input, string? name = null) => Graph.DecodeBase64(input, name);

    /// <inheritdoc cref="GraphOps.DepthToSpace(Graph, Operand, int, string, string)"/>
    public static Output DepthToSpace(Operand input, int blockSize, string dataFormat = "NHWC", string? name = null) =>
        Graph.DepthToSpace(input, blockSize, dataFormat, name);

    /// <inheritdoc cref="GraphOps.EncodeBase64(Graph, Operand, bool, string)"/>
    public static Output EncodeBase64(Operand input, bool pad = false, string? name = null) => Graph.EncodeBase64(input, pad, name);

    /// <inheritdoc cref="GraphOps.Fft(Graph, Operand, string)"/>
    public static Output Fft(Operand input, string? name = null) => Graph.Fft(input, name);

    /// <inheritdoc cref="GraphOps.Fft2D(Graph, Operand, string)"/>
    public static Output Fft2D(Operand input, string? name = null) => Graph.Fft2D(input, name);

    /// <inheritdoc cref="GraphOps.Fft3D(Graph, Operand, string)"/>
    public static Output Fft3D(Operand input, string? name = null) => Graph.Fft3D(input, name);

    /// <inheritdoc cref="GraphOps.Ifft(Graph, Operand, string)"/>
    public static Output Ifft(Operand input, string? name = null) => Graph.Ifft(input, name);

    /// <inheritdoc cref="GraphOps.Ifft2D(Graph, Operand, string)"/>
    public static Output Ifft2D(Operand input, string? name = null) => Graph.Ifft2D(input, name);

    /// <inheritdoc cref="GraphOps.Ifft3D(Graph, Operand, string)"/>
    public static Output Ifft3D(Operand input, string? name = null) => Graph.Ifft3D(input, name);

    /// <inheritdoc cref="GraphOps.MatrixSolve(Graph, Operand, Operand, bool, string)"/>
    public static Output MatrixSolve(Operand matrix, Operand rhs, bool adjoint = false, string? name = null) =>
        Graph.MatrixSolve(matrix, rhs, adjoint, name);

    /// <inheritdoc cref="GraphOps.MatrixSolveLs(Graph, Operand, Operand, double, bool, string)"/>
    public static Output MatrixSolveLs(Operand matrix, Operand rhs, double l2Regularizer = 0, bool fast = true, string? name = null) =>
        Graph.MatrixSolveLs(matrix, rhs, l2Regularizer, fast, name);

    /// <inheritdoc cref="GraphOps.MatrixTriangularSolve(Graph, Operand, Operand, bool, bool, string)"/>
    public static Output MatrixTriangularSolve(Operand matrix, Operand rhs, bool lower = true, bool adjoint = false, string? name = null) =>
        Graph.MatrixTriangularSolve(matrix, rhs, lower, adjoint, name);

    /// <inheritdoc cref="GraphOps.Qr(Graph, Operand, bool, string)"/>
    public static (Output Q, Output R) Qr(Operand input, bool fullMatrices = false, string? name = null) => Graph.Qr(input, fullMatrices, name);

    /// <inheritdoc cref="GraphOps.ReduceJoin(Graph, Operand, Operand, bool, string, string)"/>
    public static Output ReduceJoin(Operand inputs, Operand axis = default, bool keepDims = false, string separator = "", string? name = null) =>
        Graph.ReduceJoin(inputs, axis, keepDims, separator, name);

    /// <inheritdoc cref="GraphOps.RegexReplace(Graph, Operand, Operand, Operand, bool, string)"/>
    public static Output RegexReplace(Operand input, Operand pattern, Operand rewrite, bool replaceGlobal = true, string? name = null) =>
        Graph.RegexReplace(input, pattern, rewrite, replaceGlobal, name);

    /// <inheritdoc cref="GraphOps.SelfAdjointEig(Graph, Operand, bool, string)"/>
    public static (Output Values, Output Vectors) SelfAdjointEig(Operand tensor, bool computeVectors = true, string? name = null) =>
        Graph.SelfAdjointEig(tensor, computeVectors, name);

    /// <inheritdoc cref="GraphOps.SpaceToBatch(Graph, Operand, Operand, int, string)"/>
    public static Output SpaceToBatch(Operand input, Operand paddings, int blockSize, string? name = null) =>
        Graph.SpaceToBatch(input, paddings, blockSize, name);

    /// <inheritdoc cref="GraphOps.SpaceToBatchND(Graph, Operand, Operand, Operand, string)"/>
    public static Output SpaceToBatchND(Operand input, Operand blockShape, Operand paddings, string? name = null) =>
        Graph.SpaceToBatchND(input, blockShape, paddings, name);

    /// <inheritdoc cref="GraphOps.SpaceToDepth(Graph, Operand, int, string, string)"/>
    public static Output SpaceToDepth(Operand input, int blockSize, string dataFormat = "NHWC", string? name = null) =>
        Graph.SpaceToDepth(input, blockSize, dataFormat, name);

    /// <inheritdoc cref="GraphOps.StringJoin(Graph, ReadOnlySpan{Operand}, string, string)"/>
    public static Output StringJoin(ReadOnlySpan<Operand> inputs, string separator = "", string? name = null) =>
        Graph.StringJoin(inputs, separator, name);

    /// <inheritdoc cref="GraphOps.StringSplit(Graph, Operand, Operand, bool, string)"/>
    public static (Output Indices, Output Values, Output DenseShape) StringSplit(Operand source, Operand delimiter = default, bool skipEmpty = true, string? name = null) =>
        Graph.StringSplit(source, delimiter, skipEmpty, name);

    /// <inheritdoc cref="GraphOps.StringToHashBucketFast(Graph, Operand, long, string)"/>
    public static Output StringToHashBucketFast(Operand input, long numBuckets, string? name = null) =>
        Graph.StringToHashBucketFast(input, numBuckets, name);

    /// <inheritdoc cref="GraphOps.StringToNumber(Graph, Operand, DType, string)"/>
    public static Output StringToNumber(Operand stringTensor, DType outType = DType.Float32, string? name = null) =>
        Graph.StringToNumber(stringTensor, outType, name);

    /// <inheritdoc cref="GraphOps.Substr(Graph, Operand, Operand, Operand, string, string)"/>
    public static Output Substr(Operand input, Operand pos, Operand len, string unit = "BYTE", string? name = null) =>
        Graph.Substr(input, pos, len, unit, name);

    /// <inheritdoc cref="GraphOps.Svd(Graph, Operand, bool, bool, string)"/>
    public static (Output S, Output U, Output V) Svd(Operand tensor, bool fullMatrices = false, bool computeUv = true, string? name = null) =>
        Graph.Svd(tensor, fullMatrices, computeUv, name);
}
