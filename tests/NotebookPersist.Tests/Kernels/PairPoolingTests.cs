using NotebookPersist.Kernels;
using Xunit;

namespace NotebookPersist.Tests.Kernels;

public sealed class PairPoolingTests
{
    [Theory]
    [InlineData(1, 2, 2, 1)]
    [InlineData(2, 6, 4, 5)]
    [InlineData(3, 4, 10, 8)]
    [InlineData(2, 8, 6, 35)]
    [InlineData(2, 4, 28, 6)]
    [InlineData(2, 4, 40, 1)]
    [InlineData(1, 2, 8, 3)]
    public void Windows_of_two_by_two_give_what_windows_taken_one_by_one_give(int batch, int height, int width, int channels)
    {
        var shape = new WindowShape(batch, channels, channels, WindowAxis.Single, WindowAxis.Create(height, 2, 2, 1, "SAME"), WindowAxis.Create(width, 2, 2, 1, "VALID"));
        Assert.True(PairPooling.Suits<float>(shape));
        var random = new Random(5);

        // Few different numbers: many windows have their largest element more than once.
        float[] input = [.. Enumerable.Range(0, batch * height * width * channels).Select(_ => (float)random.Next(4))];
        input[0] = float.NaN;
        input[^1] = float.NaN;
        float[] gradient = [.. Enumerable.Range(1, input.Length / 4).Select(static i => (float)i)];
        int[] positions = new int[gradient.Length];
        Pooling.ArgMax<float>(input, positions, shape, Workers.Single);
        float[] expected = new float[input.Length];
        Pooling.Scatter<float>(gradient, positions, expected);

        float[] found = [.. Enumerable.Repeat(-1f, input.Length)];
        Pooling.MaxBackprop<float>(input, gradient, found, shape, new Workers(2, CancellationToken.None));
        Assert.Equal(expected, found);

        float[] pooled = new float[gradient.Length];
        Pooling.Max<float>(input, pooled, shape, new Workers(2, CancellationToken.None));
        for (int i = 0; i < pooled.Length; i++)
        {
            int first = positions[i];
            bool hasNaN = i == 0 || i == pooled.Length - 1;
            Assert.Equal(hasNaN ? float.NaN : input[first], pooled[i]);
        }
    }

    [Theory]
    [InlineData(7, 2, 2, "SAME")]
    [InlineData(7, 2, 2, "VALID")]
    [InlineData(8, 3, 2, "SAME")]
    [InlineData(8, 2, 1, "SAME")]
    public void Other_windows_are_left_to_the_general_way(int size, int window, int stride, string padding)
    {
        WindowAxis axis = WindowAxis.Create(size, window, stride, 1, padding);
        Assert.False(PairPooling.Suits<float>(new WindowShape(1, 3, 3, WindowAxis.Single, axis, axis)));
    }
}
