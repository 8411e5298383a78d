using NotebookPersist.Tests.Graphs.Gradients;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Nets;

/// <summary>Convolutions in groups against those of each group alone.</summary>
public sealed class GroupedConvolutionTests : IDisposable
{
    private readonly OpRuns _runs = new();

    [Theory]
    [InlineData("NHWC", "SAME", 1, 1, 3)]
    [InlineData("NHWC", "VALID", 2, 1, 3)]
    [InlineData("NHWC", "SAME", 1, 2, 3)]
    [InlineData("NHWC", "SAME", 1, 1, 1)]
    [InlineData("NCHW", "SAME", 2, 1, 3)]
    [InlineData("NCHW", "VALID", 1, 1, 1)]
    public void Each_group_of_outputs_sees_its_own_part_of_the_channels(string format, string padding, int stride, int dilation, int window)
    {
        int channels = format == "NHWC" ? 3 : 1;
        Output image = _runs.Graph.Constant(Waves(format == "NHWC" ? [2, 5, 6, 6] : [2, 6, 5, 6]));
        Output filter = _runs.Graph.Constant(Waves([window, window, 2, 12]));
        int[] strides = format == "NHWC" ? [1, stride, stride, 1] : [1, 1, stride, stride];
        int[] dilations = format == "NHWC" ? [1, dilation, dilation, 1] : [1, 1, dilation, dilation];
        Output whole = _runs.Graph.Conv2D(image, filter, strides, padding, format, dilations);
        Output parts = Composed(_runs.Graph, image, filter, (x, w) => _runs.Graph.Conv2D(x, w, strides, padding, format, dilations), channels);
        double[] found = _runs.Session.Run(whole).ToArray<double>();
        _runs.Expect(found, parts);
        Assert.Equal(12, whole.Shape[channels]);
    }

    [Fact]
    public void Bias_and_activation_follow_the_groups()
    {
        Output image = _runs.Graph.Constant(Waves([1, 6, 6, 24])), filter = _runs.Graph.Constant(Waves([3, 3, 8, 24])), bias = _runs.Graph.Constant(Waves([24]));
        Output Narrow(Output x) => _runs.Graph.Cast(x, DType.Float32);
        Output fused = _runs.Graph.Relu(_runs.Graph.BiasAdd(_runs.Graph.Conv2D(Narrow(image), Narrow(filter), [1, 1, 1, 1], "SAME"), Narrow(bias)));
        Output pooled = _runs.Graph.MaxPool(fused, [1, 2, 2, 1], [1, 2, 2, 1], "VALID");
        Output sums = Composed(_runs.Graph, image, filter, (x, w) => _runs.Graph.Conv2D(x, w, [1, 1, 1, 1], "SAME"), 3);
        Output expected = _runs.Graph.Relu(_runs.Graph.Add(sums, bias));
        Output expectedPool = _runs.Graph.MaxPool(expected, [1, 2, 2, 1], [1, 2, 2, 1], "VALID");
        _runs.Expect(_runs.Session.Run(expected).ToArray<double>(), fused);
        _runs.Expect(_runs.Session.Run(expectedPool).ToArray<double>(), pooled);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Gradients_go_to_the_image_and_the_filter_of_each_group(int stride) => GradientCheck.Run(
        "grouped convolution",
        (graph, x) => graph.Conv2D(x[0], x[1], [1, stride, stride, 1], "SAME"),
        [Waves([1, 4, 3, 4]), Waves([2, 3, 2, 6])]);

    [Fact]
    public void Outputs_that_do_not_divide_are_refused()
    {
        Output image = _runs.Graph.Constant(Waves([1, 3, 3, 4]));
        RunException fault = Assert.Throws<RunException>(() => _runs.Session.Run(_runs.Graph.Conv2D(image, _runs.Graph.Constant(Waves([1, 1, 2, 3])), [1, 1, 1, 1], "SAME")));
        Assert.Contains("number of groups: 3 vs 2", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _runs.Dispose();

    private static Output Composed(Graph graph, Output image, Output filter, Func<Output, Output, Output> convolve, int channels)
    {
        int groups = (int)(image.Shape[channels] / filter.Shape[2]);
        IReadOnlyList<Output> images = graph.Split(image, groups, channels), filters = graph.Split(filter, groups, 3);
        return graph.Concat([.. images.Zip(filters, (x, w) => (Operand)convolve(x, w))], channels);
    }

    private static Tensor Waves(Shape shape)
    {
        double[] values = new double[shape.ElementCount];
        for (int i = 0; i < values.Length; i++)
            values[i] = Math.Sin((1.7 * i) + 0.3);
        return Tensor.Of<double>(shape, values);
    }
}
