using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Quantized;

/// <summary>Arithmetic on stored integers, against the same on the real numbers that they stand for.</summary>
public sealed class QuantizedArithmeticTests : IDisposable
{
    private readonly OpRuns _runs = new();

    [Fact]
    public void A_product_of_matrices_is_the_one_that_TensorFlow_publishes()
    {
        // core/kernels/quantized_matmul_op_test.cc, Small_NoParams: the range 0 to 255 means the integers themselves.
        Tensor[] found = _runs.Run("QuantizedMatMul", null, Bytes([2, 3], 1, 2, 3, 4, 5, 6), Bytes([3, 4], 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18), 0f, 255f, 0f, 255f);
        Assert.Equal([74, 80, 86, 92, 173, 188, 203, 218], found[0].Reinterpreted(DType.Int32).ToArray<int>());
        Tensor[] turned = _runs.Run("QuantizedMatMul", new() { { "transpose_a", true }, { "transpose_b", true } }, Bytes([3, 2], 1, 4, 2, 5, 3, 6), Bytes([4, 3], 7, 11, 15, 8, 12, 16, 9, 13, 17, 10, 14, 18), 0f, 255f, 0f, 255f);
        Assert.Equal([74, 80, 86, 92, 173, 188, 203, 218], turned[0].Reinterpreted(DType.Int32).ToArray<int>());
    }

    [Fact]
    public void A_convolution_is_the_one_that_TensorFlow_publishes()
    {
        // core/kernels/quantized_conv_ops_test.cc, Small.
        (Tensor image, float imageMin, float imageMax) = Store([1, 3, 4, 1], DType.QUInt8, 0, 12, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        (Tensor filter, float filterMin, float filterMax) = Store([3, 3, 1, 1], DType.QUInt8, 1, 9, [1, 4, 7, 2, 5, 8, 3, 6, 9]);
        Tensor[] found = _runs.Run("QuantizedConv2D", new() { { "strides", OpRuns.Ints(1, 1, 1, 1) }, { "padding", "SAME" } }, image, filter, imageMin, imageMax, filterMin, filterMax);
        float[] expected = [105, 150, 183, 95, 235, 312, 357, 178, 187, 234, 261, 121];
        float[] values = Real(found);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], values[i], 1.0f);
    }

    [Theory]
    [InlineData("QuantizedAdd")]
    [InlineData("QuantizedMul")]
    public void Sums_and_products_are_those_of_the_real_numbers(string type)
    {
        foreach ((long[] xSizes, long[] ySizes) in new (long[], long[])[] { ([2, 3], [2, 3]), ([2, 3], [3]), ([], [2, 3]), ([2, 1, 3], [4, 1]), ([0, 3], [3]) })
        {
            var random = new Random(3);
            float[] Values(long[] sizes, float low, float high) => [.. Enumerable.Range(0, (int)Shape.Create(sizes).ElementCount).Select(_ => low + (random.NextSingle() * (high - low)))];
            float[] x = Values(xSizes, -1, 5), y = Values(ySizes, -20, 10);
            (Tensor xs, float xMin, float xMax) = Store(xSizes, DType.QUInt8, -1, 5, x);
            (Tensor ys, float yMin, float yMax) = Store(ySizes, DType.QUInt8, -20, 10, y);
            Tensor[] found = _runs.Run(type, null, xs, ys, xMin, xMax, yMin, yMax);
            Tensor plain = _runs.Run(type == "QuantizedAdd" ? "Add" : "Mul", null, Tensor.Of<float>(Shape.Create(xSizes), x), Tensor.Of<float>(Shape.Create(ySizes), y))[0];
            Assert.Equal(plain.Shape, found[0].Shape);
            float[] values = Real(found);
            for (int i = 0; i < values.Length; i++)
                Assert.Equal(plain.Data<float>()[i], values[i], type == "QuantizedAdd" ? 0.1f : 0.7f);
        }
    }

    [Fact]
    public void A_bias_is_added_to_the_channels()
    {
        (Tensor x, float xMin, float xMax) = Store([2, 2], DType.QUInt8, 0, 60, [10, 20, 30, 50]);
        (Tensor b, float bMin, float bMax) = Store([2], DType.QUInt8, -4, 4, [3, -2]);
        float[] sums = Real(_runs.Run("QuantizedBiasAdd", new() { { "out_type", DType.QInt32 } }, x, b, xMin, xMax, bMin, bMax));
        Assert.Equal([13f, 18, 33, 48], sums, static (a, c) => Math.Abs(a - c) < 0.2);
    }

    [Fact]
    public void Thirty_two_bits_become_eight_in_the_range_that_is_used()
    {
        // core/kernels/quantize_down_and_shrink_range_op_test.cc, HandCrafted.
        const int Half = 1 << 23;
        var input = Tensor.Of<int>([3], [-Half, 0, Half]).Reinterpreted(DType.QInt32);
        Tensor[] down = _runs.Run("QuantizeDownAndShrinkRange", new() { { "out_type", DType.QUInt8 } }, input, -256f, 256f);
        Assert.Equal([0, 128, 255], down[0].Reinterpreted(DType.UInt8).ToArray<byte>().Select(static b => (int)b), static (a, b) => Math.Abs(a - b) <= 1);
        Assert.Equal(-1, down[1].Item<float>(), 1e-5f);
        Assert.Equal(1, down[2].Item<float>(), 1e-5f);
        Tensor[] range = _runs.Run("RequantizationRange", null, input, -256f, 256f);
        Assert.Equal((down[1].Item<float>(), down[2].Item<float>()), (range[0].Item<float>(), range[1].Item<float>()));
        // core/kernels/requantize_op_test.cc, HandCraftedRequantize and InvalidOutputMin.
        Tensor[] again = _runs.Run("Requantize", new() { { "out_type", DType.QUInt8 } }, input, -256f, 256f, -1f, 1f);
        Assert.Equal([0, 128, 255], again[0].Reinterpreted(DType.UInt8).ToArray<byte>().Select(static b => (int)b), static (a, b) => Math.Abs(a - b) <= 1);
        Assert.Contains(
            "requested_output_min must be <= 0, but got 0.01",
            Assert.Throws<RunException>(() => _runs.Run("Requantize", new() { { "out_type", DType.QUInt8 } }, input, -256f, 256f, 0.01f, 1f)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Activations_cut_off_at_what_the_integers_stand_for()
    {
        (Tensor x, float min, float max) = Store([5], DType.QUInt8, -128, 127, [-100, -1, 0, 5, 60]);
        Assert.Equal([0f, 0, 0, 5, 60], Real(_runs.Run("QuantizedRelu", null, x, min, max)));
        Assert.Equal([0f, 0, 0, 5, 6], Real(_runs.Run("QuantizedRelu6", null, x, min, max)));
        Assert.Equal([0f, 0, 0, 5, 20], Real(_runs.Run("QuantizedReluX", null, x, 20f, min, max)));
    }

    [Fact]
    public void Pools_keep_the_range()
    {
        (Tensor x, float min, float max) = Store([1, 2, 4, 1], DType.QUInt8, 0, 255, [1, 2, 5, 8, 3, 6, 7, 100]);
        AttributeList Windows() => new() { { "ksize", OpRuns.Ints(1, 2, 2, 1) }, { "strides", OpRuns.Ints(1, 2, 2, 1) }, { "padding", "VALID" } };
        Assert.Equal([6f, 100], Real(_runs.Run("QuantizedMaxPool", Windows(), x, min, max)));
        Assert.Equal([3f, 30], Real(_runs.Run("QuantizedAvgPool", Windows(), x, min, max)));
    }

    [Fact]
    public void Parts_of_different_ranges_are_joined_in_one_that_holds_both()
    {
        (Tensor x, float xMin, float xMax) = Store([1, 2], DType.QUInt8, 0, 10, [1, 9]);
        (Tensor y, float yMin, float yMax) = Store([1, 3], DType.QUInt8, 0, 100, [5, 50, 99]);
        Tensor[] found = _runs.Run("QuantizedConcat", null, 1, x, y, xMin, yMin, xMax, yMax);
        Assert.Equal((0f, 100f), (found[1].Item<float>(), found[2].Item<float>()));
        Assert.Equal([1f, 9, 5, 50, 99], Real(found), static (a, b) => Math.Abs(a - b) < 0.41);
    }

    [Fact]
    public void Shapes_change_and_images_grow_without_the_range()
    {
        Tensor[] reshaped = _runs.Run("QuantizedReshape", null, Bytes([2, 3], 1, 2, 3, 4, 5, 6), new[] { 3, -1 }, -1f, 1f);
        Assert.Equal(OpRuns.Sizes(3, 2), reshaped[0].Shape);
        Assert.Equal((-1f, 1f), (reshaped[1].Item<float>(), reshaped[2].Item<float>()));
        Tensor[] resized = _runs.Run("QuantizedResizeBilinear", null, Bytes([1, 1, 2, 1], 10, 20), new[] { 1, 4 }, 0f, 255f);
        Assert.Equal([10, 15, 20, 20], resized[0].Reinterpreted(DType.UInt8).ToArray<byte>());
    }

    [Fact]
    public void Normalizations_agree_with_those_of_the_real_numbers()
    {
        // core/kernels/quantized_batch_norm_op_test.cc, Simple: two channels.
        (Tensor x, float xMin, float xMax) = Store([1, 1, 6, 2], DType.QUInt8, -128, 127, [1, 4, 2, 5, 3, 6, -1, -4, -2, -5, -3, -6]);
        (Tensor mean, float meanMin, float meanMax) = Store([2], DType.QUInt8, 0, 20, [10, 20]);
        (Tensor variance, float varianceMin, float varianceMax) = Store([2], DType.QUInt8, 0, 1, [0.25f, 0.5f]);
        (Tensor beta, float betaMin, float betaMax) = Store([2], DType.QUInt8, 0, 1, [0.1f, 0.6f]);
        (Tensor gamma, float gammaMin, float gammaMax) = Store([2], DType.QUInt8, 0, 1, [0, 0]);
        float[] found = Real(_runs.Run(
            "QuantizedBatchNormWithGlobalNormalization", new() { { "out_type", DType.QInt32 }, { "variance_epsilon", 0.001f }, { "scale_after_normalization", false } },
            x, xMin, xMax, mean, meanMin, meanMax, variance, varianceMin, varianceMax, beta, betaMin, betaMax, gamma, gammaMin, gammaMax));
        float[] expected = [-17.86f, -22.00f, -15.87f, -20.59f, -13.87f, -19.18f, -21.86f, -33.31f, -23.85f, -34.72f, -25.85f, -36.13f];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 0.1f);

        float[] normal = Real(_runs.Run("QuantizedInstanceNorm", null, Bytes([1, 2, 2, 1], 10, 20, 30, 40), 0f, 255f));
        double deviation = Math.Sqrt(125 + 1e-5);
        Assert.Equal([(float)(-15 / deviation), (float)(-5 / deviation), (float)(5 / deviation), (float)(15 / deviation)], normal, static (a, b) => Math.Abs(a - b) < 0.02);
    }

    public void Dispose() => _runs.Dispose();

    private static Tensor Bytes(long[] sizes, params byte[] values) => Tensor.Of<byte>(Shape.Create(sizes), values).Reinterpreted(DType.QUInt8);

    private (Tensor Stored, float Min, float Max) Store(long[] sizes, DType type, float min, float max, float[] values)
    {
        Tensor[] stored = _runs.Run("QuantizeV2", new() { { "T", type }, { "mode", "MIN_FIRST" } }, Tensor.Of<float>(Shape.Create(sizes), values), min, max);
        return (stored[0], stored[1].Item<float>(), stored[2].Item<float>());
    }

    private float[] Real(Tensor[] quantized) => _runs.Run("Dequantize", new() { { "mode", "MIN_FIRST" } }, quantized[0], quantized[1], quantized[2])[0].ToArray<float>();
}
