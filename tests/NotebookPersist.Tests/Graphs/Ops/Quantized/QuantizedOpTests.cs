using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Quantized;

public sealed class QuantizedOpTests
{
    [Fact]
    public void Round_trips_land_on_the_grid()
    {
        // Eight bits from -1 to 127/128 are a grid of 1/128, four bits from -1 to 7/8 one of 1/8.
        float[] values = [-1, -0.5f, 0, 0.3f, 0.8f, 0.555f];
        Assert.Equal([-1, -0.5f, 0, 38f / 128, 102f / 128, 71f / 128], RoundTrip(values, new() { { "num_bits", 8L }, { "range_given", true } }, -1, 127f / 128), Near);
        Assert.Equal([-1, -0.5f, 0, 0.25f, 0.75f, 0.5f], RoundTrip(values, new() { { "num_bits", 4L }, { "range_given", true } }, -1, 0.875f), Near);
        Assert.Equal([-1, -0.5f, 0, 38f / 128, 102f / 128, 71f / 128], RoundTrip(values, new(), 0, 0), Near);
    }

    [Theory]
    [InlineData("MIN_COMBINED")]
    [InlineData("MIN_FIRST")]
    [InlineData("SCALED")]
    public void Stored_numbers_come_back_within_half_a_step(string mode)
    {
        float[] values = [-2, -1.3f, 0, 0.7f, 1.9f, 3];
        foreach (DType type in new[] { DType.QInt8, DType.QUInt8, DType.QInt16, DType.QUInt16 })
        {
            if (mode == "SCALED" && type is DType.QUInt8 or DType.QUInt16)
                continue;
            var graph = new Graph();
            Operation stored = graph.AddOperation("QuantizeV2", null, new AttributeList { { "T", type }, { "mode", mode } }, values, -2f, 3f);
            Output back = graph.AddOperation("Dequantize", null, new AttributeList { { "mode", mode } }, stored[0], stored[1], stored[2])[0];
            using var session = new Session(graph);
            float[] found = session.Run(back).ToArray<float>();
            float step = 6f / (type is DType.QInt8 or DType.QUInt8 ? 255 : 65535);
            for (int i = 0; i < values.Length; i++)
                Assert.True(Math.Abs(values[i] - found[i]) <= 0.51f * step + 1e-5f, $"{mode} {type}: {values[i]} came back as {found[i]}");
        }
    }

    [Fact]
    public void A_range_of_255_is_stored_as_it_is()
    {
        var graph = new Graph();
        Operation stored = graph.AddOperation("QuantizeV2", null, new AttributeList { { "T", DType.QUInt8 } }, new[] { 0f, 127.5f, 255f, 300f }, 0f, 255f);
        using var session = new Session(graph);
        Assert.Equal([0, 128, 255, 255], session.Run(stored[0]).ToArray<byte>());
    }

    [Fact]
    public void Channels_have_grids_of_their_own()
    {
        var graph = new Graph();
        Output x = graph.Constant(Tensor.Of<float>([2, 2], [0.126f, 10.4f, 2, -3]));
        Output min = graph.Constant(new[] { 0f, 0f });
        Output max = graph.Constant(new[] { 1f, 255f });
        Output y = graph.AddOperation("FakeQuantWithMinMaxVarsPerChannel", null, null, x, min, max)[0];
        Output?[] gradients = graph.Gradients([y], [x, min, max]);
        using var session = new Session(graph);
        Assert.Equal([32f / 255, 10, 1, 0], session.Run(y).ToArray<float>(), Near);
        Assert.Equal([1, 1, 0, 0], session.Run(gradients[0]!).ToArray<float>());
        Assert.Equal([0, 1], session.Run(gradients[1]!).ToArray<float>());
        Assert.Equal([1, 0], session.Run(gradients[2]!).ToArray<float>());
    }

    private static bool Near(float a, float b) => Math.Abs(a - b) < 1e-5f;

    private static float[] RoundTrip(float[] values, AttributeList attributes, float min, float max)
    {
        var graph = new Graph();
        Output output = graph.AddOperation("QuantizeAndDequantizeV2", null, attributes, values, min, max)[0];
        using var session = new Session(graph);
        return session.Run(output).ToArray<float>();
    }
}
