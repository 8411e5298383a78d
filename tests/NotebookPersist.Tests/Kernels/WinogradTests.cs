using System.Numerics;
using System.Runtime.Intrinsics;
using CsCheck;
using NotebookPersist.Kernels;
using Xunit;

namespace NotebookPersist.Tests.Kernels;

public sealed class WinogradTests
{
    private const int Samples = 150;

    private static readonly Gen<Case> Cases =
        from batch in Gen.Int[1, 3]
        from height in Gen.Int[3, 19]
        from width in Gen.Int[3, 19]
        from inputs in Gen.Int[1, 40]
        from outputs in Gen.Int[1, 70]
        from before in Gen.Int[0, 2]
        from after in Gen.Int[0, 2]
        from padding in Gen.Int[0, 2].Select(static i => new[] { "SAME", "VALID", "EXPLICIT" }[i])
        from activation in Gen.Enum<FusedActivation>()
        from pool in Gen.Bool
        select new Case(
            new WindowShape(
                batch, inputs, outputs, WindowAxis.Single, WindowAxis.Create(height, 3, 1, 1, padding, before, after), WindowAxis.Create(width, 3, 1, 1, padding, after, before)),
            activation,
            pool);

    [Fact]
    public void Winograd_agrees_with_sums_in_float64_whatever_the_shape() => Cases.Sample(
        static c => AssertClose(Exact(c), Transformed(c, new Workers(2, CancellationToken.None))), iter: Samples, seed: "0000KBhuYqAO");

    [Fact]
    public void Both_vector_widths_agree_with_sums_in_float64() => Cases.Sample(
        static c =>
        {
            double[] expected = Exact(c);
            AssertClose(expected, WithLanes<WideLanes<float>, Vector512<float>>(c));
            AssertClose(expected, WithLanes<GeneralLanes<float>, Vector<float>>(c));
        },
        iter: Samples,
        seed: "0000KBhuYqAO");

    [Theory]
    [InlineData(16, 64)]
    [InlineData(14, 256)]
    [InlineData(9, 512)]
    public void Error_stays_within_what_is_promised(int size, int channels)
    {
        // As in a network: inputs after a ReLU, weights that keep the variance.
        WindowAxis axis = WindowAxis.Create(size, 3, 1, 1, "SAME");
        var c = new Case(new WindowShape(1, channels, 64, WindowAxis.Single, axis, axis), FusedActivation.None, false);
        double[] expected = Exact(c);
        float[] found = Transformed(c, Workers.Single);
        double squares = 0, errors = 0, worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            squares += expected[i] * expected[i];
            errors += Math.Pow(found[i] - expected[i], 2);
            worst = Math.Max(worst, Math.Abs(found[i] - expected[i]));
        }

        Assert.True(Math.Sqrt(errors / squares) < 5e-6, $"Root mean square: {Math.Sqrt(errors / squares)}.");
        Assert.True(worst < 2e-5 * expected.Max(Math.Abs), $"Worst: {worst} of {expected.Max(Math.Abs)}.");
    }

    [Fact]
    public void The_gradient_towards_the_input_agrees_with_the_plain_path() => Cases.Sample(
        static c =>
        {
            WindowShape shape = c.Shape;
            float[] filter = Numbers(9 * shape.InputChannels * shape.OutputChannels, 2, -1);
            float[] gradient = Numbers((int)shape.OutputPositions * shape.OutputChannels, 3, -1);
            float[] expected = new float[shape.Batch * shape.Height.Input * shape.Width.Input * shape.InputChannels];
            float[] found = new float[expected.Length];
            Convolution.BackpropInput<float>(filter, gradient, expected, shape, Workers.Single);
            var reversed = new WinogradFilter(shape.OutputChannels, shape.InputChannels);
            reversed.SetReversed(filter, Workers.Single);
            Convolution.BackpropInput(reversed, gradient, found, shape, Workers.Single);
            AssertClose([.. expected.Select(static v => (double)v)], found);
        },
        iter: Samples,
        seed: "0000KBhuYqAO");

    [Fact]
    public void The_gradient_towards_the_filter_agrees_with_the_plain_path() => Cases.Sample(
        static c =>
        {
            WindowShape shape = c.Shape;
            float[] gradient = Numbers((int)shape.OutputPositions * shape.OutputChannels, 3, -1);
            float[] expected = new float[c.Filter.Length];
            float[] found = new float[expected.Length];
            float[] wide = new float[expected.Length];
            Convolution.BackpropFilter<float>(c.Input, gradient, expected, shape, Workers.Single);
            WinogradFilterGradient.Run(c.Input, gradient, found, shape, new Workers(2, CancellationToken.None));
            WinogradFilterGradient.Run<WideLanes<float>, Vector512<float>>(c.Input, gradient, wide, shape, Workers.Single);
            AssertClose([.. expected.Select(static v => (double)v)], found);
            AssertClose([.. expected.Select(static v => (double)v)], wide);
        },
        iter: Samples,
        seed: "0000KBhuYqAO");

    [Fact]
    public void NaN_in_the_input_stays_visible()
    {
        WindowAxis axis = WindowAxis.Create(8, 3, 1, 1, "SAME");
        var shape = new WindowShape(1, 8, 8, WindowAxis.Single, axis, axis);
        float[] input = Numbers(8 * 8 * 8, 1, 0);
        input[(3 * 8 * 8) + (3 * 8) + 1] = float.NaN;
        var filter = new WinogradFilter(8, 8);
        filter.Set(Numbers(9 * 8 * 8, 2, -1), Workers.Single);
        float[] output = new float[8 * 8 * 8];
        Convolution.Forward(input, filter, output, shape, new Epilogue<float> { Activation = FusedActivation.Relu6 }, Workers.Single);
        Assert.True(float.IsNaN(output[(3 * 8 * 8) + (3 * 8)]));
    }

    [Fact]
    public void A_cancelled_convolution_stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        WindowAxis axis = WindowAxis.Create(32, 3, 1, 1, "SAME");
        var shape = new WindowShape(1, 16, 16, WindowAxis.Single, axis, axis);
        var filter = new WinogradFilter(16, 16);
        float[] image = new float[32 * 32 * 16];
        float[] result = new float[image.Length];
        Assert.Throws<OperationCanceledException>(() => Convolution.Forward(image, filter, result, shape, default, new Workers(1, source.Token)));
    }

    private static float[] Transformed(Case c, Workers workers)
    {
        var filter = new WinogradFilter(c.Shape.InputChannels, c.Shape.OutputChannels);
        filter.Set(c.Filter, workers);
        float[] output = Enumerable.Repeat(float.NaN, c.OutputCount).ToArray();
        Convolution.Forward(c.Input, filter, output, c.Shape, c.Epilogue(c.Bias), workers);
        return output;
    }

    private static float[] WithLanes<TLanes, TVector>(Case c)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        float[] output = Enumerable.Repeat(float.NaN, c.OutputCount).ToArray();
        WinogradConvolution.ForwardWith<TLanes, TVector>(c.Input, c.Filter, output, c.Shape, c.Epilogue(c.Bias));
        return output;
    }

    // Plain loops, in a type that rounds nothing that matters here.
    private static double[] Exact(Case c)
    {
        WindowShape s = c.Shape;
        double[] sums = new double[s.OutputPositions * s.OutputChannels];
        for (int position = 0; position < s.OutputPositions; position++)
        {
            int column = position % s.Width.Output;
            int row = position / s.Width.Output % s.Height.Output;
            int image = position / s.Width.Output / s.Height.Output;
            Span<double> to = sums.AsSpan(position * s.OutputChannels, s.OutputChannels);
            for (int tap = 0; tap < 9; tap++)
            {
                int y = row - s.Height.Before + (tap / 3);
                int x = column - s.Width.Before + (tap % 3);
                if ((uint)y >= (uint)s.Height.Input || (uint)x >= (uint)s.Width.Input)
                    continue;
                for (int i = 0; i < s.InputChannels; i++)
                {
                    double value = c.Input[(((((image * s.Height.Input) + y) * s.Width.Input) + x) * s.InputChannels) + i];
                    for (int o = 0; o < to.Length; o++)
                        to[o] += value * c.Filter[(((tap * s.InputChannels) + i) * s.OutputChannels) + o];
                }
            }

            for (int o = 0; o < to.Length; o++)
            {
                double value = to[o] + c.Bias[o];
                to[o] = c.Activation switch
                {
                    FusedActivation.Relu => Math.Max(value, 0),
                    FusedActivation.Relu6 => Math.Clamp(value, 0, 6),
                    _ => value,
                };
            }
        }

        return c.Pool ? Pooled(sums, s) : sums;
    }

    private static double[] Pooled(double[] sums, WindowShape s)
    {
        var pooled = new List<double>();
        for (int image = 0; image < s.Batch; image++)
        {
            for (int row = 0; row + 1 < s.Height.Output; row += 2)
            {
                for (int column = 0; column + 1 < s.Width.Output; column += 2)
                {
                    for (int o = 0; o < s.OutputChannels; o++)
                    {
                        int at = (((((image * s.Height.Output) + row) * s.Width.Output) + column) * s.OutputChannels) + o;
                        int below = at + (s.Width.Output * s.OutputChannels);
                        pooled.Add(Math.Max(Math.Max(sums[at], sums[at + s.OutputChannels]), Math.Max(sums[below], sums[below + s.OutputChannels])));
                    }
                }
            }
        }

        return [.. pooled];
    }

    private static float[] Numbers(int count, int seed, float lowest)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = lowest + (random.NextSingle() * (1 - lowest));
        return values;
    }

    private static void AssertClose(double[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        double largest = expected.Length == 0 ? 0 : expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 2e-5 * Math.Max(largest, 1), $"Element {i}: {expected[i]} and {found[i]}, the largest being {largest}.");
    }

    private sealed record Case(WindowShape Shape, FusedActivation Activation, bool Pool)
    {
        public float[] Input { get; } = Numbers(Shape.Batch * Shape.Height.Input * Shape.Width.Input * Shape.InputChannels, 1, 0);

        public float[] Filter { get; } = [.. Numbers(9 * Shape.InputChannels * Shape.OutputChannels, 2, -1).Select(w => w * MathF.Sqrt(2f / (3 * Shape.InputChannels)))];

        public float[] Bias { get; } = Numbers(Shape.OutputChannels, 3, -1);

        public int OutputCount => Shape.Batch * Shape.OutputChannels
            * (Pool ? Shape.Height.Output / 2 * (Shape.Width.Output / 2) : Shape.Height.Output * Shape.Width.Output);

        // A span cannot be kept in a record.
        public Epilogue<float> Epilogue(float[] bias) => new() { Bias = bias, Activation = Activation, MaxPool = Pool };
    }
}
