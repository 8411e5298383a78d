namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Each matrix with rows and columns exchanged and its numbers conjugated.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="matrix">Shape: [..., rows, columns].</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">The rank is known to be less than 2.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.linalg.adjoint</c>.</remarks>
    public static Output Adjoint(this Graph graph, Operand matrix, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "adjoint");
        return graph.MatrixTranspose(graph.Convert(matrix, name: "matrix"), conjugate: true);
    }

    /// <summary>Solves systems of linear equations by the Cholesky factors of their matrices.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="chol">The factors, as <see cref="Cholesky"/> gives them. Shape: [..., n, n].</param>
    /// <param name="rhs">Shape: [..., n, k].</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [..., n, k].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.cholesky_solve</c>.</remarks>
    public static Output CholeskySolve(this Graph graph, Operand chol, Operand rhs, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "cholesky_solve");
        Output factor = graph.Convert(chol);
        return graph.MatrixTriangularSolve(factor, graph.MatrixTriangularSolve(factor, rhs), adjoint: true);
    }

    /// <summary>The logarithm of the determinant of each matrix.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="matrix">Hermitian and positive definite. Shape: [..., n, n]. DType: floats, complex.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [...]. DType: real.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.linalg.logdet</c>, by the Cholesky factor.</remarks>
    public static Output Logdet(this Graph graph, Operand matrix, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "logdet");
        Output diagonal = graph.MatrixDiagPart(graph.Cholesky(matrix));
        if (diagonal.DType.IsComplex())
            diagonal = graph.Real(diagonal);
        return 2.0 * graph.ReduceSum(graph.Log(diagonal), new[] { -1 });
    }

    /// <summary>The product of each matrix with a vector.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">Shape: [..., m, n], or [..., n, m] where transposed. DType: numbers.</param>
    /// <param name="b">Shape: [..., n]. DType: that of <paramref name="a"/>.</param>
    /// <param name="transposeA">Whether the matrix is to be transposed.</param>
    /// <param name="adjointA">Whether it is to be transposed and conjugated.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [..., m].</returns>
    /// <exception cref="ArgumentException">Both are asked for.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.linalg.matvec</c>.</remarks>
    public static Output Matvec(this Graph graph, Operand a, Operand b, bool transposeA = false, bool adjointA = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (transposeA && adjointA)
            throw new ArgumentException("Only one of transpose_a and adjoint_a can be True.", nameof(adjointA));
        using NameScope scope = graph.NameScope(name ?? "MatVec");
        Output matrices = graph.Convert(a, name: "a");
        if (adjointA && matrices.DType.IsComplex())
            matrices = graph.Conjugate(matrices);
        return graph.Squeeze(graph.MatMul(matrices, graph.ExpandDims(b, -1), transposeA: transposeA || adjointA), [-1]);
    }

    /// <summary>The eigenvalues of self-adjoint matrices, in rising order.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Shape: [..., n, n]; only the lower triangle is read. DType: floats, complex.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [..., n].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.linalg.eigvalsh</c>.</remarks>
    public static Output Eigvalsh(this Graph graph, Operand tensor, string? name = null) => graph.SelfAdjointEig(tensor, computeVectors: false, name).Values;
}
