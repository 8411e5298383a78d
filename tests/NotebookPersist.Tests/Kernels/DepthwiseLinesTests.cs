using System.Numerics;
using System.Runtime.Intrinsics;
using NotebookPersist.Kernels;
using Xunit;

namespace NotebookPersist.Tests.Kernels;

public sealed class DepthwiseLinesTests
{
    [Theory]
    [InlineData(9, 11, 16, 3, 1, 1, "SAME")]
    [InlineData(9, 11, 21, 3, 1, 1, "VALID")]
    [InlineData(13, 12, 40, 3, 2, 1, "SAME")]
    [InlineData(13, 14, 17, 2, 1, 3, "SAME")]
    [InlineData(3, 2, 32, 5, 1, 1, "SAME")]
    [InlineData(5, 0, 8, 3, 1, 1, "SAME")]
    [InlineData(5, 2, 8, 3, 1, 1, "VALID")]
    [InlineData(2, 5, 8, 3, 1, 1, "VALID")]
    [InlineData(7, 6, 24, 3, 1, 1, "SAME")]
    [InlineData(7, 6, 24, 3, 1, 1, "VALID")]
    [InlineData(4, 5, 16, 3, 1, 1, "SAME")]
    [InlineData(12, 16, 16, 5, 1, 1, "SAME")]
    [InlineData(1, 1, 16, 3, 1, 1, "SAME")]
    public void Windows_in_fours_give_what_sums_tap_by_tap_give(int height, int width, int channels, int window, int stride, int dilation, string padding)
    {
        WindowAxis down = WindowAxis.Create(height, window, stride, dilation, padding);
        WindowAxis across = WindowAxis.Create(width, window, stride, dilation, padding);
        var shape = new WindowShape(2, channels, channels, WindowAxis.Single, down, across);
        float[] x = Numbers(2 * height * width * channels, 1);
        float[] w = Numbers(window * window * channels, 2);
        double[] expected = Expected(x, w, shape);
        AssertClose(expected, With<GeneralLanes<float>, Vector<float>>(x, w, expected.Length, shape));
        AssertClose(expected, With<WideLanes<float>, Vector512<float>>(x, w, expected.Length, shape));
        float[] found = new float[expected.Length];
        DepthwiseConvolution.Forward<float>(x, w, found, shape, new Workers(2, CancellationToken.None));
        AssertClose(expected, found);
    }

    private static float[] With<TLanes, TVector>(float[] x, float[] w, int count, WindowShape shape)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        float[] found = new float[count];
        DepthwiseLines.ForwardWith<TLanes, TVector, float>(x, w, found, shape);
        return found;
    }

    private static double[] Expected(float[] x, float[] w, WindowShape shape)
    {
        (WindowAxis down, WindowAxis across, int channels) = (shape.Height, shape.Width, shape.InputChannels);
        double[] sums = new double[shape.Batch * down.Output * across.Output * channels];
        for (int i = 0; i < sums.Length; i++)
        {
            int channel = i % channels;
            int column = i / channels % across.Output;
            int row = i / channels / across.Output % down.Output;
            int image = i / channels / across.Output / down.Output;
            for (int ty = 0; ty < down.Window; ty++)
            {
                for (int tx = 0; tx < across.Window; tx++)
                {
                    int iy = (row * down.Stride) - down.Before + (ty * down.Dilation);
                    int ix = (column * across.Stride) - across.Before + (tx * across.Dilation);
                    if (iy >= 0 && iy < down.Input && ix >= 0 && ix < across.Input)
                        sums[i] += (double)x[((((image * down.Input) + iy) * across.Input) + ix) * channels + channel] * w[(((ty * across.Window) + tx) * channels) + channel];
                }
            }
        }

        return sums;
    }

    private static void AssertClose(double[] expected, float[] found)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 1e-5, $"Element {i}: {expected[i]} and {found[i]}.");
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
