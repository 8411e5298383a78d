namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.Einsum(Graph, string, ReadOnlySpan{Operand}, string)"/>
    public static Output Einsum(string equation, params ReadOnlySpan<Operand> inputs) => Graph.Einsum(equation, inputs);

    /// <summary>Work on matrices, in the default graph.</summary>
    public static partial class Linalg
    {
        /// <inheritdoc cref="GraphOps.SelfAdjointEig(Graph, Operand, bool, string)"/>
        public static (Output Values, Output Vectors) SelfAdjointEig(Operand tensor, bool computeVectors = true, string? name = null) =>
            Graph.SelfAdjointEig(tensor, computeVectors, name);

        /// <inheritdoc cref="GraphOps.Lu(Graph, Operand, DType, string)"/>
        public static (Output Factors, Output Order) Lu(Operand input, DType indexType = DType.Int32, string? name = null) => Graph.Lu(input, indexType, name);

        /// <inheritdoc cref="GraphOps.MatrixLogarithm(Graph, Operand, string)"/>
        public static Output MatrixLogarithm(Operand input, string? name = null) => Graph.MatrixLogarithm(input, name);

        /// <inheritdoc cref="GraphOps.MatrixSolve(Graph, Operand, Operand, bool, string)"/>
        public static Output MatrixSolve(Operand matrix, Operand rhs, bool adjoint = false, string? name = null) =>
            Graph.MatrixSolve(matrix, rhs, adjoint, name);

        /// <inheritdoc cref="GraphOps.MatrixSolveLs(Graph, Operand, Operand, double, bool, string)"/>
        public static Output MatrixSolveLs(Operand matrix, Operand rhs, double l2Regularizer = 0, bool fast = true, string? name = null) =>
            Graph.MatrixSolveLs(matrix, rhs, l2Regularizer, fast, name);

        /// <inheritdoc cref="GraphOps.MatrixSquareRoot(Graph, Operand, string)"/>
        public static Output MatrixSquareRoot(Operand input, string? name = null) => Graph.MatrixSquareRoot(input, name);

        /// <inheritdoc cref="GraphOps.MatrixTriangularSolve(Graph, Operand, Operand, bool, bool, string)"/>
        public static Output MatrixTriangularSolve(Operand matrix, Operand rhs, bool lower = true, bool adjoint = false, string? name = null) =>
            Graph.MatrixTriangularSolve(matrix, rhs, lower, adjoint, name);

        /// <inheritdoc cref="GraphOps.Qr(Graph, Operand, bool, string)"/>
        public static (Output Q, Output R) Qr(Operand input, bool fullMatrices = false, string? name = null) => Graph.Qr(input, fullMatrices, name);

        /// <inheritdoc cref="GraphOps.Svd(Graph, Operand, bool, bool, string)"/>
        public static (Output S, Output U, Output V) Svd(Operand tensor, bool fullMatrices = false, bool computeUv = true, string? name = null) =>
            Graph.Svd(tensor, fullMatrices, computeUv, name);
    }
}
