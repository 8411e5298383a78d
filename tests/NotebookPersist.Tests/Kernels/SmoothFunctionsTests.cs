using System.Numerics;
using NotebookPersist.Kernels;
using Xunit;

namespace NotebookPersist.Tests.Kernels;

public sealed class SmoothFunctionsTests
{
    private const double LeastNormal = 1.2e-38;

    private static readonly float[] Points =
        [.. Enumerable.Range(-20_000, 40_001).Select(static i => i * 0.005f), .. Enumerable.Range(-45, 60).SelectMany(static i => new[] { MathF.ScaleB(1, i), -MathF.ScaleB(1, i) })];

    [Fact]
    public void Tanh_is_exact_to_one_in_a_million() => AssertClose(SmoothFunctions.Tanh, Math.Tanh, 1e-6);

    [Fact]
    public void Sigmoid_is_exact_to_one_in_a_million() => AssertClose(SmoothFunctions.Sigmoid, static x => 1 / (1 + Math.Exp(-x)), 1e-6);

    [Fact]
    public void Softplus_is_exact_to_one_in_a_million() =>
        AssertClose(SmoothFunctions.Softplus, static x => x > 0 ? x + LogOnePlus(Math.Exp(-x)) : LogOnePlus(Math.Exp(x)), 1e-6);

    [Fact]
    public void Elu_is_exact_to_one_in_a_million_also_near_0() =>
        AssertClose(static x => SmoothFunctions.Elu(x, 1.5f, 0.5f), static x => x < 0 ? 1.5 * ExpLessOne(x) : 0.5 * x, 1e-6);

    [Fact]
    public void Edges_are_what_the_functions_tend_to()
    {
        Assert.Equal([1, -1, 0], Values(SmoothFunctions.Tanh));
        Assert.Equal([1, 0, 0.5f], Values(SmoothFunctions.Sigmoid));
        Assert.Equal([float.PositiveInfinity, 0, 0.6931472f], Values(SmoothFunctions.Softplus));
        Assert.Equal([float.PositiveInfinity, -1, 0], Values(static x => SmoothFunctions.Elu(x, 1, 1)));

        static float[] Values(Func<Vector<float>, Vector<float>> function)
        {
            Assert.True(float.IsNaN(function(new Vector<float>(float.NaN))[0]));
            return [.. new[] { float.PositiveInfinity, float.NegativeInfinity, 0 }.Select(x => function(new Vector<float>(x))[0])];
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(21)]
    public void An_element_is_computed_alike_wherever_it_lies(int count)
    {
        float[] x = [.. Enumerable.Range(0, count).Select(static i => (i * 0.7f) - 3)];
        float[] found = new float[count];
        Activation.Run<float, Function>(x, x, found, 0);
        for (int i = 0; i < count; i++)
            Assert.Equal(SmoothFunctions.Tanh(new Vector<float>(x[i]))[0], found[i]);
    }

    private static double LogOnePlus(double x) => x < 1e-4 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);

    private static double ExpLessOne(double x) => Math.Abs(x) < 1e-4 ? x + (x * x / 2) + (x * x * x / 6) : Math.Exp(x) - 1;

    private static void AssertClose(Func<Vector<float>, Vector<float>> function, Func<double, double> exact, double bound)
    {
        foreach (float x in Points)
        {
            double expected = exact(x);
            float found = function(new Vector<float>(x))[0];
            Assert.True(Math.Abs(found - expected) <= (bound * Math.Abs(expected)) + LeastNormal, $"At {x:R}: {expected:R}, found {found:R}.");
        }
    }

    private readonly struct Function : IActivation<float>
    {
        public static bool IsVectorized => true;

        public static float Apply(float x, float y, float parameter) => throw new NotSupportedException();

        public static Vector<float> Apply(Vector<float> x, Vector<float> y, Vector<float> parameter) => SmoothFunctions.Tanh(x);
    }
}
