using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Tests.Graphs.Gradients;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Maths;

/// <summary>Operations of releases after 1.15.</summary>
public sealed class LaterOpTests
{
    [Fact]
    public void Quantiles_and_inverse_errors_are_the_tabled_ones()
    {
        using var runs = new OpRuns();
        double[] quantiles = runs.Run("Ndtri", null, runs.Graph.Constant(Tensor.Of<double>([7], [0.5, 0.975, 0.025, 0.99, 1e-10, 0, 1])))[0].ToArray<double>();
        Assert.Equal([0, 1.959963984540054, -1.959963984540054, 2.3263478740408408, -6.361340902404056], quantiles[..5].Select(static q => Math.Round(q, 12)), new Near(1e-11));
        Assert.True(double.IsNegativeInfinity(quantiles[5]) && double.IsPositiveInfinity(quantiles[6]));
        double[] inverse = runs.Run("Erfinv", null, runs.Graph.Constant(Tensor.Of<double>([5], [0, 0.5, -0.5, 0.9, 1e-6])))[0].ToArray<double>();
        Assert.Equal([0, 0.4769362762044699, -0.4769362762044699, 1.1630871536766743, 8.862269254529e-7], inverse, new Near(1e-12));
    }

    /// <summary>Source: the examples of TensorFlow's documentation of matrix_diag and matrix_diag_part.</summary>
    [Theory]
    [InlineData("RIGHT_LEFT", "0 9 5 4 5 2 6 7 8 3 4 0")]
    [InlineData("LEFT_RIGHT", "9 5 0 4 5 2 6 7 8 0 3 4")]
    [InlineData("LEFT_LEFT", "9 5 0 4 5 2 6 7 8 3 4 0")]
    [InlineData("RIGHT_RIGHT", "0 9 5 4 5 2 6 7 8 0 3 4")]
    public void Diagonals_are_aligned_as_asked(string align, string expected)
    {
        using var runs = new OpRuns();
        // Diagonals 2 to -1 of a matrix whose diagonals are [9,5], [4,5,2], [6,7,8], [3,4].
        Tensor square = Tensor.Of<long>([3, 4], [6, 4, 9, 0, 3, 7, 5, 5, 0, 4, 8, 2]);
        var attributes = new AttributeList { { "align", align } };
        Output packed = runs.Add("MatrixDiagPartV3", attributes, runs.Graph.Constant(square), new[] { -1, 2 }, 0L)[0];
        Assert.Equal(expected, string.Join(' ', runs.Session.Run(packed).ToArray<long>()));
        Output again = runs.Add("MatrixDiagV3", attributes, packed, new[] { -1, 2 }, 3, 4, 0L)[0];
        Assert.Equal(square.ToArray<long>(), runs.Session.Run(again).ToArray<long>());
        Output set = runs.Add("MatrixSetDiagV3", attributes, runs.Graph.Constant(Tensor.Of<long>([3, 4], new long[12])), packed, new[] { -1, 2 })[0];
        Assert.Equal(square.ToArray<long>(), runs.Session.Run(set).ToArray<long>());
    }

    [Fact]
    public void Rows_are_counted_one_by_one()
    {
        using var runs = new OpRuns();
        Operand numbers = runs.Graph.Constant(Tensor.Of<int>([2, 4], [1, 1, 3, 9, 0, 2, 2, 2])), none = runs.Graph.Constant(Tensor.Of<float>([0], []));
        Assert.Equal([0f, 2, 0, 1, 1, 0, 3, 0], runs.Run("DenseBincount", null, numbers, 4, none)[0].ToArray<float>());
        Assert.Equal([0f, 1, 0, 1, 1, 0, 1, 0], runs.Run("DenseBincount", new AttributeList { { "binary_output", true } }, numbers, 4, none)[0].ToArray<float>());
    }

    [Fact]
    public void The_largest_of_scattered_rows_get_the_gradient()
    {
        Tensor old = Tensor.Of<double>([3], [1, 5, 2]), updates = Tensor.Of<double>([3], [4, 3, 1]);
        foreach (string type in new[] { "TensorScatterMax", "TensorScatterMin" })
        {
            GradientCheck.Run(
                type, (graph, xs) => graph.AddOperation(type, null, null, xs[0], graph.Constant(Tensor.Of<int>([3, 1], [0, 1, 0])), xs[1])[0], [old, updates]);
        }
    }

    [Fact]
    public void A_shifted_image_is_filled_as_asked()
    {
        using var runs = new OpRuns();
        Output image = runs.Graph.Constant(Tensor.Of<float>([1, 1, 4, 1], [1, 2, 3, 4]));
        float[] Run(string mode, float by, string interpolation = "NEAREST") => runs.Run(
            "ImageProjectiveTransformV3", new AttributeList { { "interpolation", interpolation }, { "fill_mode", mode } },
            image, runs.Graph.Constant(Tensor.Of<float>([1, 8], [1, 0, by, 0, 1, 0, 0, 0])), new[] { 1, 4 }, 9f)[0].ToArray<float>();

        Assert.Equal([9f, 9, 1, 2], Run("CONSTANT", -2));
        Assert.Equal([2f, 1, 1, 2], Run("REFLECT", -2));
        Assert.Equal([3f, 4, 1, 2], Run("WRAP", -2));
        Assert.Equal([1f, 1, 1, 2], Run("NEAREST", -2));
        Assert.Equal([3f, 4, 4, 3], Run("REFLECT", 2));
        Assert.Equal([1.5f, 2.5f, 3.5f], Run("CONSTANT", 0.5f, "BILINEAR")[..3]);
    }

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double x) => 0;
    }
}
