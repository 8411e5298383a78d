using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Nets;

/// <summary>Windows that fit nowhere, as turns out when a graph runs: TensorFlow gives tensors without elements, and gradients of zeros.</summary>
public sealed class EmptyWindowTests
{
    private readonly Graph _graph = new();

    [Theory]
    [InlineData(2, 2, 3)]
    [InlineData(2, 5, 3)]
    [InlineData(5, 2, 3)]
    public void Convolutions_and_pools_of_less_than_a_window_are_empty(int height, int width, int window)
    {
        Output x = _graph.Placeholder(DType.Float32, [2, -1, -1, 4]); // Where the size is known the node is refused.
        Output filter = _graph.Constant(new float[window, window, 4, 4]);
        int[] ones = [1, 1, 1, 1], sizes = [1, window, window, 1];
        int[] shape = [2, Math.Max(0, height - window + 1), Math.Max(0, width - window + 1), 4];
        Output[] results =
        [
            _graph.Conv2D(x, filter, ones, "VALID"),
            _graph.DepthwiseConv2D(x, _graph.Constant(new float[window, window, 4, 1]), ones, "VALID"),
            _graph.MaxPool(x, sizes, ones, "VALID"),
            _graph.AvgPool(x, sizes, ones, "VALID"),
        ];
        using var session = new Session(_graph);
        var feed = new FeedDict { [x] = new float[2, height, width, 4] };
        foreach (Output result in results)
        {
            Assert.Equal(shape.Select(static s => (long)s), session.Run(result, feed)!.Shape.Dimensions.ToArray());
            Tensor gradient = session.Run(_graph.Gradients(result, x)[0]!, feed)!;
            Assert.Equal([2L, height, width, 4L], gradient.Shape.Dimensions.ToArray());
            Assert.All(gradient.ToArray<float>(), static g => Assert.Equal(0f, g));
        }

        Assert.Equal(new float[window * window * 16], session.Run(_graph.Gradients(results[0], filter)[0]!, feed)!.ToArray<float>());
    }

    [Fact]
    public void A_window_larger_than_a_known_size_is_refused() =>
        Assert.Contains("negative", Assert.Throws<GraphException>(() => _graph.MaxPool(_graph.Constant(new float[1, 2, 5, 1]), [1, 3, 3, 1], [1, 1, 1, 1], "VALID")).Message, StringComparison.OrdinalIgnoreCase);
}
