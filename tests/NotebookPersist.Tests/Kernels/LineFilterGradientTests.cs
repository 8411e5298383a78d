using System.Numerics;
using System.Runtime.Intrinsics;
using CsCheck;
using NotebookPersist.Kernels;
using Xunit;

namespace NotebookPersist.Tests.Kernels;

public sealed class LineFilterGradientTests
{
    private static readonly Gen<WindowShape> Shapes =
        from batch in Gen.Int[1, 20]
        from height in Gen.Int[6, 40]
        from width in Gen.Int[8, 40]
        from inputs in Gen.Int[1, 7]
        from outputs in Gen.Int[4, 40]
        from window in Gen.Int[2, 6]
        from strideDown in Gen.Int[1, 3]
        from dilation in Gen.Int[1, 2]
        from padding in Gen.Int[0, 2].Select(static i => i == 0 ? "SAME" : i == 1 ? "VALID" : "EXPLICIT")
        select new WindowShape(
            batch, inputs, outputs, WindowAxis.Single, WindowAxis.Create(height, window, strideDown, dilation, padding, 3, 2), WindowAxis.Create(width, window, 1, 1, padding, 2, 6));

    [Fact]
    public void Taps_of_a_line_summed_together_give_the_sums_over_all_windows() => Shapes.Sample(static shape =>
    {
        if (shape.Height.Output < 1 || !LineFilterGradient.Suits<float>(shape))
            return;
        float[] input = Numbers(shape.Batch * shape.Height.Input * shape.Width.Input * shape.InputChannels, 1);
        float[] gradient = Numbers((int)shape.OutputPositions * shape.OutputChannels, 2);
        float[] patches = new float[shape.OutputPositions * shape.WindowSize];
        Convolution.ExtractPatches<float>(input, patches, shape, Workers.Single);
        float[] expected = new float[shape.WindowSize * shape.OutputChannels];
        MatrixProduct.MultiplySmall<float>(patches, gradient, expected, shape.WindowSize, shape.OutputChannels, (int)shape.OutputPositions, true, false);

        float[] found = new float[expected.Length];
        Convolution.BackpropFilter<float>(input, gradient, found, shape, new Workers(2, CancellationToken.None));
        AssertClose(expected, found);
        float[] alone = new float[expected.Length];
        Convolution.BackpropFilter<float>(input, gradient, alone, shape, Workers.Single);
        Assert.Equal(found, alone);
        LineFilterGradient.RunWith<float, TileKernel<WideLanes<float>, Vector512<float>, float>>(input, gradient, found, shape, Workers.Single);
        AssertClose(expected, found);
        LineFilterGradient.RunWith<float, TileKernel<GeneralLanes<float>, Vector<float>, float>>(input, gradient, found, shape, Workers.Single);
        AssertClose(expected, found);
    }, iter: 100, seed: "0000KBhuYqAO");

    [Fact]
    public void No_images_give_no_gradient()
    {
        WindowAxis axis = WindowAxis.Create(9, 3, 1, 1, "SAME");
        float[] found = [.. Enumerable.Repeat(1f, 9 * 2 * 4)];
        Convolution.BackpropFilter<float>([], [], found, new WindowShape(0, 2, 4, WindowAxis.Single, axis, axis), Workers.Single);
        Assert.All(found, static f => Assert.Equal(0, f));
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
            Assert.True(Math.Abs(expected[i] - found[i]) <= 1e-3f, $"Element {i}: {expected[i]} and {found[i]}.");
    }
}
