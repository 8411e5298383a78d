using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Maths;

/// <summary>Functions that TensorFlow builds of several operations, beside what they are defined as.</summary>
public sealed class CompositionTests : IDisposable
{
    private static readonly float[,] Matrix = { { 1, -2, 0 }, { 4, 0.5f, -6 } };

    private readonly OpRuns _runs = new();

    private Graph Graph => _runs.Graph;

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Logarithms_of_sums_of_exponentials_do_not_overflow()
    {
        double[] rows = [.. Enumerable.Range(0, 2).Select(static i => Math.Log(Enumerable.Range(0, 3).Sum(k => Math.Exp(Matrix[i, k]))))];
        Near(rows, Graph.ReduceLogsumexp(Matrix, 1));
        Near([1000 + Math.Log(2)], Graph.ReduceLogsumexp(new[] { 1000f, 1000f }));
        Tensor kept = Run(Graph.ReduceLogsumexp(Matrix, new[] { 0 }, keepDims: true));
        Assert.Equal([1, 3], kept.Shape.ToArray());
        Assert.Equal(float.NegativeInfinity, Run(Graph.ReduceLogsumexp(new[] { float.NegativeInfinity, float.NegativeInfinity })).ItemAt<float>(0));
    }

    [Fact]
    public void What_is_not_zero_is_counted()
    {
        Assert.Equal([2L, 3L], Run(Graph.CountNonzero(Matrix, 1)).ToArray<long>());
        Assert.Equal([5], Run(Graph.CountNonzero(Matrix, dtype: DType.Int32)).ToArray<int>());
        Assert.Equal([2L], Run(Graph.CountNonzero(new[] { "", "a", "b" })).ToArray<long>());
        Assert.Equal([1L], Run(Graph.CountNonzero(new[] { true, false })).ToArray<long>());
        Near([1 / 6.0], Graph.ZeroFraction(new float[,] { { 1, 2, 3 }, { 4, 0, 5 } }));
    }

    [Fact]
    public void Means_of_segments_leave_empty_ones_at_zero()
    {
        var data = new float[,] { { 1, 2 }, { 3, 4 }, { 5, 7 }, { 9, 9 } };
        int[] ids = [2, 0, 2, -1];
        Near([3, 4, 0, 0, 3, 4.5], Graph.UnsortedSegmentMean(data, ids, 3));
        Near([3, 4, 0, 0, 6 / Math.Sqrt(2), 9 / Math.Sqrt(2)], Graph.UnsortedSegmentSqrtN(data, ids, 3));
        Output any = Graph.Placeholder(DType.Float32);
        Assert.Throws<ArgumentException>(() => Graph.UnsortedSegmentMean(any, ids, 3));
    }

    [Fact]
    public void Casts_stop_at_the_ends_of_the_type()
    {
        float[] floats = [-1e20f, -129, -1.5f, 0, 127.5f, 256, 3e9f, 1e20f];
        Assert.Equal([-128, -128, -1, 0, 127, 127, 127, 127], Run(Graph.SaturateCast(floats, DType.Int8)).ToArray<sbyte>().Select(static v => (int)v));
        Assert.Equal([0, 0, 0, 0, 127, 255, 255, 255], Run(Graph.SaturateCast(floats, DType.UInt8)).ToArray<byte>().Select(static v => (int)v));

        // 2^31 - 1 and 2^63 - 1 are no float32: the next one below is the end.
        Assert.Equal([int.MinValue, -129, -1, 0, 127, 256, 2147483520, 2147483520], Run(Graph.SaturateCast(floats, DType.Int32)).ToArray<int>());
        Assert.Equal([long.MinValue, 9223371487098961920], Run(Graph.SaturateCast(new[] { -1e30f, 1e30f }, DType.Int64)).ToArray<long>());
        Assert.Equal([int.MinValue, int.MaxValue, 5], Run(Graph.SaturateCast(new[] { long.MinValue, long.MaxValue, 5 }, DType.Int32)).ToArray<int>());
        Assert.Equal([0, 65535], Run(Graph.SaturateCast(new[] { -5, 1 << 20 }, DType.UInt16)).ToArray<ushort>().Select(static v => (int)v));
        Assert.Equal([float.MinValue, float.MaxValue, 1], Run(Graph.SaturateCast(new[] { -1e300, 1e300, 1 }, DType.Float32)).ToArray<float>());
        Assert.Equal([3L], Run(Graph.SaturateCast(new[] { 3 }, DType.Int64)).ToArray<long>());
        Assert.Throws<ArgumentException>(() => Graph.SaturateCast(floats, DType.Bool));
    }

    [Fact]
    public void Numbers_are_counted_in_bins()
    {
        int[] numbers = [1, 5, 1, 0, 3];
        Assert.Equal([1, 2, 0, 1, 0, 1], Run(Graph.Bincount(numbers)).ToArray<int>());
        Assert.Equal([1, 2, 0, 1], Run(Graph.Bincount(numbers, maxLength: 4)).ToArray<int>());
        Assert.Equal([1L, 2, 0, 1, 0, 1, 0], Run(Graph.Bincount(numbers, minLength: 7, dtype: DType.Int64)).ToArray<long>());
        Near([8, 5, 0, 16, 0, 2], Graph.Bincount(numbers, weights: new[] { 1f, 2, 4, 8, 16 }));
        Assert.Equal([], Run(Graph.Bincount(Array.Empty<int>())).ToArray<int>());
        Assert.Equal([2, 1, 0, 2], Run(Graph.HistogramFixedWidth(new[] { -1f, 0, 1.5f, 3, 99 }, new[] { 0f, 4 }, 4)).ToArray<int>());
    }

    [Fact]
    public void A_confusion_matrix_counts_pairs_and_refuses_classes_that_are_none()
    {
        Assert.Equal([0, 0, 0, 0, 1, 0, 1, 0, 1], Run(Graph.ConfusionMatrix(new[] { 1, 2, 2 }, new[] { 1, 2, 0 })).ToArray<int>());
        Assert.Equal([0f, 0.5f, 0, 3], Run(Graph.ConfusionMatrix(new[] { 0, 1, 1 }, new[] { 1, 1, 1 }, 2, new[] { 0.5f, 1, 2 }, DType.Float32)).ToArray<float>());
        Assert.Contains("`labels` out of bound", Assert.Throws<RunException>(() => Run(Graph.ConfusionMatrix(new[] { 2 }, new[] { 0 }, 2))).Message, StringComparison.Ordinal);
        Assert.Contains("`predictions` contains negative values", Assert.Throws<RunException>(() => Run(Graph.ConfusionMatrix(new[] { 1 }, new[] { -1 }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Places_in_rising_rows_are_found_from_either_side()
    {
        var rows = new[,] { { 0, 3, 9, 9, 10 }, { 1, 2, 3, 4, 5 } };
        var values = new[,] { { 2, 4, 9 }, { 0, 2, 6 } };
        Assert.Equal([1, 2, 2, 0, 1, 5], Run(Graph.Searchsorted(rows, values)).ToArray<int>());
        Assert.Equal([1L, 2, 4, 0, 2, 5], Run(Graph.Searchsorted(rows, values, "right", DType.Int64)).ToArray<long>());
        Assert.Throws<ArgumentException>(() => Graph.Searchsorted(rows, values, "middle"));
    }

    [Fact]
    public void Matrices_are_transposed_traced_and_measured()
    {
        var batch = new float[,,] { { { 1, 2, 3 }, { 4, 5, 6 } }, { { 7, 8, 9 }, { 10, 11, 12 } } };
        Near([6, 18], Graph.Trace(batch));
        Tensor turned = Run(Graph.MatrixTranspose(batch));
        Assert.Equal([2, 3, 2], turned.Shape.ToArray());
        Assert.Equal([1f, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12], turned.ToArray<float>());
        Output fed = Graph.Placeholder(DType.Float32);
        Assert.Equal(turned.ToArray<float>(), _runs.Session.Run(Graph.MatrixTranspose(fed), new() { [fed] = batch }).ToArray<float>());
        Assert.Throws<ArgumentException>(() => Graph.MatrixTranspose(new[] { 1f }));

        Near([Math.Sqrt(1 + 4 + 16 + 0.25 + 36)], Graph.Norm(Matrix));
        Near([3, 10.5], Graph.Norm(Matrix, 1, [1]));
        Near([2, 6], Graph.Norm(Matrix, double.PositiveInfinity, [-1]));
        Near([Math.Cbrt(1 + 8), Math.Cbrt(64 + 0.125 + 216)], Graph.Norm(Matrix, 3, [1]));
        Near([6], Graph.Norm(Matrix, 1, [0, 1]));
        Near([10.5], Graph.Norm(Matrix, double.PositiveInfinity, [0, 1]));
        Near([5], Graph.Norm(new float[,] { { 0, 3, 0 }, { 0, 0, -5 } }, 2, [0, 1]));
        Assert.Equal([1, 1], Run(Graph.Norm(Matrix, null, [0, 1], keepDims: true)).Shape.ToArray());
        Assert.Throws<ArgumentException>(() => Graph.Norm(Matrix, 3, [0, 1]));
        Assert.Throws<ArgumentException>(() => Graph.Norm(Matrix, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Products_are_summed_over_any_axes(bool isKnown)
    {
        Tensor a = OpRuns.Ramp(2, 3, 4), b = OpRuns.Ramp(4, 5, 3);
        Output x = isKnown ? Graph.Constant(a) : Graph.Placeholder(DType.Float32, [-1, 3, -1]);
        Output y = isKnown ? Graph.Constant(b) : Graph.Placeholder(DType.Float32, [-1, -1, -1]);
        Output product = Graph.Tensordot(x, y, [1, -1], [2, 0]);
        Tensor result = isKnown ? Run(product) : _runs.Session.Run(product, new() { [x] = a, [y] = b });
        Assert.Equal([2, 5], result.Shape.ToArray());
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 5; j++)
            {
                double sum = 0;
                for (int k = 0; k < 3; k++)
                {
                    for (int l = 0; l < 4; l++)
                        sum += a.ItemAt<double>((((i * 3) + k) * 4) + l) * b.ItemAt<double>((((l * 5) + j) * 3) + k);
                }

                Assert.Equal(sum, result.ItemAt<double>((i * 5) + j), 1e-3);
            }
        }

        Assert.Equal([2, 3, 5, 3], Run(Graph.Tensordot(a, b, 1)).Shape.ToArray());
        Assert.Equal([2, 3, 4, 4, 5, 3], Run(Graph.Tensordot(a, b, 0)).Shape.ToArray());
        Assert.Throws<ArgumentException>(() => Graph.Tensordot(a, b, 4));
        Assert.Throws<ArgumentException>(() => Graph.Tensordot(a, b, [0, 1], [0]));
        Assert.Throws<ArgumentException>(() => Graph.Tensordot(a, b, [3], [0]));
    }

    [Fact]
    public void Parts_are_drawn_within_the_whole()
    {
        Tensor whole = OpRuns.Ramp(6, 7);
        Output part = Graph.RandomCrop(whole, new[] { 2, 3 }, seed: 3);
        var seen = new HashSet<float>();
        for (int i = 0; i < 60; i++)
        {
            Tensor drawn = Run(part);
            Assert.Equal([2, 3], drawn.Shape.ToArray());
            float first = drawn.ItemAt<float>(0);
            seen.Add(first);
            Assert.Equal([first, first + 1, first + 2, first + 7, first + 8, first + 9], drawn.ToArray<float>());
        }

        Assert.InRange(seen.Count, 15, 25); // Of 25 places.
        Assert.Contains("Need value.shape >= size", Assert.Throws<RunException>(() => Run(Graph.RandomCrop(whole, new[] { 7, 3 }))).Message, StringComparison.Ordinal);

        float[] gamma = Run(Graph.RandomGamma(new[] { 20000 }, 3f, 2f, seed: 1)).ToArray<float>();
        Assert.Equal(1.5, gamma.Average(), 0.05);
        Assert.Equal([50, 2], Run(Graph.RandomGamma(new[] { 50 }, new[] { 1f, 2f })).Shape.ToArray());
    }

    private Tensor Run(Output output) => _runs.Session.Run(output);

    private void Near(double[] expected, Output actual) => _runs.Expect(expected, actual);
}
