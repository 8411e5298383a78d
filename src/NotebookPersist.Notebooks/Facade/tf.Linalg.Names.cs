namespace NotebookPersist;

public static partial class tf
{
    public static partial class Linalg
    {
        /// <inheritdoc cref="GraphOps.Adjoint"/>
        public static Output Adjoint(Operand matrix, string? name = null) => Graph.Adjoint(matrix, name);

        /// <inheritdoc cref="GraphOps.MatrixBandPart"/>
        public static Output BandPart(Operand input, Operand numLower, Operand numUpper, string? name = null) => Graph.MatrixBandPart(input, numLower, numUpper, name);

        /// <inheritdoc cref="GraphOps.Cholesky"/>
        public static Output Cholesky(Operand input, string? name = null) => Graph.Cholesky(input, name);

        /// <inheritdoc cref="GraphOps.CholeskySolve"/>
        public static Output CholeskySolve(Operand chol, Operand rhs, string? name = null) => Graph.CholeskySolve(chol, rhs, name);

        /// <inheritdoc cref="GraphOps.Cross"/>
        public static Output Cross(Operand a, Operand b, string? name = null) => Graph.Cross(a, b, name);

        /// <inheritdoc cref="GraphOps.MatrixDeterminant"/>
        public static Output Det(Operand input, string? name = null) => Graph.MatrixDeterminant(input, name);

        /// <inheritdoc cref="GraphOps.MatrixDiag"/>
        public static Output Diag(Operand diagonal, string? name = null) => Graph.MatrixDiag(diagonal, name);

        /// <inheritdoc cref="GraphOps.MatrixDiagPart"/>
        public static Output DiagPart(Operand input, string? name = null) => Graph.MatrixDiagPart(input, name);

        /// <inheritdoc cref="GraphOps.SelfAdjointEig"/>
        public static (Output Values, Output Vectors) Eigh(Operand tensor, string? name = null) => Graph.SelfAdjointEig(tensor, name: name);

        /// <inheritdoc cref="GraphOps.Eigvalsh"/>
        public static Output Eigvalsh(Operand tensor, string? name = null) => Graph.Eigvalsh(tensor, name);

        /// <inheritdoc cref="GraphOps.Einsum"/>
        public static Output Einsum(string equation, params ReadOnlySpan<Operand> inputs) => Graph.Einsum(equation, inputs);

        /// <inheritdoc cref="GraphOps.Expm"/>
        public static Output Expm(Operand input, string? name = null) => Graph.Expm(input, name);

        /// <inheritdoc cref="GraphOps.Eye"/>
        public static Output Eye(int numRows, int? numColumns = null, long[]? batchShape = null, DType dtype = DType.Float32, string? name = null) =>
            Graph.Eye(numRows, numColumns, batchShape, dtype, name);

        /// <inheritdoc cref="GraphOps.GlobalNorm"/>
        public static Output GlobalNorm(IReadOnlyList<Output?> tList, string? name = null) => Graph.GlobalNorm(tList, name);

        /// <inheritdoc cref="GraphOps.MatrixInverse"/>
        public static Output Inv(Operand input, bool adjoint = false, string? name = null) => Graph.MatrixInverse(input, adjoint, name);

        /// <inheritdoc cref="GraphOps.L2Normalize"/>
        public static Output L2Normalize(Operand x, Operand axis = default, double epsilon = 1e-12, string? name = null) => Graph.L2Normalize(x, axis, epsilon, name);

        /// <inheritdoc cref="GraphOps.Logdet"/>
        public static Output Logdet(Operand matrix, string? name = null) => Graph.Logdet(matrix, name);

        /// <inheritdoc cref="GraphOps.MatrixLogarithm"/>
        public static Output Logm(Operand input, string? name = null) => Graph.MatrixLogarithm(input, name);

        /// <inheritdoc cref="GraphOps.MatrixSolveLs"/>
        public static Output Lstsq(Operand matrix, Operand rhs, double l2Regularizer = 0, bool fast = true, string? name = null) =>
            Graph.MatrixSolveLs(matrix, rhs, l2Regularizer, fast, name);

        /// <inheritdoc cref="GraphOps.MatMul"/>
        public static Output MatMul(Operand a, Operand b, bool transposeA = false, bool transposeB = false, string? name = null) =>
            Graph.MatMul(a, b, transposeA, transposeB, name);

        /// <inheritdoc cref="GraphOps.Matvec"/>
        public static Output Matvec(Operand a, Operand b, bool transposeA = false, bool adjointA = false, string? name = null) =>
            Graph.Matvec(a, b, transposeA, adjointA, name);

        /// <inheritdoc cref="GraphOps.MatrixSetDiag"/>
        public static Output SetDiag(Operand input, Operand diagonal, string? name = null) => Graph.MatrixSetDiag(input, diagonal, name);

        /// <inheritdoc cref="GraphOps.LogMatrixDeterminant"/>
        public static (Output Sign, Output LogAbsoluteDeterminant) Slogdet(Operand input, string? name = null) => Graph.LogMatrixDeterminant(input, name);

        /// <inheritdoc cref="GraphOps.MatrixSolve"/>
        public static Output Solve(Operand matrix, Operand rhs, bool adjoint = false, string? name = null) => Graph.MatrixSolve(matrix, rhs, adjoint, name);

        /// <inheritdoc cref="GraphOps.MatrixSquareRoot"/>
        public static Output Sqrtm(Operand input, string? name = null) => Graph.MatrixSquareRoot(input, name);

        /// <inheritdoc cref="GraphOps.Diag"/>
        public static Output TensorDiag(Operand diagonal, string? name = null) => Graph.Diag(diagonal, name);

        /// <inheritdoc cref="GraphOps.DiagPart"/>
        public static Output TensorDiagPart(Operand input, string? name = null) => Graph.DiagPart(input, name);

        /// <inheritdoc cref="GraphOps.MatrixTranspose"/>
        public static Output Transpose(Operand a, bool conjugate = false, string? name = null) => Graph.MatrixTranspose(a, conjugate, name);

        /// <inheritdoc cref="GraphOps.MatrixTriangularSolve"/>
        public static Output TriangularSolve(Operand matrix, Operand rhs, bool lower = true, bool adjoint = false, string? name = null) =>
            Graph.MatrixTriangularSolve(matrix, rhs, lower, adjoint, name);

        /// <inheritdoc cref="GraphOps.TridiagonalSolve(Graph, Operand, Operand, string, bool, bool, string, bool)"/>
        public static Output TridiagonalSolve(
            Operand diagonals,
            Operand rhs,
            string diagonalsFormat = "compact",
            bool transposeRhs = false,
            bool conjugateRhs = false,
            string? name = null,
            bool partialPivoting = true) =>
            Graph.TridiagonalSolve(diagonals, rhs, diagonalsFormat, transposeRhs, conjugateRhs, name, partialPivoting);

        /// <inheritdoc cref="GraphOps.TridiagonalSolve(Graph, IReadOnlyList{Output}, Operand, bool, bool, string, bool)"/>
        public static Output TridiagonalSolve(
            IReadOnlyList<Output> diagonals,
            Operand rhs,
            bool transposeRhs = false,
            bool conjugateRhs = false,
            string? name = null,
            bool partialPivoting = true) =>
            Graph.TridiagonalSolve(diagonals, rhs, transposeRhs, conjugateRhs, name, partialPivoting);

        /// <inheritdoc cref="GraphOps.MatrixTranspose(Graph, Operand, bool, string)"/>
        public static Output MatrixTranspose(Operand a, bool conjugate = false, string? name = null) => Graph.MatrixTranspose(a, conjugate, name);

        /// <inheritdoc cref="GraphOps.Norm(Graph, Operand, double?, Axes, bool, string)"/>
        public static Output Norm(Operand tensor, double? ord = null, Axes axis = default, bool keepDims = false, string? name = null) =>
            Graph.Norm(tensor, ord, axis, keepDims, name);

        /// <inheritdoc cref="GraphOps.Tensordot(Graph, Operand, Operand, int, string)"/>
        public static Output Tensordot(Operand a, Operand b, int axes, string? name = null) => Graph.Tensordot(a, b, axes, name);

        /// <inheritdoc cref="GraphOps.Tensordot(Graph, Operand, Operand, int[], int[], string)"/>
        public static Output Tensordot(Operand a, Operand b, int[] aAxes, int[] bAxes, string? name = null) =>
            Graph.Tensordot(a, b, aAxes, bAxes, name);

        /// <inheritdoc cref="GraphOps.Trace(Graph, Operand, string)"/>
        public static Output Trace(Operand x, string? name = null) => Graph.Trace(x, name);
    }
}
