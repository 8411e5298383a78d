using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Nets;

/// <summary>What runs on images with channels last gives the same with channels second, which TensorFlow's CPU refuses.</summary>
public sealed class LayoutTests
{
    private static readonly int[] ToFirst = [0, 3, 1, 2];
    private static readonly int[] ToLast = [0, 2, 3, 1];

    [Theory]
    [InlineData("SAME", 1, 1)]
    [InlineData("SAME", 2, 1)]
    [InlineData("VALID", 2, 1)]
    [InlineData("VALID", 1, 2)]
    public void Conv2D_is_the_same_in_both_layouts(string padding, int stride, int dilation)
    {
        var graph = new Graph();
        Output x = graph.Constant(Numbers(2, 7, 6, 3));
        Output w = graph.Constant(Numbers(3, 2, 3, 4));
        Output last = graph.Conv2D(x, w, [1, stride, stride, 1], padding, dilations: [1, dilation, dilation, 1]);
        Output first = graph.Conv2D(graph.Transpose(x, ToFirst), w, [1, 1, stride, stride], padding, "NCHW", [1, 1, dilation, dilation]);
        AssertSame(graph, last, graph.Transpose(first, ToLast));
    }

    [Theory]
    [InlineData("SAME")]
    [InlineData("VALID")]
    public void Pooling_is_the_same_in_both_layouts(string padding)
    {
        var graph = new Graph();
        Output x = graph.Constant(Numbers(2, 7, 6, 3));
        Output xFirst = graph.Transpose(x, ToFirst);
        AssertSame(
            graph,
            graph.MaxPool(x, [1, 3, 2, 1], [1, 2, 2, 1], padding),
            graph.Transpose(graph.MaxPool(xFirst, [1, 1, 3, 2], [1, 1, 2, 2], padding, "NCHW"), ToLast));
        AssertSame(
            graph,
            graph.AvgPool(x, [1, 3, 2, 1], [1, 2, 2, 1], padding),
            graph.Transpose(graph.AvgPool(xFirst, [1, 1, 3, 2], [1, 1, 2, 2], padding, "NCHW"), ToLast));
    }

    [Fact]
    public void Bias_and_batch_normalisation_are_the_same_in_both_layouts()
    {
        var graph = new Graph();
        Output x = graph.Constant(Numbers(2, 4, 5, 3));
        Output xFirst = graph.Transpose(x, ToFirst);
        float[] perChannel = [0.5f, -1, 2];
        AssertSame(graph, graph.BiasAdd(x, perChannel), graph.Transpose(graph.BiasAdd(xFirst, perChannel, "NCHW"), ToLast));
        AssertSame(
            graph,
            graph.FusedBatchNorm(x, perChannel, perChannel).Y,
            graph.Transpose(graph.FusedBatchNorm(xFirst, perChannel, perChannel, dataFormat: "NCHW").Y, ToLast));
    }

    [Fact]
    public void Blocks_moved_to_the_batch_and_back_are_where_they_were()
    {
        var graph = new Graph();
        Output x = graph.Constant(Numbers(2, 4, 6, 3));
        int[,] none = { { 0, 0 }, { 0, 0 } };
        int[,] edges = { { 1, 1 }, { 2, 0 } };
        AssertSame(graph, x, graph.BatchToSpaceND(graph.SpaceToBatchND(x, new[] { 2, 3 }, none), new[] { 2, 3 }, none));
        AssertSame(graph, x, graph.BatchToSpaceND(graph.SpaceToBatchND(x, new[] { 2, 2 }, edges), new[] { 2, 2 }, edges));
        AssertSame(graph, x, graph.DepthToSpace(graph.SpaceToDepth(x, 2), 2));
    }

    private static Tensor Numbers(params long[] shape)
    {
        var tensor = Tensor.Uninitialized(DType.Float32, shape);
        Span<float> values = tensor.MutableData<float>();
        for (int i = 0; i < values.Length; i++)
            values[i] = ((i * 37) % 101 / 50f) - 1;
        return tensor;
    }

    private static void AssertSame(Graph graph, Output expected, Output actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        using var session = new Session(graph);
        Tensor wanted = session.Run(expected);
        Tensor found = session.Run(actual);
        Assert.Equal(wanted.Shape, found.Shape);
        ReadOnlySpan<float> a = wanted.Data<float>();
        ReadOnlySpan<float> b = found.Data<float>();
        for (int i = 0; i < a.Length; i++)
            Assert.True(MathF.Abs(a[i] - b[i]) <= 1e-6f * (1 + MathF.Abs(a[i])), $"Element {i}: {a[i]} and {b[i]}.");
    }
}
