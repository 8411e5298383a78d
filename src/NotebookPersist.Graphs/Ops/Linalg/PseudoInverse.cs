namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The Moore-Penrose pseudoinverse of each matrix.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">Shape: [..., m, n] with sizes known. DType: float32, float64.</param>
    /// <param name="rcond">Singular values below this part of the largest count as 0; by default ten times the larger size times the type's precision.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [..., n, m].</returns>
    /// <exception cref="ArgumentException">The sizes are not known, or the elements are no real floats.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.linalg.pinv</c>.</remarks>
    public static Output Pinv(this Graph graph, Operand a, double? rcond = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "pinv");
        Output x = graph.Convert(a, name: "a");
        (Output values, Output u, Output v) = graph.Svd(x);
        Output cutoff = graph.Multiply(graph.Cast(rcond ?? Tolerance(x, 10), x.DType), graph.ReduceMax(values, -1, keepDims: true));
        Output kept = graph.Where(graph.Greater(values, graph.Add(cutoff, graph.ZerosLike(values))), values, graph.Fill(graph.Shape(values), graph.Cast(double.PositiveInfinity, x.DType)));
        return graph.BatchMatMul(graph.Divide(v, graph.ExpandDims(kept, -2)), u, adjointY: true);
    }

    /// <summary>How many singular values of each matrix are not 0.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">Shape: [..., m, n] with sizes known. DType: float32, float64.</param>
    /// <param name="tol">What is at most this counts as 0; by default the largest, times the larger size, times the type's precision.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [...]. DType: int32.</returns>
    /// <exception cref="ArgumentException">The sizes are not known, or the elements are no real floats.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.linalg.matrix_rank</c>.</remarks>
    public static Output MatrixRank(this Graph graph, Operand a, double? tol = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "matrix_rank");
        Output x = graph.Convert(a, name: "a");
        Output values = graph.Svd(x, computeVectors: false).S;
        Output least = tol is { } given
            ? graph.Cast(given, x.DType)
            : graph.Multiply(graph.Cast(Tolerance(x, 1), x.DType), graph.ReduceMax(values, -1, keepDims: true));
        return graph.ReduceSum(graph.Cast(graph.Greater(values, least), DType.Int32), -1);
    }

    private static double Tolerance(Output matrices, double factor)
    {
        if (matrices.Shape is not { HasRank: true, Rank: >= 2 } shape || shape[^1] < 0 || shape[^2] < 0 || matrices.DType is not (DType.Float32 or DType.Float64))
            throw new ArgumentException($"Matrices of known sizes with float32 or float64 are needed, got {matrices.DType.Name()} {matrices.Shape}.", nameof(matrices));
        return factor * Math.Max(shape[^1], shape[^2]) * PrecisionOf(matrices.DType);
    }
}
