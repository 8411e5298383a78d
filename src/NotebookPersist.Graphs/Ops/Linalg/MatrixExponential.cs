namespace NotebookPersist;

public static partial class GraphOps
{
    // Numerators of Padé's approximations, lowest power first, and the norms up to which each is good enough. Source: Higham, 2005.
    private static readonly double[] Pade3 = [120, 60, 12, 1];
    private static readonly double[] Pade5 = [30240, 15120, 3360, 420, 30, 1];
    private static readonly double[] Pade7 = [17297280, 8648640, 1995840, 277200, 25200, 1512, 56, 1];
    private static readonly double[] Pade9 = [17643225600, 8821612800, 2075673600, 302702400, 30270240, 2162160, 110880, 3960, 90, 1];

    private static readonly double[] Pade13 =
    [
        64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600, 670442572800, 33522128640, 1323241920, 40840800,
        960960, 16380, 182, 1,
    ];

    private static readonly double[] SingleNorms = [0.4258730016922831, 1.880152677804762];
    private static readonly double[] DoubleNorms = [0.01495585217958292, 0.2539398330063230, 0.9504178996162932, 2.097847961257068];

    /// <summary>The exponential of each matrix.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., n, n], of known rank. DType: floats, complex.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">It holds no matrices of such a type.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.linalg.expm</c>: quotients of polynomials for a matrix that is halved until it is small, and squared again after.</remarks>
    public static Output Expm(this Graph graph, Operand input, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "matrix_exponential");
        Output matrix = graph.Convert(input, name: "input");
        if (!matrix.DType.IsFloating() && !matrix.DType.IsComplex())
            throw new ArgumentException($"tf.linalg.expm does not support matrices of type {matrix.DType.Name()}.", nameof(input));
        Shape known = matrix.Shape;
        if (!known.HasRank || known.Rank < 2)
            throw new ArgumentException($"Matrices have at least two dimensions; '{matrix.Name}' has shape {known.ToPythonString()}.", nameof(input));
        if (known[^1] == 0 && known[^2] == 0)
            return matrix;
        Output shape = graph.Shape(matrix);

        // In a flat batch conditions choose whole matrices.
        matrix = graph.Reshape(matrix, graph.Concat([new[] { -1 }, shape[^2..]], 0));
        matrix.SetShape([-1, known[^2], known[^1]]);
        Output norm = graph.ReduceMax(graph.ReduceSum(graph.Abs(matrix), -2), -1);
        bool wide = matrix.DType is DType.Float64 or DType.Complex128;
        (double[][] orders, double[] limits) = wide ? (new[] { Pade3, Pade5, Pade7, Pade9, Pade13 }, DoubleNorms) : (new[] { Pade3, Pade5, Pade7 }, SingleNorms);
        double largest = wide ? 5.371920351148152 : 3.925724783138660;
        Output squarings = graph.Maximum(graph.Floor(graph.Log(norm / largest) / Math.Log(2)), 0);
        Output scale = graph.Power(Number(graph, 2, matrix.DType), graph.Cast(squarings, matrix.DType));
        Output halved = matrix / scale[SliceIndex.Ellipsis, SliceIndex.NewAxis, SliceIndex.NewAxis];
        (Output u, Output v) = Pade(halved, orders[^1]);
        for (int i = orders.Length - 2; i >= 0; i--)
        {
            Output isSmall = graph.Less(norm, limits[i]);
            (Output odd, Output even) = Pade(matrix, orders[i]);
            (u, v) = (graph.Where(isSmall, odd, u), graph.Where(isSmall, even, v));
        }

        Output result = Squared(graph.MatrixSolve(v - u, u + v), squarings);
        result = graph.Reshape(result, shape);
        result.SetShape(known);
        return result;
    }

    // The odd and the even part of a polynomial of the matrix.
    private static (Output Odd, Output Even) Pade(Output matrix, double[] coefficients)
    {
        Graph graph = matrix.Graph;
        Output identity = graph.MatrixDiag(graph.Ones(graph.Shape(matrix)[..^1], matrix.DType));
        Output square = graph.MatMul(matrix, matrix);
        Output power = identity;
        Output? odd = null, even = null;
        for (int i = 0; i < coefficients.Length; i += 2)
        {
            if (i > 0)
                power = i == 2 ? square : graph.MatMul(power, square);
            even = Sum(even, coefficients[i] * power);
            odd = Sum(odd, coefficients[i + 1] * power);
        }

        // All have at least one coefficient of both kinds.
        return (graph.MatMul(matrix, odd!), even!);

        static Output Sum(Output? sum, Output term) => sum is null ? term : sum + term;
    }

    // Each matrix squared as often as it was halved.
    private static Output Squared(Output matrices, Output squarings)
    {
        Graph graph = matrices.Graph;
        Output most = graph.ReduceMax(squarings);
        return graph.WhileLoop(
            v => graph.Less((Output)v[0], most),
            v => [(Output)v[0] + 1.0, graph.Where(graph.Less((Output)v[0], squarings), graph.MatMul((Output)v[1], (Output)v[1]), (Output)v[1])],
            [graph.Constant(0.0, squarings.DType), matrices])[1];
    }
}
