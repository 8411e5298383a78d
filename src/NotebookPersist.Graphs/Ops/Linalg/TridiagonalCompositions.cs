using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Solves systems of linear equations whose matrices have three diagonals only.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="diagonals">Compact: the upper, main and lower diagonal, the upper one's last and the lower one's first number being ignored. Shape: [..., 3, n], or of matrices [..., n, n].</param>
    /// <param name="rhs">Shape: [..., n] or [..., n, k], or [..., k, n] where transposed.</param>
    /// <param name="diagonalsFormat">"compact" or "matrix".</param>
    /// <param name="transposeRhs">Whether rows of the right side are its vectors; they are of the result then too.</param>
    /// <param name="conjugateRhs">Whether the right side is conjugated first.</param>
    /// <param name="name">Node name.</param>
    /// <param name="partialPivoting">Whether rows are exchanged for accuracy.</param>
    /// <returns>Shape: that of the right side.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or there is no such format.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.linalg.tridiagonal_solve</c>.</remarks>
    public static Output TridiagonalSolve(
        this Graph graph,
        Operand diagonals,
        Operand rhs,
        string diagonalsFormat = "compact",
        bool transposeRhs = false,
        bool conjugateRhs = false,
        string? name = null,
        bool partialPivoting = true)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output given = graph.Convert(diagonals, name: "diagonals");
        Output right = graph.Convert(rhs, name: "rhs");
        if (!given.Shape.HasRank || given.Shape.Rank < 2)
            throw new ArgumentException($"Expected diagonals to have rank at least 2, got {given.Shape.ToPythonString()}.", nameof(diagonals));
        Output compact = diagonalsFormat switch
        {
            "compact" => given,
            "matrix" => DiagonalsOf(given),
            _ => throw new ArgumentException($"Unrecognized diagonals_format: {diagonalsFormat}. Use 'compact' or 'matrix', or give three diagonals.", nameof(diagonalsFormat)),
        };
        return SolveCompact(compact, right, transposeRhs, conjugateRhs, name, partialPivoting);
    }

    /// <summary>Solves systems of linear equations whose matrices have three diagonals only, which are given one by one.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="diagonals">The upper, main and lower diagonal. Shape: [..., n]; the upper and the lower one may be [..., n - 1].</param>
    /// <param name="rhs">Shape: [..., n] or [..., n, k], or [..., k, n] where transposed.</param>
    /// <param name="transposeRhs">Whether rows of the right side are its vectors; they are of the result then too.</param>
    /// <param name="conjugateRhs">Whether the right side is conjugated first.</param>
    /// <param name="name">Node name.</param>
    /// <param name="partialPivoting">Whether rows are exchanged for accuracy.</param>
    /// <returns>Shape: that of the right side.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.linalg.tridiagonal_solve</c> with the format "sequence".</remarks>
    public static Output TridiagonalSolve(
        this Graph graph,
        IReadOnlyList<Output> diagonals,
        Operand rhs,
        bool transposeRhs = false,
        bool conjugateRhs = false,
        string? name = null,
        bool partialPivoting = true)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(diagonals);
        if (diagonals.Count != 3)
            throw new ArgumentException($"Expected diagonals to be a sequence of length 3, got {diagonals.Count}.", nameof(diagonals));
        (Output upper, Output main, Output lower) = (diagonals[0], diagonals[1], diagonals[2]);
        if (!main.Shape.HasRank || main.Shape.Rank < 1)
            throw new ArgumentException($"Expected the main diagonal to have a known rank of at least 1, got {main.Shape.ToPythonString()}.", nameof(diagonals));
        Output compact = graph.Stack([Filled(upper, "superdiagonal", 0, 1), main, Filled(lower, "subdiagonal", 1, 0)], axis: -2);
        return SolveCompact(compact, graph.Convert(rhs, name: "rhs"), transposeRhs, conjugateRhs, name, partialPivoting);

        Output Filled(Output diagonal, string what, int before, int after)
        {
            (long has, long needs) = (diagonal.Shape.HasRank && diagonal.Shape.Rank > 0 ? diagonal.Shape[^1] : -1, main.Shape[^1]);
            if (has < 0 || has == needs)
                return diagonal;
            if (has != needs - 1)
                throw new ArgumentException($"Expected {what} to have length {needs} or {needs - 1}, got {has}.", nameof(diagonals));
            int[] paddings = new int[2 * diagonal.Shape.Rank];
            (paddings[^2], paddings[^1]) = (before, after);
            return graph.Pad(diagonal, Tensor.Of<int>([diagonal.Shape.Rank, 2], paddings));
        }
    }

    private static Output SolveCompact(Output diagonals, Output rhs, bool transposeRhs, bool conjugateRhs, string? name, bool partialPivoting)
    {
        Graph graph = diagonals.Graph;
        (Shape d, Shape r) = (diagonals.Shape, rhs.Shape);
        if (!r.HasRank || (r.Rank != d.Rank && r.Rank != d.Rank - 1))
            throw new ArgumentException($"Expected the rank of rhs to be {d.Rank - 1} or {d.Rank}, got {r.ToPythonString()}.", nameof(rhs));
        if (d[^2] is >= 0 and not 3)
            throw new ArgumentException($"Expected 3 diagonals got {d[^2]}.", nameof(diagonals));
        bool isVector = r.Rank == d.Rank - 1;
        if (conjugateRhs && rhs.DType.IsComplex())
            rhs = graph.Conjugate(rhs);
        if (isVector)
            rhs = graph.ExpandDims(rhs, -1);
        else if (transposeRhs)
            rhs = graph.MatrixTranspose(rhs);
        if (d[^1] >= 0 && rhs.Shape[^2] >= 0 && d[^1] != rhs.Shape[^2])
            throw new ArgumentException($"Expected number of left-hand sided and right-hand sides to be equal, got {d[^1]} and {rhs.Shape[^2]}.", nameof(rhs));
        Output solved = graph.Add<TridiagonalSolveOp>(name, new AttributeList { { "partial_pivoting", partialPivoting } }, diagonals, rhs);
        if (isVector)
            return graph.Squeeze(solved, [-1]);
        return transposeRhs ? graph.MatrixTranspose(solved) : solved;
    }

    // The three diagonals of full matrices; what lies outside of them is taken from the first element.
    private static Output DiagonalsOf(Output matrices)
    {
        Graph graph = matrices.Graph;
        (long rows, long columns) = (matrices.Shape[^2], matrices.Shape[^1]);
        if (rows >= 0 && columns >= 0 && rows != columns)
            throw new ArgumentException($"Expected last two dimensions of diagonals to be same, got {columns} and {rows}.", nameof(matrices));
        int n = (int)Math.Max(rows, columns);
        if (n < 1)
            throw new ArgumentException("The size of the matrix needs to be known for diagonals_format=\"matrix\".", nameof(matrices));
        var places = new List<int>();
        for (int i = 0; i < n; i++)
            places.AddRange([.. i + 1 < n ? (int[])[i + 1, i] : [0, 0], i, i, .. i > 0 ? (int[])[i - 1, i] : [0, 0]]);

        // Elements are gathered by their first dimensions, so all are turned round and back.
        return graph.Transpose(graph.GatherNd(graph.Transpose(matrices), Tensor.Of<int>([n, 3, 2], [.. places])));
    }
}
