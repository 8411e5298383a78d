using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Images;

/// <summary>Measures of images, against the published formulas in plain loops.</summary>
public sealed class SimilarityTests
{
    private static readonly Picture A = Picture.Of(2, 13, 14, 2, 1);
    private static readonly Picture B = Picture.Of(2, 13, 14, 2, 2);

    [Theory]
    [InlineData(1.0)]
    [InlineData(255.0)]
    public void Noise_is_told_in_decibels(double peak)
    {
        (Picture a, Picture b) = (A.Each(p => p * peak), B.Each(p => p * peak));
        float[] found = OpRuns.Once(g => g.Psnr(a.Tensor(), b.Tensor(), peak)).ToArray<float>();
        for (int i = 0; i < 2; i++)
        {
            double error = Enumerable.Range(i * 364, 364).Average(k => Math.Pow(a.Pixels[k] - b.Pixels[k], 2));
            Assert.Equal(10 * Math.Log10(peak * peak / error), found[i], 1e-4);
        }

        Assert.Equal(float.PositiveInfinity, OpRuns.Once(g => g.Psnr(a.Tensor(), a.Tensor(), peak)).ToArray<float>()[0]);
    }

    [Fact]
    public void Noise_of_bytes_and_of_unknown_shapes_is_told_too()
    {
        (Picture a, Picture b) = (A.Each(static p => Math.Floor(p * 256)), B.Each(static p => Math.Floor(p * 256)));
        double error = Enumerable.Range(0, 364).Average(k => Math.Pow(a.Pixels[k] - b.Pixels[k], 2));
        Assert.Equal(10 * Math.Log10(255 * 255 / error), OpRuns.Once(g => g.Psnr(a.Tensor(DType.UInt8), b.Tensor(DType.UInt8), 255)).ItemAt<double>(0), 1e-3);
        Assert.Throws<GraphException>(static () => OpRuns.Once(static g => g.Psnr(A.Tensor(), new float[2, 13, 13, 2], 1.0)));
        Assert.Throws<ArgumentException>(static () => OpRuns.Once(static g => g.Ssim(A.Tensor(), new float[2, 13, 13, 2], 1.0)));
        Assert.Throws<RunException>(static () => Picture.RunUnknown(A.Tensor(), Shape.OfRank(4), static (g, x) => g.Psnr(x, new float[2, 13, 1, 2], 1.0)));
    }

    [Theory]
    [InlineData(11, 1.5)]
    [InlineData(7, 1.0)]
    public void Structure_is_compared_by_the_published_formula(int size, double sigma)
    {
        float[] found = OpRuns.Once(g => g.Ssim(A.Tensor(), B.Tensor(), 1.0, size, sigma)).ToArray<float>();
        Assert.Equal(2, found.Length);
        for (int b = 0; b < 2; b++)
            Assert.Equal(Ssim(A, B, b, size, sigma).Similarity, found[b], 1e-4);
        Assert.All(OpRuns.Once(g => g.Ssim(A.Tensor(), A.Tensor(), 1.0, size, sigma)).ToArray<float>(), static s => Assert.Equal(1, s, 1e-5f));
    }

    [Fact]
    public void Structure_of_unknown_shapes_and_small_images()
    {
        Assert.Equal(Ssim(A, B, 1, 11, 1.5).Similarity, Picture.RunUnknown(A.Tensor(), Shape.OfRank(4), static (g, x) => g.Ssim(x, B.Tensor(), 1.0)).ItemAt<double>(1), 1e-4);
        Picture small = Picture.Of(1, 5, 5, 1);
        Assert.Throws<GraphException>(() => OpRuns.Once(g => g.Ssim(small.Tensor(), small.Tensor(), 1.0)));
        Assert.Throws<RunException>(() => Picture.RunUnknown(small.Tensor(), Shape.OfRank(4), static (g, x) => g.Ssim(x, x, 1.0)));
    }

    [Fact]
    public void Structure_at_several_scales_is_a_weighted_product()
    {
        Picture a = Picture.Of(1, 25, 22, 1, 3), b = a.Each(static p => (0.7 * p) + (0.3 * Math.Sin(40 * p)));
        float[] weights = [0.3f, 0.7f];
        double contrast = Ssim(a, b, 0, 5, 1.5).Contrast;
        double similarity = Ssim(Halved(a), Halved(b), 0, 5, 1.5).Similarity;
        double expected = Math.Pow(Math.Max(contrast, 0), 0.3) * Math.Pow(Math.Max(similarity, 0), 0.7);
        Assert.Equal(expected, OpRuns.Once(g => g.SsimMultiscale(a.Tensor(), b.Tensor(), 1.0, weights, 5)).ItemAt<double>(0), 1e-4);
        Picture large = Picture.Of(2, 180, 176, 1, 4);
        Assert.All(OpRuns.Once(g => g.SsimMultiscale(large.Tensor(), large.Tensor(), 1.0)).ToArray<float>(), static s => Assert.Equal(1, s, 1e-4f));
    }

    [Fact]
    public void Variation_is_the_sum_of_all_steps()
    {
        double[] expected = [Variation(A, 0), Variation(A, 1)];
        Tensor found = OpRuns.Once(static g => g.TotalVariation(A.Tensor(DType.Float64)));
        Assert.Equal(expected, found.ToArray<double>(), static (a, b) => Math.Abs(a - b) < 1e-9);
        Picture one = Picture.Of(1, 4, 3, 2);
        Assert.Equal(Variation(one, 0), OpRuns.Once(g => g.TotalVariation(one.Tensor(single: true))).ItemAt<double>(0), 1e-4);
        Assert.Throws<ArgumentException>(static () => OpRuns.Once(static g => g.TotalVariation(new float[2, 2])));
    }

    [Fact]
    public void Steps_are_taken_downwards_and_to_the_right()
    {
        var graph = new Graph();
        (Output dy, Output dx) = graph.ImageGradients(A.Tensor());
        using var session = new Session(graph);
        Picture.Filled(2, 13, 14, 2, static (b, y, x, c) => y < 12 ? A[b, y + 1, x, c] - A[b, y, x, c] : 0).Expect(session.Run(dy), 1e-6);
        Picture.Filled(2, 13, 14, 2, static (b, y, x, c) => x < 13 ? A[b, y, x + 1, c] - A[b, y, x, c] : 0).Expect(session.Run(dx), 1e-6);
        Assert.Contains("4D tensor", Assert.Throws<ArgumentException>(() => graph.ImageGradients(new float[2, 2, 2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Edges_are_found_by_Sobels_filters()
    {
        Tensor found = OpRuns.Once(static g => g.SobelEdges(A.Tensor()));
        Assert.Equal(new long[] { 2, 13, 14, 2, 2 }, found.Shape.Dimensions.ToArray());
        for (int i = 0; i < A.Pixels.Length; i++)
        {
            (int b, int y, int x, int c) = (i / 364, i / 28 % 13, i / 2 % 14, i % 2);
            double down = Row(y + 1) - Row(y - 1), across = Column(x + 1) - Column(x - 1);
            Assert.Equal(down, found.ItemAt<double>(2 * i), 1e-5);
            Assert.Equal(across, found.ItemAt<double>((2 * i) + 1), 1e-5);

            double Row(int row) => At(row, x - 1) + (2 * At(row, x)) + At(row, x + 1);
            double Column(int column) => At(y - 1, column) + (2 * At(y, column)) + At(y + 1, column);
            double At(int row, int column) => A[b, Mirrored(row, 13), Mirrored(column, 14), c];
        }

        static int Mirrored(int place, int size) => place < 0 ? -place : place >= size ? (2 * size) - 2 - place : place;
    }

    [Fact]
    public void Similarity_has_a_gradient()
    {
        var graph = new Graph();
        Output a = graph.Placeholder(DType.Float32, [2, 13, 14, 2]);
        Output loss = graph.ReduceSum(graph.Ssim(a, B.Tensor(), 1.0)) + graph.ReduceSum(graph.TotalVariation(a)) + graph.ReduceSum(graph.Psnr(a, B.Tensor(), 1.0));
        using var session = new Session(graph);
        Output gradient = graph.Gradients(loss, a)[0]!;
        float[] slopes = session.Run(gradient, new() { { a, A.Tensor() } }).ToArray<float>();
        foreach (int i in new[] { 0, 100, 363, 500 })
        {
            double Loss(double step)
            {
                Picture moved = A with { Pixels = [.. A.Pixels.Select((p, k) => k == i ? p + step : p)] };
                return session.Run(loss, new() { { a, moved.Tensor() } }).ItemAt<double>(0);
            }

            Assert.Equal((Loss(0.01) - Loss(-0.01)) / 0.02, slopes[i], 0.05);
        }
    }

    private static double Variation(Picture p, int b)
    {
        double sum = 0;
        for (int y = 0; y < p.Height; y++)
        {
            for (int x = 0; x < p.Width; x++)
            {
                for (int c = 0; c < p.Channels; c++)
                {
                    sum += y > 0 ? Math.Abs(p[b, y, x, c] - p[b, y - 1, x, c]) : 0;
                    sum += x > 0 ? Math.Abs(p[b, y, x, c] - p[b, y, x - 1, c]) : 0;
                }
            }
        }

        return sum;
    }

    // Means of two by two; an odd last row or column is doubled.
    private static Picture Halved(Picture p) => Picture.Filled(p.Batch, (p.Height + 1) / 2, (p.Width + 1) / 2, p.Channels, (b, y, x, c) =>
    {
        return (At(2 * y, 2 * x) + At((2 * y) + 1, 2 * x) + At(2 * y, (2 * x) + 1) + At((2 * y) + 1, (2 * x) + 1)) / 4;

        double At(int row, int column) => p[b, Math.Min(row, p.Height - 1), Math.Min(column, p.Width - 1), c];
    });

    private static (double Similarity, double Contrast) Ssim(Picture a, Picture b, int image, int size, double sigma)
    {
        double[] weights = [.. Enumerable.Range(0, size * size).Select(i => Math.Exp(-(Square((i / size) - ((size - 1) / 2.0)) + Square((i % size) - ((size - 1) / 2.0))) / (2 * sigma * sigma)))];
        double total = weights.Sum();
        var similarities = new List<double>();
        var contrasts = new List<double>();
        for (int c = 0; c < a.Channels; c++)
        {
            for (int y = 0; y + size <= a.Height; y++)
            {
                for (int x = 0; x + size <= a.Width; x++)
                {
                    double Sum(Func<int, int, double> value) => Enumerable.Range(0, size * size).Sum(i => weights[i] / total * value(y + (i / size), x + (i % size)));
                    double meanA = Sum((r, s) => a[image, r, s, c]), meanB = Sum((r, s) => b[image, r, s, c]);
                    double varianceA = Sum((r, s) => Square(a[image, r, s, c] - meanA)), varianceB = Sum((r, s) => Square(b[image, r, s, c] - meanB));
                    double both = Sum((r, s) => (a[image, r, s, c] - meanA) * (b[image, r, s, c] - meanB));
                    (double c1, double c2) = (0.01 * 0.01, 0.03 * 0.03);
                    contrasts.Add(((2 * both) + c2) / (varianceA + varianceB + c2));
                    similarities.Add(((2 * meanA * meanB) + c1) / ((meanA * meanA) + (meanB * meanB) + c1) * contrasts[^1]);
                }
            }
        }

        return (similarities.Average(), contrasts.Average());
    }

    private static double Square(double x) => x * x;
}
