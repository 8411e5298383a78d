using NotebookPersist.Tests.Graphs.Gradients;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Maths;

public sealed class FurtherMathsTests : IDisposable
{
    private readonly OpRuns _ops = new();

    public void Dispose() => _ops.Dispose();

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0.46575960759364043, 0.2079104153497085)] // Abramowitz and Stegun, table 9.8.
    [InlineData(10, 0.12783333716342860, 0.12126268138445551)]
    [InlineData(-10, 0.12783333716342860, -0.12126268138445551)]
    [InlineData(50, 0.05656163266045408, 0.05599312389289544)]
    public void Bessel_functions_are_those_of_the_tables(double x, double order0, double order1)
    {
        Assert.Equal(order0, (double)_ops.Session.Run(_ops.Graph.BesselI0e(Tensor.Scalar(x))), 1e-7);
        Assert.Equal(order1, (double)_ops.Session.Run(_ops.Graph.BesselI1e(Tensor.Scalar(x))), 1e-7);
    }

    [Fact]
    public void Bessel_functions_satisfy_their_recurrence_where_the_method_changes()
    {
        // Wronskian-like check: the derivative of I0 is I1, by differences of the unscaled function just below and above the change at 30.
        foreach (double x in (double[])[29.9, 30.1])
        {
            double Log(double at) => Math.Log((double)_ops.Session.Run(_ops.Graph.BesselI0e(Tensor.Scalar(at)))) + at;
            double slope = (Log(x + 1e-4) - Log(x - 1e-4)) / 2e-4;
            double ratio = (double)_ops.Session.Run(_ops.Graph.BesselI1e(Tensor.Scalar(x))) / (double)_ops.Session.Run(_ops.Graph.BesselI0e(Tensor.Scalar(x)));
            Assert.Equal(ratio, slope, 1e-6);
        }
    }

    [Fact]
    public void Running_sums_of_exponentials_stay_logarithms()
    {
        double[] x = [1.0, 2.0, 3.0];
        double[] sums = _ops.Session.Run(_ops.Graph.CumulativeLogsumexp(x)).ToArray<double>();
        double total = 0;
        for (int i = 0; i < x.Length; i++)
        {
            total += Math.Exp(x[i]);
            Assert.Equal(Math.Log(total), sums[i], 1e-12);
        }

        Assert.Equal(double.MinValue, _ops.Session.Run(_ops.Graph.CumulativeLogsumexp(x, exclusive: true)).ToArray<double>()[0]);
        GradientCheck.Run("CumulativeLogsumexp", static (g, v) => g.CumulativeLogsumexp(v[0], reverse: true), [new[] { 0.3, -0.4, 0.9 }]);
    }

    [Fact]
    public void Diagonals_above_and_below_are_those_of_the_documentation()
    {
        // tf.linalg.diag: two superdiagonals and the main one.
        Tensor diagonals = new[, ,] { { { 4, 5, 0 }, { 1, 2, 3 } } };
        Tensor matrix = _ops.Run("MatrixDiagV2", null, diagonals, new[] { 0, 1 }, -1, -1, 0)[0];
        Assert.Equal([1, 4, 0, 0, 2, 5, 0, 0, 3], matrix.ToArray<int>());
        Tensor wide = _ops.Run("MatrixDiagV2", null, new[] { 1, 2 }, -1, 3, 4, 9)[0];
        Assert.Equal([9, 9, 9, 9, 1, 9, 9, 9, 9, 2, 9, 9], wide.ToArray<int>());

        Tensor input = new[,] { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, { 9, 8, 7, 6 } };
        Tensor part = _ops.Run("MatrixDiagPartV2", null, input, new[] { -1, 2 }, 0)[0];
        Assert.Equal([3, 8, 0, 2, 7, 6, 1, 6, 7, 5, 8, 0], part.ToArray<int>());
        Assert.Equal([2, 7, 6], _ops.Run("MatrixDiagPartV2", null, input, 1, 0)[0].ToArray<int>());
        Tensor set = _ops.Run("MatrixSetDiagV2", null, new[,] { { 7, 7, 7, 7 }, { 7, 7, 7, 7 }, { 7, 7, 7, 7 } }, new[] { 1, 2, 3 }, 1)[0];
        Assert.Equal([7, 1, 7, 7, 7, 7, 2, 7, 7, 7, 7, 3], set.ToArray<int>());
        Operation outside = _ops.Add("MatrixDiagPartV2", null, input, 5, 0);
        Assert.Contains("diag_index is out of bound: 5", Assert.Throws<RunException>(() => _ops.Run(outside)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagonals_have_gradients()
    {
        Tensor x = new[,] { { 0.1, 0.2, 0.3 }, { 0.4, 0.5, 0.6 } };
        GradientCheck.Run("MatrixDiagV2", static (g, v) => g.Square(g.AddOperation("MatrixDiagV2", null, null, v[0], new[] { 0, 1 }, -1, -1, 0.0)[0]), [x]);
        GradientCheck.Run("MatrixDiagPartV2", static (g, v) => g.Square(g.AddOperation("MatrixDiagPartV2", null, null, v[0], new[] { -1, 1 }, 0.0)[0]), [x]);
        GradientCheck.Run("MatrixDiagPartV2 of unknown shape", static (g, v) => g.Square(g.AddOperation("MatrixDiagPartV2", null, null, v[0], new[] { -1, 1 }, 0.0)[0]), [x], knownShapes: false);
        GradientCheck.Run("MatrixSetDiagV2", static (g, v) => g.Square(g.AddOperation("MatrixSetDiagV2", null, null, v[0], v[1], 1)[0]), [x, new[] { 0.7, 0.8 }]);
    }

    [Fact]
    public void Tridiagonal_systems_are_solved_and_multiplied_back()
    {
        // The compact form of TensorFlow's documentation; the second matrix needs row exchanges.
        double[,] compact = { { 2, 3, 4, 0 }, { 0.1, 2, 3, 4 }, { 0, 1, 5, 6 } };
        double[,] right = { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 } };
        Tensor x = _ops.Run("TridiagonalSolve", null, compact, right)[0];
        Tensor back = _ops.Run("TridiagonalMatMul", null, new[,] { { 2.0, 3, 4, 0 } }, new[,] { { 0.1, 2, 3, 4 } }, new[,] { { 0.0, 1, 5, 6 } }, x)[0];
        Assert.All(right.Cast<double>().Zip(back.ToArray<double>()), static p => Assert.Equal(p.First, p.Second, 1e-10));
        GradientCheck.Run("TridiagonalSolve", static (g, v) => g.AddOperation("TridiagonalSolve", null, null, v[0], v[1])[0], [new[,] { { 0.2, 0.3, 0 }, { 2, 3, 4 }, { 0.0, 0.1, 0.5 } }, new[,] { { 1.0 }, { 2 }, { 3 } }]);
        GradientCheck.Run(
            "TridiagonalMatMul",
            static (g, v) => g.AddOperation("TridiagonalMatMul", null, null, v[0], v[1], v[2], v[3])[0],
            [new[,] { { 0.2, 0.3, 0 } }, new[,] { { 2.0, 3, 4 } }, new[,] { { 0, 0.1, 0.5 } }, new[,] { { 1.0, 2 }, { 3, 4 }, { 5, 6 } }]);
        Operation singular = _ops.Add("TridiagonalSolve", null, new[,] { { 0.0 }, { 0.0 }, { 0.0 } }, new[,] { { 1.0 } });
        Assert.Contains("not invertible", Assert.Throws<RunException>(() => _ops.Run(singular)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Places_and_buckets_are_found_by_halving()
    {
        int[,] sorted = { { 0, 3, 9, 9, 10 }, { 1, 2, 3, 4, 5 } };
        int[,] values = { { 2, 4, 9 }, { 0, 2, 6 } };
        Assert.Equal([1, 2, 2, 0, 1, 5], _ops.Run("LowerBound", null, sorted, values)[0].ToArray<int>());
        Assert.Equal([1, 2, 4, 0, 2, 5], _ops.Run("UpperBound", null, sorted, values)[0].ToArray<int>());
        Tensor buckets = _ops.Run("Bucketize", new() { { "boundaries", (float[])[0, 10, 100] } }, new[,] { { -5, 10000 }, { 150, 10 }, { 5, 100 } })[0];
        Assert.Equal([0, 3, 3, 2, 1, 3], buckets.ToArray<int>());
        Assert.Equal([3, 6, 6, 4, 5, 1], _ops.Session.Run(_ops.Graph.UnravelIndex(new[] { 22, 41, 37 }, new[] { 7, 6 })).ToArray<int>());
        Assert.Equal([2f, 5f], _ops.Session.Run(_ops.Graph.NthElement(new[,] { { 3f, 1f, 2f }, { 9f, 5f, 4f } }, 1)).ToArray<float>());
    }

    [Fact]
    public void Bits_are_counted_turned_and_packed()
    {
        Assert.Equal([-1, -6], _ops.Session.Run(_ops.Graph.Invert(new[] { 0, 5 })).ToArray<int>());
        Assert.Equal([0, 2, 32], _ops.Session.Run(_ops.Graph.PopulationCount(new[] { 0, 5, -1 })).ToArray<byte>());
        Assert.Equal([0b01010101], _ops.Run("CompareAndBitpack", null, new[] { 0f, 2f, 0f, 2f, 0f, 2f, 0f, 2f }, 1f)[0].ToArray<byte>());
        Assert.Equal([float.BitIncrement(1f)], _ops.Session.Run(_ops.Graph.NextAfter(new[] { 1f }, new[] { 2f })).ToArray<float>());
    }

    [Fact]
    public void Layouts_map_dimensions_and_vectors()
    {
        Assert.Equal([0, 2, 3, 1], _ops.Run("DataFormatDimMap", null, new[] { 0, 1, 2, -1 })[0].ToArray<int>());
        Assert.Equal([7, 3, 4, 9], _ops.Run("DataFormatVecPermute", null, new[] { 7, 4, 9, 3 })[0].ToArray<int>());
    }
}
