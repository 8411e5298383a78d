namespace NotebookPersist;

public static partial class tf
{
    public static partial class Linalg
    {
        /// <inheritdoc cref="GraphOps.Eig(Graph, Output, bool, string)"/>
        public static (Output Values, Output Vectors) Eig(Output tensor, bool computeVectors = true, string? name = null) =>
            Graph.Eig(tensor, computeVectors, name);

        /// <inheritdoc cref="GraphOps.Pinv(Graph, Operand, double?, string)"/>
        public static Output Pinv(Operand a, double? rcond = null, string? name = null) => Graph.Pinv(a, rcond, name);

        /// <inheritdoc cref="GraphOps.MatrixRank(Graph, Operand, double?, string)"/>
        public static Output MatrixRank(Operand a, double? tol = null, string? name = null) => Graph.MatrixRank(a, tol, name);
    }
}
