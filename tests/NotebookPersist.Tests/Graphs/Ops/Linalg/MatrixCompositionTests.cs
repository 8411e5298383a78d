using System.Numerics;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Linalg;

/// <summary>Solutions, logarithms and exponentials of matrices, against plain loops and published values.</summary>
public sealed class MatrixCompositionTests
{
    [Fact]
    public void Adjoint_matrices_are_turned_round_and_conjugated()
    {
        double[] numbers = [.. Enumerable.Range(0, 12).Select(static i => (double)i)];
        double[] found = OpRuns.Once(g => g.Adjoint(Tensor.Of<double>([2, 2, 3], numbers))).ToArray<double>();
        for (int i = 0; i < 12; i++)
            Assert.Equal(numbers[(i / 6 * 6) + (i % 2 * 3) + (i / 2 % 3)], found[i]);
        Tensor complex = OpRuns.Once(static g => g.Adjoint(g.Complex(g.Constant(Tensor.Of<float>([1, 2], [1, 2])), g.Constant(Tensor.Of<float>([1, 2], [3, -4])))));
        Assert.Equal([new Complex64(1, -3), new Complex64(2, 4)], complex.ToArray<Complex64>());
        Assert.Throws<ArgumentException>(static () => OpRuns.Once(static g => g.Adjoint(new[] { 1f })));
    }

    [Theory]
    [InlineData(DType.Float32, 1e-4)]
    [InlineData(DType.Float64, 1e-10)]
    public void Systems_are_solved_by_their_factors(DType type, double tolerance)
    {
        (double[] matrices, double[] right) = (PositiveDefinite(2, 4), Numbers(2 * 4 * 3, 5));
        double[] found = Doubles(g => g.CholeskySolve(g.Cholesky(g.Constant(Tensor.Of<double>([2, 4, 4], matrices), type)), g.Constant(Tensor.Of<double>([2, 4, 3], right), type)));
        double[] back = Product(matrices, found, 2, 4, 4, 3);
        for (int i = 0; i < right.Length; i++)
            Assert.Equal(right[i], back[i], tolerance);
    }

    [Fact]
    public void Logarithms_of_determinants_are_those_of_the_products_of_pivots()
    {
        double[] matrices = PositiveDefinite(3, 4);
        double[] found = Doubles(g => g.Logdet(Tensor.Of<double>([3, 4, 4], matrices)));
        Assert.Equal(3, found.Length);
        for (int b = 0; b < 3; b++)
            Assert.Equal(Math.Log(Determinant(matrices[(b * 16)..((b + 1) * 16)], 4)), found[b], 1e-9);
        Assert.Equal(Math.Log(6), Doubles(static g => g.Logdet(Tensor.Of<float>([2, 2], [2, 0, 0, 3])))[0], 1e-6);

        // The gradient of log det A is A's inverse, transposed.
        var graph = new Graph();
        Output x = graph.Constant(Tensor.Of<double>([4, 4], matrices.AsSpan(0, 16)));
        using var session = new Session(graph);
        double[] gradient = session.Run(graph.Gradients(graph.Logdet(x), x)[0]!).ToArray<double>();
        double[] one = Product(matrices[..16], gradient, 1, 4, 4, 4);
        for (int i = 0; i < 16; i++)
            Assert.Equal(i % 5 == 0 ? 1 : 0, one[i], 1e-9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Matrices_are_multiplied_with_vectors(bool transpose)
    {
        (double[] matrices, double[] vectors) = (Numbers(2 * 3 * 4, 1), Numbers(2 * (transpose ? 3 : 4), 2));
        (int rows, int columns) = transpose ? (4, 3) : (3, 4);
        double[] found = Doubles(g => g.Matvec(Tensor.Of<double>([2, 3, 4], matrices), Tensor.Of<double>([2, columns], vectors), transposeA: transpose));
        for (int i = 0; i < 2 * rows; i++)
        {
            (int b, int r) = (i / rows, i % rows);
            double expected = Enumerable.Range(0, columns).Sum(c => matrices[(b * 12) + (transpose ? (c * 4) + r : (r * 4) + c)] * vectors[(b * columns) + c]);
            Assert.Equal(expected, found[i], 1e-12);
        }

        Assert.Equal(found[..rows], Doubles(g => g.Matvec(Tensor.Of<double>([3, 4], matrices.AsSpan(0, 12)), vectors[..columns], adjointA: transpose)), static (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Throws<ArgumentException>(() => OpRuns.Once(static g => g.Matvec(new float[1, 1], new float[1], true, true)));
    }

    [Fact]
    public void Eigenvalues_rise()
    {
        Assert.Equal([1, 3], Doubles(static g => g.Eigvalsh(Tensor.Of<double>([2, 2], [2, 1, 1, 2]))), static (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([-2, 2, 5, 7], Doubles(static g => g.Eigvalsh(Tensor.Of<float>([2, 2, 2], [0, 2, 2, 0, 7, 0, 0, 5]))), static (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData(DType.Float32, 1e-3)]
    [InlineData(DType.Float64, 1e-11)]
    public void Exponentials_are_sums_of_powers_of_all_sizes(DType type, double tolerance)
    {
        double[] sizes = [0, 0.001, 0.1, 0.4, 0.8, 1.5, 4, 9];
        double[] matrices = [.. sizes.SelectMany(static (s, i) => Numbers(9, 10 + i).Select(n => n * s))];
        double[] found = Doubles(g => g.Expm(g.Constant(Tensor.Of<double>([2, 4, 3, 3], matrices), type)));
        for (int b = 0; b < sizes.Length; b++)
        {
            double[] expected = Exponential(matrices[(b * 9)..((b + 1) * 9)], 3);
            double largest = expected.Max(Math.Abs);
            for (int i = 0; i < 9; i++)
                Assert.Equal(expected[i] / largest, found[(b * 9) + i] / largest, tolerance);
        }
    }

    [Fact]
    public void Exponentials_of_turns_are_turns_and_of_nothing_nothing()
    {
        double[] turn = Doubles(static g => g.Expm(Tensor.Of<double>([2, 2], [0, -1, 1, 0])));
        (double sin, double cos) = Math.SinCos(1);
        Assert.Equal([cos, -sin, sin, cos], turn, static (a, b) => Math.Abs(a - b) < 1e-13);
        Assert.Equal(new long[] { 3, 0, 0 }, OpRuns.Once(static g => g.Expm(Tensor.Zeros(DType.Float32, [3, 0, 0]))).Shape.Dimensions.ToArray());
        Assert.Throws<ArgumentException>(static () => OpRuns.Once(static g => g.Expm(new int[2, 2])));

        // Along the diagonal it is the exponential of each number, and its slope is that too.
        var graph = new Graph();
        Output x = graph.Constant(Tensor.Of<double>([1, 1], [3]));
        using var session = new Session(graph);
        Assert.Equal(Math.Exp(3), session.Run(graph.Gradients(graph.Expm(x), x)[0]!).ItemAt<double>(0), 1e-9);
    }

    // e to the i times pi is -1, e to half of that i; larger norms cost digits, as TensorFlow rounds the number of squarings down. e to the i times the Pauli matrix [[0, 1], [1, 0]] has cos 1 and i sin 1.
    [Theory]
    [InlineData(DType.Complex64, 1e-5)]
    [InlineData(DType.Complex128, 1e-13)]
    public void Exponentials_of_complex_matrices_are_known(DType type, double tolerance)
    {
        Complex i = Complex.ImaginaryOne;
        Tensor matrices = Tensor.Of<Complex>([2, 2, 2], [Math.PI * i, 0, 0, Math.PI / 2 * i, 0, i, i, 0]);
        Tensor found = OpRuns.Once(g => g.Cast(g.Expm(g.Constant(matrices, type)), DType.Complex128));
        Complex[] expected = [-1, 0, 0, i, Math.Cos(1), i * Math.Sin(1), i * Math.Sin(1), Math.Cos(1)];
        for (int at = 0; at < expected.Length; at++)
            Assert.True((found.ToArray<Complex>()[at] - expected[at]).Magnitude < tolerance, $"{at}: {found.ToArray<Complex>()[at]} instead of {expected[at]}");
    }

    [Fact]
    public void Three_diagonals_are_solved_in_all_their_forms()
    {
        double[] upper = [2, 1, -1, 0], main = [4, 5, 6, 7], lower = [0, 1, 2, 3];
        double[] full = new double[16];
        for (int i = 0; i < 4; i++)
        {
            full[(i * 4) + i] = main[i];
            if (i < 3)
                (full[(i * 4) + i + 1], full[((i + 1) * 4) + i]) = (upper[i], lower[i + 1]);
        }

        double[] right = [1, 2, 3, 4, 5, 6, 7, 8];
        Tensor compact = Tensor.Of<double>([3, 4], [.. upper, .. main, .. lower]);
        Solves(g => g.TridiagonalSolve(compact, Tensor.Of<double>([4, 2], right)), 2);
        Solves(g => g.TridiagonalSolve(Tensor.Of<double>([4, 4], full), Tensor.Of<double>([4, 2], right), "matrix"), 2);
        Solves(g => g.TridiagonalSolve([g.Constant(upper[..3]), g.Constant(main), g.Constant(lower[1..])], Tensor.Of<double>([4, 2], right)), 2);
        Solves(g => g.TridiagonalSolve([g.Constant(upper), g.Constant(main), g.Constant(lower)], Tensor.Of<double>([4, 2], right), partialPivoting: false), 2);
        double[] vector = Solves(g => g.TridiagonalSolve(compact, new double[] { 1, 3, 5, 7 }), 1);
        double[] rows = Doubles(g => g.TridiagonalSolve(compact, Tensor.Of<double>([1, 4], [1, 3, 5, 7]), transposeRhs: true));
        Assert.Equal(vector, rows, static (a, b) => Math.Abs(a - b) < 1e-12);

        double[] Solves(Func<Graph, Output> build, int columns)
        {
            double[] found = Doubles(build), back = Product(full, found, 1, 4, 4, columns);
            for (int i = 0; i < back.Length; i++)
                Assert.Equal(columns == 2 ? right[i] : right[2 * i], back[i], 1e-12);
            return found;
        }
    }

    [Fact]
    public void Diagonals_that_do_not_fit_are_refused()
    {
        var graph = new Graph();
        Output one = graph.Constant(new double[4]);
        Assert.Contains("length 3", Assert.Throws<ArgumentException>(() => graph.TridiagonalSolve([one, one], one)).Message, StringComparison.Ordinal);
        Assert.Contains("Unrecognized", Assert.Throws<ArgumentException>(() => graph.TridiagonalSolve(new double[3, 4], one, "other")).Message, StringComparison.Ordinal);
        Assert.Contains("Expected 3 diagonals", Assert.Throws<ArgumentException>(() => graph.TridiagonalSolve(new double[2, 4], one)).Message, StringComparison.Ordinal);
        Assert.Contains("right-hand", Assert.Throws<ArgumentException>(() => graph.TridiagonalSolve(new double[3, 5], one)).Message, StringComparison.Ordinal);
        Assert.Contains("to be same", Assert.Throws<ArgumentException>(() => graph.TridiagonalSolve(new double[4, 5], one, "matrix")).Message, StringComparison.Ordinal);
        Assert.Contains("subdiagonal", Assert.Throws<ArgumentException>(() => graph.TridiagonalSolve([one, one, graph.Constant(new double[2])], one)).Message, StringComparison.Ordinal);
    }

    private static double[] Doubles(Func<Graph, Output> build)
    {
        Tensor value = OpRuns.Once(build);
        return [.. Enumerable.Range(0, (int)value.Count).Select(i => value.ItemAt<double>(i))];
    }

    private static double[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 2) - 1)];
    }

    private static double[] PositiveDefinite(int batch, int n)
    {
        double[] matrices = Numbers(batch * n * n, 3), result = new double[matrices.Length];
        for (int i = 0; i < result.Length; i++)
        {
            (int b, int r, int c) = (i / (n * n), i / n % n, i % n);
            result[i] = Enumerable.Range(0, n).Sum(k => matrices[(b * n * n) + (r * n) + k] * matrices[(b * n * n) + (c * n) + k]) + (r == c ? 1 : 0);
        }

        return result;
    }

    private static double[] Product(double[] a, double[] b, int batch, int m, int k, int n)
    {
        double[] result = new double[batch * m * n];
        for (int i = 0; i < result.Length; i++)
        {
            (int image, int r, int c) = (i / (m * n), i / n % m, i % n);
            for (int j = 0; j < k; j++)
                result[i] += a[(image * m * k) + (r * k) + j] * b[(image * k * n) + (j * n) + c];
        }

        return result;
    }

    // By the first row.
    private static double Determinant(double[] a, int n)
    {
        if (n == 1)
            return a[0];
        double sum = 0;
        for (int c = 0; c < n; c++)
        {
            double[] rest = [.. Enumerable.Range(0, n * n).Where(i => i >= n && i % n != c).Select(i => a[i])];
            sum += (c % 2 == 0 ? 1 : -1) * a[c] * Determinant(rest, n - 1);
        }

        return sum;
    }

    // The plain series of the matrix over 1024, squared ten times.
    private static double[] Exponential(double[] a, int n)
    {
        double[] small = [.. a.Select(static x => x / 1024)], sum = new double[n * n], term = new double[n * n];
        for (int i = 0; i < n; i++)
            sum[(i * n) + i] = term[(i * n) + i] = 1;
        for (int k = 1; k < 20; k++)
        {
            term = [.. Product(term, small, 1, n, n, n).Select(x => x / k)];
            sum = [.. sum.Zip(term, static (x, y) => x + y)];
        }

        for (int i = 0; i < 10; i++)
            sum = Product(sum, sum, 1, n, n, n);
        return sum;
    }
}
