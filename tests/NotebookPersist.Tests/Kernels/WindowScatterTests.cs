using System.Numerics;
using System.Runtime.Intrinsics;
using CsCheck;
using NotebookPersist.Kernels;
using Xunit;

namespace NotebookPersist.Tests.Kernels;

public sealed class WindowScatterTests
{
    private static readonly Gen<WindowShape> Shapes =
        from batch in Gen.Int[1, 3]
        from height in Gen.Int[1, 15]
        from width in Gen.Int[1, 15]
        from inputs in Gen.Int[1, 8]
        from outputs in Gen.Int[4, 24]
        from window in Gen.Int[1, 5]
        from stride in Gen.Int[1, 3]
        from dilation in Gen.Int[1, 2]
        from padding in Gen.Int[0, 2].Select(static i => i switch { 0 => "SAME", 1 => "VALID", _ => "EXPLICIT" })
        select new WindowShape(
            batch, inputs, outputs, WindowAxis.Single, WindowAxis.Create(height, window, stride, dilation, padding, 3, 2), WindowAxis.Create(width, window, stride, dilation, padding, 1, 4));

    [Fact]
    public void Gradients_of_whole_windows_add_up_to_what_sums_tap_by_tap_give()
    {
        int suited = 0;
        Shapes.Sample(shape =>
        {
            if (shape.Height.Output <= 0 || shape.Width.Output <= 0)
                return;
            Interlocked.Add(ref suited, WindowScatter.Suits<float>(shape) ? 1 : 0);
            float[] filter = Numbers(shape.WindowSize * shape.OutputChannels, 1);
            float[] gradient = Numbers((int)shape.OutputPositions * shape.OutputChannels, 2);
            double[] expected = Expected(filter, gradient, shape);
            AssertClose(expected, With<TileKernel<WideLanes<float>, Vector512<float>, float>>(filter, gradient, expected.Length, shape));
            AssertClose(expected, With<TileKernel<GeneralLanes<float>, Vector<float>, float>>(filter, gradient, expected.Length, shape));
            float[] found = new float[expected.Length];
            Convolution.BackpropInput<float>(filter, gradient, found, shape, new Workers(2, CancellationToken.None));
            AssertClose(expected, found);
        }, iter: 200, seed: "0000KBhuYqAO");
        Assert.True(suited > 20, $"Only {suited} shapes were of the kind.");
    }

    [Fact]
    public void Images_of_many_channels_are_left_to_the_general_way()
    {
        WindowAxis axis = WindowAxis.Create(14, 5, 1, 1, "SAME");
        Assert.False(WindowScatter.Suits<float>(new WindowShape(1, 32, 64, WindowAxis.Single, axis, axis)));
    }

    [Fact]
    public void Taps_that_lie_very_far_apart_are_left_to_the_general_way()
    {
        WindowAxis down = WindowAxis.Create(5, 3, 1, 1 << 30, "SAME");
        Assert.False(WindowScatter.Suits<float>(new WindowShape(1, 3, 64, WindowAxis.Single, down, WindowAxis.Create(5, 3, 1, 1, "SAME"))));
    }

    private static float[] With<TKernel>(float[] filter, float[] gradient, int count, WindowShape shape)
        where TKernel : struct, IMicroKernel<float>
    {
        float[] result = new float[count];
        WindowScatter.RunWith<float, TKernel>(filter, gradient, result, shape);
        return result;
    }

    private static double[] Expected(float[] filter, float[] gradient, WindowShape shape)
    {
        (WindowAxis down, WindowAxis across) = (shape.Height, shape.Width);
        double[] sums = new double[shape.Batch * down.Input * across.Input * shape.InputChannels];
        int at = 0;
        for (int window = 0; window < shape.OutputPositions; window++)
        {
            int column = window % across.Output;
            int row = window / across.Output % down.Output;
            int image = window / across.Output / down.Output;
            for (int o = 0; o < shape.OutputChannels; o++, at++)
            {
                for (int tap = 0; tap < shape.Taps; tap++)
                {
                    int y = down.Start(row) + (tap / across.Window * down.Dilation);
                    int x = across.Start(column) + (tap % across.Window * across.Dilation);
                    if (y < 0 || y >= down.Input || x < 0 || x >= across.Input)
                        continue;
                    for (int i = 0; i < shape.InputChannels; i++)
                        sums[((((image * down.Input) + y) * across.Input) + x) * shape.InputChannels + i] += (double)gradient[at] * filter[(((tap * shape.InputChannels) + i) * shape.OutputChannels) + o];
                }
            }
        }

        return sums;
    }

    private static void AssertClose(double[] expected, float[] found)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 1e-4, $"Element {i}: {expected[i]} and {found[i]}.");
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
