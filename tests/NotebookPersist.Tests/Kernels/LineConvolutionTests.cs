using System.Numerics;
using System.Runtime.Intrinsics;
using CsCheck;
using NotebookPersist.Kernels;
using Xunit;

namespace NotebookPersist.Tests.Kernels;

public sealed class LineConvolutionTests
{
    private static readonly Gen<WindowShape> Shapes =
        from batch in Gen.Int[1, 2]
        from height in Gen.Int[6, 25]
        from width in Gen.Int[12, 25]
        from inputs in Gen.OneOf(Gen.Int[1, 4], Gen.Int[5, 20])
        from outputs in Gen.Int[4, 70]
        from window in Gen.Int[1, 5]
        from strideDown in Gen.Int[1, 3]
        from strideAcross in Gen.Int[1, 2]
        from dilation in Gen.Int[1, 2]
        from padding in Gen.Bool.Select(static b => b ? "SAME" : "EXPLICIT")
        select new WindowShape(
            batch, inputs, outputs, WindowAxis.Single, WindowAxis.Create(height, window, strideDown, dilation, padding, 3, 2), WindowAxis.Create(width, window, strideAcross, 1, padding, 2, 6));

    [Fact]
    public void Images_of_few_channels_are_convolved_as_by_the_general_path() => Shapes.Sample(static shape =>
    {
        if (!LineConvolution.Suits<float>(shape))
            return;
        float[] input = Numbers(shape.Batch * shape.Height.Input * shape.Width.Input * shape.InputChannels, 1);
        float[] filter = Numbers(shape.WindowSize * shape.OutputChannels, 2);
        float[] expected = General(input, filter, shape);
        float[] found = new float[expected.Length];
        Convolution.Forward<float>(input, filter, found, shape, new Workers(2, CancellationToken.None));
        AssertClose(expected, found);
        AssertClose(expected, With<TileKernel<WideLanes<float>, Vector512<float>, float>>(input, filter, shape));
        AssertClose(expected, With<TileKernel<GeneralLanes<float>, Vector<float>, float>>(input, filter, shape));
    }, iter: 150, seed: "0000KBhuYqAO");

    [Theory]
    [InlineData(6, true, FusedActivation.Relu)]
    [InlineData(6, false, FusedActivation.Relu6)]
    [InlineData(5, true, FusedActivation.None)]
    [InlineData(16, true, FusedActivation.Relu6)]
    [InlineData(21, true, FusedActivation.Relu)]
    public void What_follows_is_done_to_every_sum(int outputs, bool hasBias, FusedActivation activation)
    {
        WindowAxis down = WindowAxis.Create(9, 5, 1, 1, "SAME");
        WindowAxis across = WindowAxis.Create(29, 5, 1, 1, "VALID");
        var shape = new WindowShape(2, 1, outputs, WindowAxis.Single, down, across);
        Assert.True(LineConvolution.Suits<float>(shape));
        float[] input = Numbers(shape.Batch * down.Input * across.Input, 1);
        float[] filter = [.. Numbers(shape.WindowSize * outputs, 2).Select(static w => 4 * w)];
        float[] bias = hasBias ? Numbers(outputs, 3) : [];
        float[] expected = General(input, filter, shape);
        float[] found = new float[expected.Length];
        Convolution.Forward(input, filter, found, shape, new Epilogue<float> { Bias = bias, Activation = activation }, new Workers(2, CancellationToken.None));
        for (int i = 0; i < expected.Length; i++)
        {
            float value = expected[i] + (hasBias ? bias[i % outputs] : 0);
            expected[i] = activation switch { FusedActivation.Relu => Math.Max(0, value), FusedActivation.Relu6 => Math.Clamp(value, 0, 6), _ => value };
        }

        AssertClose(expected, found);
    }

    private static float[] General(float[] input, float[] filter, WindowShape shape)
    {
        float[] patches = new float[shape.OutputPositions * shape.WindowSize];
        Convolution.ExtractPatches<float>(input, patches, shape, Workers.Single);
        float[] result = new float[shape.OutputPositions * shape.OutputChannels];
        MatrixProduct.MultiplySmall<float>(patches, filter, result, (int)shape.OutputPositions, shape.OutputChannels, shape.WindowSize, false, false);
        return result;
    }

    private static float[] With<TKernel>(float[] input, float[] filter, WindowShape shape)
        where TKernel : struct, IMicroKernel<float>
    {
        float[] result = new float[shape.OutputPositions * shape.OutputChannels];
        LineConvolution.ForwardWith<float, TKernel>(input, filter, result, shape);
        return result;
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (random.NextSingle() * 2) - 1;
        return values;
    }

    private static void AssertClose(float[] expected, float[] found)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 1e-4f, $"Element {i}: {expected[i]} and {found[i]}.");
    }
}
