using System.Numerics;
using NotebookPersist.Tests.Graphs.Gradients;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Linalg;

public sealed class MatrixFactorTests
{
    private static readonly Tensor Tall = Tensor.Of<double>([2, 3, 2], [1.3, 0.4, -0.7, 2.1, 0.9, 1.6, 0.2, -1.1, 1.7, 0.6, -0.3, 0.8]);
    private static readonly Tensor Square = Tensor.Of<double>([2, 2], [2.3, 0.4, -0.7, 1.9]);
    private static readonly Tensor Definite = Tensor.Of<double>([3, 3], [4, 12, -16, 12, 37, -43, -16, -43, 98]);

    [Fact]
    public void Cholesky_factor_is_the_published_one()
    {
        // Source: the worked example of the English encyclopedia's article on the decomposition.
        var graph = new Graph();
        Assert.Equal([2, 0, 0, 6, 1, 0, -8, 5, 3], Run(graph.Cholesky(Definite)));
    }

    [Fact]
    public void Cholesky_gradient_agrees_with_differences_and_with_its_older_operation()
    {
        Output Of(Graph g, Output x) => g.Cholesky(g.BatchMatMul(x, x, adjointY: true));
        GradientCheck.Run("Cholesky", (g, x) => Of(g, x[0]), [Square]);
        var graph = new Graph();
        Output a = graph.Constant(Definite);
        Output l = graph.Cholesky(a);
        Tensor weights = Tensor.Of<double>([3, 3], [1, 0, 0, 2, 3, 0, 4, 5, 6]);
        Output? gradient = graph.Gradients([l], [a], [graph.Constant(weights)])[0];
        Assert.NotNull(gradient);
        AssertNear(Run(gradient), Run(graph.AddOperation("CholeskyGrad", null, null, l, weights)[0]), 1e-9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Qr_multiplies_back_and_its_Q_is_orthogonal(bool full)
    {
        foreach (Tensor a in new[] { Tall, Square, Wide() })
        {
            var graph = new Graph();
            (Output q, Output r) = graph.Qr(a, full);
            AssertNear(a.ToArray<double>(), Run(graph.MatMul(q, r)), 1e-12);
            AssertIdentity(Run(graph.BatchMatMul(q, q, adjointX: true)), (int)q.Shape[^1]);
            AssertNear(Run(r), Run(graph.MatrixBandPart(r, 0, -1)), 0);
        }
    }

    [Fact]
    public void Qr_diagonal_is_negative_where_columns_lead_with_positive_numbers()
    {
        var graph = new Graph();
        (_, Output r) = graph.Qr(Tensor.Of<float>([2, 2], [3, 1, 4, 2]));
        using var session = new Session(graph);
        AssertNear([-5, -2.2, 0, 0.4], [.. session.Run(r).ToArray<float>().Select(static v => (double)v)], 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Svd_multiplies_back_in_order_with_orthogonal_vectors(bool full)
    {
        foreach (Tensor a in new[] { Tall, Square, Wide(), Definite })
        {
            var graph = new Graph();
            (Output s, Output u, Output v) = graph.Svd(a, full);
            double[] values = Run(s);
            int p = (int)s.Shape[^1];
            for (int i = 1; i < values.Length; i++)
                Assert.True(i % p == 0 || values[i - 1] >= values[i]);
            AssertIdentity(Run(graph.BatchMatMul(u, u, adjointX: true)), (int)u.Shape[^1]);
            AssertIdentity(Run(graph.BatchMatMul(v, v, adjointX: true)), (int)v.Shape[^1]);
            (Output _, Output u1, Output v1) = graph.Svd(a);
            Output back = graph.BatchMatMul(graph.BatchMatMul(u1, graph.MatrixDiag(s)), v1, adjointY: true);
            AssertNear(a.ToArray<double>(), Run(back), 1e-11);
        }
    }

    [Fact]
    public void Complex_factors_multiply_back()
    {
        Complex[] values = [new(1, 2), new(0.5, -1), new(-0.3, 0.7), new(2, 0.1), new(0, 1), new(-1, 0.4)];
        foreach (Shape shape in new Shape[] { [3, 2], [2, 3] })
        {
            var graph = new Graph();
            Tensor a = Tensor.Of<Complex>(shape, values);
            (Output s, Output u, Output v) = graph.Svd(a);
            using var session = new Session(graph);
            Output product = graph.BatchMatMul(graph.BatchMatMul(u, graph.MatrixDiag(s)), v, adjointY: true);
            (Output q, Output r) = graph.Qr(a);
            foreach (Tensor found in new[] { session.Run(product), session.Run(graph.BatchMatMul(q, r)) })
            {
                for (int i = 0; i < values.Length; i++)
                    Assert.True(Complex.Abs(values[i] - found.Data<Complex>()[i]) < 1e-11, $"{found} at {i} of {shape}");
            }
        }
    }

    [Fact]
    public void Eigenvectors_turn_the_matrix_into_its_values()
    {
        var graph = new Graph();
        (Output values, Output vectors) = graph.SelfAdjointEig(Definite);
        double[] e = Run(values);
        Assert.True(e[0] < e[1] && e[1] < e[2]);
        AssertNear(Run(graph.MatMul(Definite, vectors)), Run(graph.MatMul(vectors, graph.MatrixDiag(values))), 1e-10);
        AssertIdentity(Run(graph.MatMul(vectors, vectors, transposeA: true)), 3);
        Assert.Equal(139, e[0] + e[1] + e[2], 1e-9);
    }

    [Fact]
    public void Gradients_agree_with_differences()
    {
        GradientCheck.Run("Qr", static (g, x) => g.Concat([g.Qr(x[0]).Q, g.Qr(x[0]).R], 1), [Tall]);
        GradientCheck.Run("Svd values", static (g, x) => g.Svd(x[0]).S, [Tall]);
        GradientCheck.Run("Svd values alone", static (g, x) => g.Svd(x[0], computeVectors: false).S, [Wide()]);
        GradientCheck.Run("Svd vectors", static (g, x) => g.Concat([g.Svd(x[0]).U, g.Svd(x[0]).V], 1), [Tall]);
        GradientCheck.Run("SelfAdjointEig", static (g, x) => g.SelfAdjointEig(g.BatchMatMul(x[0], x[0], adjointY: true)).Vectors, [Square]);
        GradientCheck.Run("MatrixSquareRoot", static (g, x) => g.MatrixSquareRoot(x[0]), [Square]);
        GradientCheck.Run("MatrixSolve", static (g, x) => g.MatrixSolve(x[0], x[1]), [Square, Tensor.Of<double>([2, 1], [0.3, 0.8])]);
        GradientCheck.Run("MatrixSolve, adjoint", static (g, x) => g.MatrixSolve(x[0], x[1], adjoint: true), [Square, Tensor.Of<double>([2, 1], [0.3, 0.8])]);
        GradientCheck.Run("MatrixTriangularSolve", static (g, x) => g.MatrixTriangularSolve(x[0], x[1], lower: false), [Square, Tensor.Of<double>([2, 1], [0.3, 0.8])]);
        GradientCheck.Run("MatrixSolveLs, tall", static (g, x) => g.MatrixSolveLs(x[0], x[1], 0.3), [Tall, Tensor.Of<double>([2, 3, 1], [0.3, 0.8, -0.2, 0.4, 0.1, 0.9])]);
        GradientCheck.Run("MatrixSolveLs, wide", static (g, x) => g.MatrixSolveLs(x[0], x[1], 0.3), [Wide(), Tensor.Of<double>([2, 1], [0.3, 0.8])]);
    }

    [Fact]
    public void Least_squares_solutions_agree_between_both_ways()
    {
        var graph = new Graph();
        foreach (Tensor a in new[] { Wide(), Tensor.Of<double>([3, 2], [1, 2, 3, 4, 5, 7]) })
        {
            Tensor b = Tensor.Of<double>([a.Shape[0], 1], [.. Enumerable.Range(1, (int)a.Shape[0]).Select(static i => (double)i)]);
            AssertNear(Run(graph.MatrixSolveLs(a, b)), Run(graph.MatrixSolveLs(a, b, fast: false)), 1e-9);
        }
    }

    [Fact]
    public void Lu_factors_multiply_back_to_the_reordered_matrix()
    {
        var graph = new Graph();
        (Output lu, Output order) = graph.Lu(Definite);
        double[] packed = Run(lu);
        using var session = new Session(graph);
        int[] rows = session.Run(order).ToArray<int>();
        double[] a = Definite.ToArray<double>();
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                double sum = 0;
                for (int k = 0; k <= Math.Min(i, j); k++)
                    sum += (k == i ? 1 : packed[(i * 3) + k]) * packed[(k * 3) + j];
                Assert.Equal(a[(rows[i] * 3) + j], sum, 1e-10);
            }
        }

        RunException singular = Assert.Throws<RunException>(() => session.Run(graph.Lu(Tensor.Of<float>([2, 2], [1, 2, 2, 4])).Factors));
        Assert.Contains("not invertible", singular.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_functions_undo_each_other()
    {
        var graph = new Graph();
        AssertNear(Square.ToArray<double>(), Run(graph.MatMul(graph.MatrixSquareRoot(Square), graph.MatrixSquareRoot(Square))), 1e-12);
        using var session = new Session(graph);
        Complex[] values = [new(0.3, 0.1), new(-0.2, 0), new(0.4, 0.2), new(0.1, -0.3)];
        Output exponential = graph.AddOperation("MatrixExponential", null, null, Tensor.Of<Complex>([2, 2], values))[0];
        Tensor back = session.Run(graph.MatrixLogarithm(exponential));
        for (int i = 0; i < 4; i++)
            Assert.True(Complex.Abs(values[i] - back.Data<Complex>()[i]) < 1e-12, $"{back} at {i}");
        // A turn by one radian.
        Tensor turn = session.Run(graph.AddOperation("MatrixExponential", null, null, Tensor.Of<double>([2, 2], [0, -1, 1, 0]))[0]);
        AssertNear([Math.Cos(1), -Math.Sin(1), Math.Sin(1), Math.Cos(1)], turn.ToArray<double>(), 1e-14);
    }

    private static Tensor Wide() => Tensor.Of<double>([2, 3], [1.3, 0.4, -0.7, 2.1, 0.9, 1.6]);

    private static double[] Run(Output output)
    {
        using var session = new Session(output.Graph);
        return session.Run(output).ToArray<double>();
    }

    private static void AssertIdentity(double[] found, int n)
    {
        for (int i = 0; i < found.Length; i++)
            Assert.Equal(i % (n * n) % (n + 1) == 0 ? 1 : 0, found[i], 1e-12);
    }

    private static void AssertNear(double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"element {i}: expected {expected[i]:G10}, found {found[i]:G10}");
    }
}
