using System.Numerics;
using NotebookPersist.Kernels;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Signal;

public sealed class FourierTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(97)]
    [InlineData(128)]
    public void Transforms_of_any_length_are_those_of_the_definition(int n)
    {
        Complex[] data = [.. Enumerable.Range(0, n).Select(static i => new Complex(Math.Sin(i * 1.7) + 0.2, Math.Cos(i * 0.9)))];
        Complex[] found = [.. data];
        new Fourier(n).Transform(found, inverse: false);
        for (int k = 0; k < n; k++)
        {
            Complex sum = 0;
            for (int i = 0; i < n; i++)
                sum += data[i] * Complex.FromPolarCoordinates(1, -2 * Math.PI * i * k / n);
            Assert.True(Complex.Abs(sum - found[k]) < 1e-10 * n, $"frequency {k} of {n}");
        }

        new Fourier(n).Transform(found, inverse: true);
        for (int i = 0; i < n; i++)
            Assert.True(Complex.Abs(data[i] - found[i]) < 1e-12 * n);
    }

    [Fact]
    public void A_known_spectrum_comes_out()
    {
        var graph = new Graph();
        using var session = new Session(graph);
        Tensor found = session.Run(graph.Fft(Tensor.Of<Complex>([4], [1, 2, 3, 4])));
        Complex[] expected = [10, new(-2, 2), -2, new(-2, -2)];
        for (int i = 0; i < 4; i++)
            Assert.True(Complex.Abs(expected[i] - found.Data<Complex>()[i]) < 1e-14);
        Tensor half = session.Run(graph.Rfft(new[] { 1f, 2, 3, 4, 9 }, new[] { 4 }));
        Assert.Equal([new Complex64(10, 0), new Complex64(-2, 2), new Complex64(-2, 0)], half.ToArray<Complex64>());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Real_transforms_come_back_in_all_ranks(int n)
    {
        var graph = new Graph();
        float[] values = [.. Enumerable.Range(0, 2 * 3 * n).Select(static i => MathF.Sin(i * 2.3f))];
        Tensor x = Tensor.Of<float>([2, 3, n], values);
        int[] lengths = [2, 3, n];
        using var session = new Session(graph);
        Output[] back =
        [
            graph.Irfft(graph.Rfft(x, lengths[2..]), lengths[2..]),
            graph.Irfft2D(graph.Rfft2D(x, lengths[1..]), lengths[1..]),
            graph.Irfft3D(graph.Rfft3D(x, lengths), lengths),
        ];
        foreach (Output output in back)
        {
            Assert.Equal([2, 3, n], output.Shape);
            float[] found = session.Run(output).ToArray<float>();
            for (int i = 0; i < values.Length; i++)
                Assert.Equal(values[i], found[i], 1e-6f);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Gradients_agree_with_differences(int n)
    {
        float[] values = [.. Enumerable.Range(0, 3 * n).Select(static i => MathF.Sin((i * 2.3f) + 0.4f))];
        Check(values, n, static (g, x, k) => g.Real(Turned(g, g.Rfft(x, new[] { k }))), DType.Float32);
        Check(values, n, static (g, x, k) => g.Real(Turned(g, g.Rfft2D(x, new[] { 3, k }))), DType.Float32);
        Check(values, n, static (g, x, k) => g.Irfft(g.Complex(x, 0.5f * x), new[] { (2 * k) - 2 }), DType.Float32);
        Check(values, n, static (g, x, k) => g.Irfft2D(g.Complex(x, 0.5f * x), new[] { 3, (2 * k) - 1 }), DType.Float32);
        Check(values, n, static (g, x, k) => g.Real(Turned(g, g.Ifft2D(g.Fft(g.Complex(x, 0.5f * x))))), DType.Float32);
    }

    private static Output Turned(Graph g, Output x) => g.Multiply(x, Tensor.Scalar(new Complex64(0.3f, 0.8f)));

    // All of these are linear, so that a step of any size gives the derivative.
    private static void Check(float[] values, int n, Func<Graph, Output, int, Output> build, DType type)
    {
        var graph = new Graph();
        Output x = graph.Placeholder(type, [3, n]);
        Output y = graph.ReduceSum(graph.Square(build(graph, x, n) + 1f)) * 0.5f;
        Output gradient = graph.Gradients([y], [x])[0] ?? throw new InvalidOperationException("There is no gradient.");
        using var session = new Session(graph);
        float[] found = session.Run(gradient, new FeedDict { [x] = Tensor.Of<float>([3, n], values) }).ToArray<float>();
        for (int i = 0; i < values.Length; i++)
        {
            float[] up = [.. values];
            float[] down = [.. values];
            up[i] += 0.5f;
            down[i] -= 0.5f;
            float difference = session.Run(y, new FeedDict { [x] = Tensor.Of<float>([3, n], up) }).Item<float>() - session.Run(y, new FeedDict { [x] = Tensor.Of<float>([3, n], down) }).Item<float>();
            Assert.Equal(difference, found[i], 2e-3f * Math.Max(1, Math.Abs(difference)));
        }
    }
}
