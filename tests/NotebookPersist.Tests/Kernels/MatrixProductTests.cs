using System.Numerics;
using System.Runtime.Intrinsics;
using NotebookPersist.Kernels;
using Xunit;

namespace NotebookPersist.Tests.Kernels;

public sealed class MatrixProductTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 200, 300)]
    [InlineData(2, 130, 70)]
    [InlineData(200, 1, 300)]
    [InlineData(13, 33, 17)]
    [InlineData(97, 65, 513)]
    [InlineData(49, 2100, 30)]
    [InlineData(20, 40, 2500)]
    [InlineData(5, 0, 3)]
    [InlineData(8, 2, 4096)]
    [InlineData(4096, 2, 8)]
    [InlineData(131, 10, 70)]
    [InlineData(16, 16, 1100)]
    public void Product_equals_the_one_summed_in_order(int m, int n, int k)
    {
        foreach ((bool ta, bool tb) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            float[] a = Numbers(m * k, 1);
            float[] b = Numbers(k * n, 2);
            float[] expected = new float[m * n];
            MatrixProduct.MultiplySmall<float>(a, b, expected, m, n, k, ta, tb);
            float[] found = new float[m * n];
            MatrixProduct.Multiply<float>(a, b, found, m, n, k, ta, tb, new Workers(2, CancellationToken.None));
            AssertClose(expected, found);
            AssertClose(expected, With<TileKernel<GeneralLanes<float>, Vector<float>, float>>(a, b, m, n, k, ta, tb));
            AssertClose(expected, With<TileKernel<WideLanes<float>, Vector512<float>, float>>(a, b, m, n, k, ta, tb));
        }
    }

    [Theory]
    [InlineData(1, 5, 7)]
    [InlineData(8, 130, 700)]
    [InlineData(13, 33, 17)]
    [InlineData(100, 65, 513)]
    public void A_packed_factor_gives_the_same_product_with_bias_and_activation(int m, int n, int k)
    {
        foreach ((bool ta, bool tb) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            float[] a = Numbers(m * k, 1);
            float[] b = Numbers(k * n, 2);
            float[] bias = Numbers(n, 3);
            float[] expected = new float[m * n];
            MatrixProduct.MultiplySmall<float>(a, b, expected, m, n, k, ta, tb);
            for (int i = 0; i < expected.Length; i++)
                expected[i] = Math.Clamp(expected[i] + bias[i % n], 0, 6);
            var epilogue = new Epilogue<float> { Bias = bias, Activation = FusedActivation.Relu6 };
            float[] found = new float[m * n];
            PackedMatrix.Pack<float>(b, k, n, tb, Workers.Single).MultiplyLeft(a, found, m, ta, epilogue, new Workers(2, CancellationToken.None));
            AssertClose(expected, found);
            MatrixProduct.Multiply(a, b, found, m, n, k, ta, tb, epilogue, Workers.Single);
            AssertClose(expected, found);
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 300, 1027)]
    [InlineData(3, 37, 9)]
    [InlineData(5, 530, 2050)]
    [InlineData(8, 1029, 258)]
    public void A_few_rows_by_a_matrix_as_it_lies_give_the_same_product(int m, int n, int k)
    {
        foreach (bool transposed in new[] { false, true })
        {
            float[] a = Numbers(m * k, 1);
            float[] b = Numbers(k * n, 2);
            float[] expected = new float[m * n];
            MatrixProduct.MultiplySmall<float>(a, b, expected, m, n, k, false, transposed);
            AssertClose(expected, Slim<GeneralLanes<float>, Vector<float>>(a, b, m, n, k, transposed));
            AssertClose(expected, Slim<WideLanes<float>, Vector512<float>>(a, b, m, n, k, transposed));
        }
    }

    private static float[] Slim<TLanes, TVector>(float[] a, float[] b, int m, int n, int k, bool transposed)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        float[] found = new float[m * n];
        MatrixProduct.MultiplySlimWith<TLanes, TVector, float>(a, b, found, m, n, k, transposed, new Workers(2, CancellationToken.None));
        return found;
    }

    [Fact]
    public void Sums_of_nothing_are_zero()
    {
        float[] found = [1, 2, 3, 4];
        MatrixProduct.Multiply<float>([], [], found, 2, 2, 0, false, false, Workers.Single);
        Assert.Equal([0, 0, 0, 0], found);
    }

    [Fact]
    public void Integers_are_multiplied_without_loss()
    {
        long[] a = [.. Enumerable.Range(0, 40 * 50).Select(static i => (long)((i * 7919) % 1000))];
        long[] b = [.. Enumerable.Range(0, 50 * 30).Select(static i => (long)((i * 104729) % 1000) << 32)];
        long[] expected = new long[40 * 30];
        MatrixProduct.MultiplySmall<long>(a, b, expected, 40, 30, 50, false, false);
        long[] found = new long[40 * 30];
        MatrixProduct.Multiply<long>(a, b, found, 40, 30, 50, false, false, Workers.Single);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void A_cancelled_product_stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        float[] square = new float[128 * 128];
        float[] result = new float[128 * 128];
        Assert.Throws<OperationCanceledException>(() => MatrixProduct.Multiply<float>(square, square, result, 128, 128, 128, false, false, new Workers(1, source.Token)));
    }

    private static float[] With<TKernel>(float[] a, float[] b, int m, int n, int k, bool ta, bool tb)
        where TKernel : struct, IMicroKernel<float>
    {
        float[] c = new float[m * n];
        MatrixProduct.MultiplyWith<float, TKernel>(a, b, c, m, n, k, ta, tb, Workers.Single);
        return c;
    }

    private static float[] Numbers(int count, int seed)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = ((i + seed) * 2654435761u % 2001 / 1000f) - 1;
        return values;
    }

    private static void AssertClose(float[] expected, float[] found)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 2e-5f * (1 + Math.Abs(expected[i])), $"Element {i}: {expected[i]} and {found[i]}.");
    }
}
