using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Nets;

/// <summary>Functions of <c>tf.nn</c> that are built of several operations, beside what they are defined as.</summary>
public sealed class NetCompositionTests : IDisposable
{
    private readonly OpRuns _runs = new();

    private Graph Graph => _runs.Graph;

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Activations_and_layers_of_one_line_are_what_they_say()
    {
        float[] x = [-2, 0, 3];
        Near([0, 0, 3, 2, 0, 0], Graph.Crelu(x));
        Near([.. x.Select(static v => v / (1 + Math.Exp(-v)))], Graph.Swish(x));
        var rows = new float[,] { { 1, 2 }, { -3, 4 } };
        var weights = new float[,] { { 1, 0, -1 }, { 2, 1, 1 } };
        Near([6, 3, 0, 6, 5, 6], Graph.XwPlusB(rows, weights, new[] { 1f, 1, -1 }));
        Near([5, 2, 1, 5, 4, 7], Graph.ReluLayer(rows, weights, new[] { 0f, 0, 0 }));
        Near([0, 2, 0, 0, 4, 2], Graph.ReluLayer(rows, weights, new[] { -9f, 0, -5 }));
    }

    [Fact]
    public void Losses_element_by_element_follow_their_formulas()
    {
        float[] targets = [0, 1, 4], logs = [0.5f, -1, 2];
        Near([.. targets.Zip(logs, static (t, l) => Math.Exp(l) - (l * t))], Graph.LogPoissonLoss(targets, logs));
        Near(
            [.. targets.Zip(logs, static (t, l) => Math.Exp(l) - (l * t) + (t <= 1 ? 0 : (t * Math.Log(t)) - t + (0.5 * Math.Log(2 * Math.PI * t))))],
            Graph.LogPoissonLoss(targets, logs, computeFullLoss: true));
        float[] labels = [0, 1, 0.5f], logits = [2, -3, 40];
        Near(
            [.. labels.Zip(logits, static (z, v) => (-3.0 * z * LogSigmoid(v)) - ((1 - z) * LogSigmoid(-v)))],
            Graph.WeightedCrossEntropyWithLogits(labels, logits, 3f));
        Assert.Throws<ArgumentException>(() => Graph.WeightedCrossEntropyWithLogits(labels, new[] { 1f }, 3f));

        static double LogSigmoid(double v) => -Math.Log(1 + Math.Exp(-v));
    }

    [Fact]
    public void Moments_are_weighted_and_put_together()
    {
        var x = new float[,] { { 1, 2 }, { 3, 6 }, { 5, 7 } };
        float[,] weights = { { 1 }, { 2 }, { 1 } };
        (Output mean, Output variance) = Graph.WeightedMoments(x, [0], weights);
        Near([3, 5.25], mean);
        Near([2, ((3.25 * 3.25) + (2 * 0.75 * 0.75) + (1.75 * 1.75)) / 4], variance);

        (Output count, Output sum, Output squares, Output? shift) = Graph.SufficientStatistics(x, [0], 2f);
        Near([3], count);
        Near([3, 9], sum);
        Near([11, 41], squares);
        (mean, variance) = Graph.NormalizeMoments(count, sum, squares, shift!);
        Near([3, 5], mean);
        Near([8 / 3.0, (41 / 3.0) - 9], variance);
        Output fed = Graph.Placeholder(DType.Float32, [-1, 2]);
        Assert.Equal([3f], _runs.Session.Run(Graph.SufficientStatistics(fed, [0]).Count, new() { [fed] = x }).ToArray<float>());
    }

    [Theory]
    [InlineData("VALID", 1, 1)]
    [InlineData("SAME", 2, 1)]
    [InlineData("VALID", 1, 2)]
    public void Rows_are_convolved_in_both_layouts(string padding, int stride, int dilation)
    {
        const int width = 7, channels = 2, outputs = 3, window = 3;
        Tensor x = OpRuns.Ramp(1, width, channels), w = OpRuns.Ramp(window, channels, outputs);
        int reach = ((window - 1) * dilation) + 1;
        int length = padding == "SAME" ? (width + stride - 1) / stride : (width - reach) / stride + 1;
        int before = padding == "SAME" ? Math.Max(((length - 1) * stride) + reach - width, 0) / 2 : 0;
        var expected = new double[length * outputs];
        for (int i = 0; i < length; i++)
        {
            for (int o = 0; o < outputs; o++)
            {
                for (int k = 0; k < window; k++)
                {
                    int at = (i * stride) + (k * dilation) - before;
                    for (int c = 0; at >= 0 && at < width && c < channels; c++)
                        expected[(i * outputs) + o] += x.ItemAt<double>((at * channels) + c) * w.ItemAt<double>((((k * channels) + c) * outputs) + o);
                }
            }
        }

        Near(expected, Graph.Conv1D(x, w, stride, padding, dilation: dilation));
        Near(expected, Graph.Convolution(x, w, padding, [stride], [dilation]));
        Output turned = Graph.Conv1D(Graph.Transpose(x, new[] { 0, 2, 1 }), w, stride, padding, "NCW", dilation);
        Near(expected, Graph.Transpose(turned, new[] { 0, 2, 1 }));
        Assert.Throws<ArgumentException>(() => Graph.Conv1D(x, w, 1, "SAME", "WNC"));
    }

    [Fact]
    public void Images_and_volumes_go_the_same_ways()
    {
        Tensor image = OpRuns.Ramp(1, 6, 6, 2), window = OpRuns.Ramp(2, 2, 2, 1);
        Assert.Equal(Run(Graph.Conv2D(image, window, [1, 2, 1, 1], "VALID", dilations: [1, 1, 1, 1])).ToArray<float>(), Run(Graph.Convolution(image, window, "VALID", [2, 1])).ToArray<float>());
        Assert.Equal(Run(Graph.Conv2D(image, window, [1, 1, 1, 1], "SAME", dilations: [1, 2, 2, 1])).ToArray<float>(), Run(Graph.AtrousConv2D(image, window, 2, "SAME")).ToArray<float>());
        Tensor volume = OpRuns.Ramp(1, 3, 4, 4, 1);
        Assert.Equal(Run(Graph.Conv3D(volume, OpRuns.Ramp(2, 2, 2, 1, 2), [1, 1, 1, 1, 1], "VALID")).ToArray<float>(), Run(Graph.Convolution(volume, OpRuns.Ramp(2, 2, 2, 1, 2), "VALID")).ToArray<float>());
        Assert.Equal([21f, 23, 29, 31, 37, 39, 45, 47], Run(Graph.Pool(volume, [2, 2, 2], "MAX", "VALID", [1, 2, 2])).ToArray<float>());
        Near([1, 5], Graph.Pool(OpRuns.Ramp(1, 7, 1), [3], "AVG", "VALID", [4]));
        Near([1, 5], Graph.Pool(OpRuns.Ramp(1, 1, 7), [3], "AVG", "VALID", [4], dataFormat: "NCW"));
        Assert.Throws<ArgumentException>(() => Graph.Pool(image, [2, 2], "MIN", "SAME"));
        Assert.Throws<ArgumentException>(() => Graph.Convolution(image, window, "SAME", [1, 2, 3]));

        // The least of value minus kernel, taken the other way round.
        Near([-1, 0, 2, 3], Graph.Erosion2D(OpRuns.Ramp(1, 3, 3, 1), Tensor.Of<float>([2, 2, 1], [5, 0, 0, 0]), [1, 1, 1, 1], [1, 1, 1, 1], "VALID"));
    }

    private Tensor Run(Output output) => _runs.Session.Run(output);

    private void Near(double[] expected, Output actual) => _runs.Expect(expected, actual);
}
