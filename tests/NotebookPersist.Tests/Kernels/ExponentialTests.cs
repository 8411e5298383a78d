using System.Numerics;
using System.Runtime.Intrinsics;
using NotebookPersist.Kernels;
using Xunit;

namespace NotebookPersist.Tests.Kernels;

public sealed class ExponentialTests
{
    [Fact]
    public void Powers_are_exact_to_two_units_in_the_last_place()
    {
        for (int i = 0; i < 200_000; i++)
        {
            float x = -87.3f * i / 200_000;
            float found = Exponential.OfNonPositive(new Vector<float>(x))[0];
            float exact = (float)Math.Exp(x);
            int distance = Math.Abs(BitConverter.SingleToInt32Bits(found) - BitConverter.SingleToInt32Bits(exact));
            Assert.True(distance <= 2, $"exp({x:R}) is {exact:R}; found {found:R}.");
        }
    }

    [Fact]
    public void Edges_of_the_range_are_what_exp_gives()
    {
        Assert.Equal(1, Exponential.OfNonPositive(Vector<float>.Zero)[0]);
        Assert.Equal(0, Exponential.OfNonPositive(new Vector<float>(float.NegativeInfinity))[0]);
        Assert.Equal(0, Exponential.OfNonPositive(new Vector<float>(-200))[0]);
        Assert.True(float.IsNaN(Exponential.OfNonPositive(new Vector<float>(float.NaN))[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(1000)]
    public void Softmax_of_a_row_of_any_length_equals_the_one_in_double(int classes)
    {
        var random = new Random(classes);
        float[] logits = [.. Enumerable.Range(0, 3 * classes).Select(_ => (random.NextSingle() * 40) - 20)];
        float[] found = new float[logits.Length];
        Softmax.Run<float>(logits, found, classes, logarithm: false, new Workers(2, CancellationToken.None));
        for (int row = 0; row < 3; row++)
        {
            double largest = logits.Skip(row * classes).Take(classes).Max();
            double sum = logits.Skip(row * classes).Take(classes).Sum(x => Math.Exp(x - largest));
            for (int i = row * classes; i < (row + 1) * classes; i++)
                Assert.Equal(Math.Exp(logits[i] - largest) / sum, found[i], 1e-6);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(1003)]
    public void Vectors_of_any_width_give_the_same_softmax(int classes)
    {
        var random = new Random(classes);
        float[] logits = [.. Enumerable.Range(0, classes).Select(_ => (random.NextSingle() * 200) - 100)];
        float[] narrow = new float[classes];
        Exponential.SoftmaxWith<GeneralLanes<float>, Vector<float>>(logits, narrow);
        Exponential.SoftmaxWith<WideLanes<float>, Vector512<float>>(logits, logits); // In place.
        for (int i = 0; i < classes; i++)
            Assert.Equal(narrow[i], logits[i], Math.Max(1e-6f * narrow[i], 1e-37f));
        Assert.Equal(1, narrow.Sum(), 1e-5f);
    }

    [Fact]
    public void What_takes_part_with_no_weight_is_0()
    {
        float[] found = new float[20];
        Softmax.Run<float>([.. Enumerable.Range(0, 20).Select(static i => i % 2 == 0 ? float.NegativeInfinity : 1f)], found, 20, logarithm: false, Workers.Single);
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(i % 2 == 0 ? 0 : 0.1f, found[i], 1e-7f));
    }

    [Fact]
    public void Softmax_of_a_row_with_NaN_is_NaN()
    {
        float[] found = new float[10];
        Softmax.Run<float>([1, 2, float.NaN, 4, 5, 6, 7, 8, 9, 10], found, 10, logarithm: false, Workers.Single);
        Assert.All(found, static p => Assert.True(float.IsNaN(p)));
    }
}
