using NotebookPersist.Kernels;
using Xunit;

namespace NotebookPersist.Tests.Kernels;

public sealed class BiasTests
{
    [Theory]
    [InlineData(6, 1, 50_000)]
    [InlineData(130, 1, 2_000)]
    [InlineData(3, 7, 9_973)]
    [InlineData(5, 1, 3)]
    [InlineData(4, 1, 0)]
    public void Sums_of_channels_are_the_same_with_any_number_of_threads_and_near_the_exact_ones(int channels, int inner, int outer)
    {
        var random = new Random(channels);
        float[] value = [.. Enumerable.Range(0, channels * inner * outer).Select(_ => random.NextSingle() - 0.4f)];
        double[] exact = new double[channels];
        for (int i = 0; i < value.Length; i++)
            exact[i / inner % channels] += value[i];
        float[] alone = new float[channels];
        Bias.Sum<float>(value, alone, inner, Workers.Single);
        float[] shared = [.. Enumerable.Repeat(9f, channels)];
        Bias.Sum<float>(value, shared, inner, new Workers(2, CancellationToken.None));
        Assert.Equal(alone, shared);
        for (int c = 0; c < channels; c++)
            Assert.Equal(exact[c], alone[c], (1e-5 * Math.Abs(exact[c])) + 1e-6);
    }

    [Fact]
    public void Lines_may_be_so_long_that_a_block_of_them_has_more_elements_than_32_bits_count()
    {
        byte[] value = new byte[1 << 23], sums = new byte[1];
        (value[0], value[^1]) = (3, 4);
        Bias.Sum<byte>(value, sums, value.Length, Workers.Single);
        Assert.Equal(7, sums[0]);
    }
}
