using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Maths;

public sealed class StatisticCompositionTests : IDisposable
{
    private readonly OpRuns _runs = new();

    private Graph Graph => _runs.Graph;

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Variances_are_means_of_squares()
    {
        var matrix = new[,] { { 1f, 3, 5 }, { 2, 2, 8 } };
        _runs.Expect([8 / 3.0, 8], Graph.ReduceVariance(matrix, 1));
        _runs.Expect([Math.Sqrt(8 / 3.0), Math.Sqrt(8)], Graph.ReduceStd(matrix, 1));
        Assert.Equal([1L, 3], _runs.Session.Run(Graph.ReduceStd(matrix, 0, keepDims: true)).Shape.ToArray());
    }

    [Fact]
    public void Small_functions_are_what_their_names_say()
    {
        _runs.Expect([0.5, 0, -4], Graph.ReciprocalNoNan(new[] { 2f, 0, -0.25f }));
        _runs.Expect([3 + 4 + 5, 12 - 8 + 5], Graph.Polyval([3f, 4f, 5f], new[] { 1f, -2 }));
        _runs.Expect([0, 0], Graph.Polyval([], new[] { 1f, 2 }));
        _runs.Expect([3, 6], Graph.ScalarMul(3f, new[] { 1f, 2 }));
        Assert.Throws<ArgumentException>(() => Graph.ScalarMul(new[] { 3f }, new[] { 1f, 2 }));
        _runs.Expect([-1.3401767639386002], Graph.Lbeta(new[,] { { 1.5, 2, 0.5 } }));
        _runs.Expect([Math.Log(0.5), -100, -Math.Log(1 + Math.Exp(-2))], Graph.LogSigmoid(new[] { 0f, -100, 2 }));
        _runs.Expect([1.06348337, 2.2795853], Graph.BesselI0(new[] { 0.5, -2 }));
        _runs.Expect([0.25789431, -1.59063685], Graph.BesselI1(new[] { 0.5, -2 }));
    }

    [Fact]
    public void Values_fall_into_bins()
    {
        Output bins = Graph.HistogramFixedWidthBins(new[] { -1f, 0, 1.5f, 2, 5, 15 }, new[] { 0f, 5 }, 5);
        Assert.Equal([0, 0, 1, 2, 4, 4], _runs.Session.Run(bins).ToArray<int>());
        Assert.Equal([0L, 4], _runs.Session.Run(Graph.HistogramFixedWidthBins(new[] { 0, 4 }, new[] { 0, 5 }, 5, DType.Int64)).ToArray<long>());
    }

    [Fact]
    public void Values_that_are_too_long_on_average_are_shortened()
    {
        // The norm of 5 over two elements is 2.5 on average.
        _runs.Expect([3, 4], Graph.ClipByAverageNorm(new[] { 3f, 4 }, 2.5f));
        _runs.Expect([3 * 2 / 2.5, 4 * 2 / 2.5], Graph.ClipByAverageNorm(new[] { 3f, 4 }, 2f));
    }

    [Fact]
    public void Elements_are_put_in_order()
    {
        var matrix = new[,] { { 3f, 1, 2 }, { 9, 7, 7 } };
        _runs.Expect([1, 2, 3, 7, 7, 9], Graph.Sort(matrix));
        _runs.Expect([9, 7, 7, 3, 1, 2], Graph.Sort(matrix, 0, descending: true));
        Assert.Equal([1, 2, 0, 1, 2, 0], _runs.Session.Run(Graph.ArgSort(matrix)).ToArray<int>());
        Assert.Equal([0, 2, 1, 0, 1, 2], _runs.Session.Run(Graph.ArgSort(matrix, descending: true)).ToArray<int>());
        Assert.Equal([int.MinValue, -1, 4, int.MaxValue], _runs.Session.Run(Graph.Sort(new[] { 4, int.MinValue, int.MaxValue, -1 })).ToArray<int>());
        Assert.Equal([0, 7, 255], _runs.Session.Run(Graph.Sort(new byte[] { 255, 0, 7 })).ToArray<byte>());
        Assert.Throws<ArgumentException>(() => Graph.Sort(3f));
    }

    [Fact]
    public void Slices_are_taken_within_batches_and_repeated()
    {
        _runs.Expect([1, 0, 5, 5], Graph.BatchGather(OpRuns.Ramp(2, 3), new[,] { { 1, 0 }, { 2, 2 } }));
        _runs.Expect([1, 1, 2, 2], Graph.Repeat(new[] { 1f, 2 }, 2));
        _runs.Expect([1, 2, 2, 2, 3, 4, 4, 4], Graph.Repeat(new[,] { { 1f, 2 }, { 3, 4 } }, new[] { 1, 3 }, 1));
        _runs.Expect([3, 4, 3, 4], Graph.Repeat(new[,] { { 1f, 2 }, { 3, 4 } }, new[] { 0, 2 }, 0));
    }

    [Fact]
    public void Order_is_told()
    {
        bool Is(Output value) => (bool)_runs.Session.Run(value);
        Assert.True(Is(Graph.IsNonDecreasing(new[] { 1, 1, 2 })) && Is(Graph.IsStrictlyIncreasing(new[] { 1, 2, 3 })) && Is(Graph.IsNonDecreasing(Array.Empty<int>())));
        Assert.False(Is(Graph.IsNonDecreasing(new[] { 2, 1 })) || Is(Graph.IsStrictlyIncreasing(new[] { 1, 1 })));
    }

    [Fact]
    public void Pseudoinverses_and_ranks_are_those_of_NumPy()
    {
        _runs.Expect([0.2, 0.4, -2, 0, 0, 1], Graph.Add(Graph.Pinv(new[,] { { 1.0, 2 }, { 2, 4 }, { 0, 1 } }), 0.0));
        Assert.Equal([1, 2], _runs.Session.Run(Graph.MatrixRank(Tensor.Of<double>([2, 2, 2], [1, 2, 2, 4, 1, 0, 0, 1]))).ToArray<int>());
        _runs.Expect([0.04, 0.08, 0.08, 0.16], Graph.Pinv(new[,] { { 1.0, 2 }, { 2, 4 } }));
        Assert.Throws<ArgumentException>(() => Graph.Pinv(Graph.Placeholder(DType.Float32, [-1, 2])));
    }
}
