using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Images;

/// <summary>Brighter, greyer and other images, against plain arithmetic.</summary>
public sealed class AdjustmentTests
{
    private static readonly Picture Floats = Picture.Of(2, 3, 4, 3);
    private static readonly Picture Bytes = Picture.Of(2, 3, 4, 3).Each(static p => Math.Floor(p * 256));

    [Fact]
    public void Brightness_is_added_and_bytes_stay_within_their_range()
    {
        Floats.Each(static p => p + 0.25).Expect(OpRuns.Once(static g => g.AdjustBrightness(Floats.Tensor(), 0.25)), 1e-6);
        foreach (double delta in new[] { 0.3, -0.4, 0 })
        {
            // Bytes go through floats of 0 to 1 and come back cut off, half a step up.
            Bytes.Each(p => Math.Clamp(Math.Floor((float)((p / 255) + delta) * 255.5), 0, 255)).Expect(OpRuns.Once(g => g.AdjustBrightness(Bytes.Tensor(DType.UInt8), delta)));
        }

        Floats.Each(static p => (float)p - 0.5f).Expect(OpRuns.Once(static g => g.AdjustBrightness(Floats.Tensor(DType.Float64), g.Constant(-0.5))), 1e-6);
    }

    [Fact]
    public void Contrast_is_the_distance_from_the_mean_of_a_channel()
    {
        Picture expected = Picture.Filled(2, 3, 4, 3, static (b, y, x, c) => ((Floats[b, y, x, c] - Mean(Floats, b, c)) * 1.5) + Mean(Floats, b, c));
        expected.Expect(OpRuns.Once(static g => g.AdjustContrast(Floats.Tensor(), 1.5)), 1e-6);
        Picture bytes = Picture.Filled(2, 3, 4, 3, static (b, y, x, c) => Math.Clamp((((Bytes[b, y, x, c] - Mean(Bytes, b, c)) * 3) + Mean(Bytes, b, c)) / 255 * 255.5, 0, 255));
        Tensor found = OpRuns.Once(static g => g.AdjustContrast(Bytes.Tensor(DType.UInt8), 3.0));
        Assert.Equal(DType.UInt8, found.DType);
        bytes.Expect(found, 1);
    }

    [Fact]
    public void Gamma_is_a_power_and_gain_a_factor()
    {
        Floats.Each(static p => 2 * Math.Pow(p, 1.7)).Expect(OpRuns.Once(static g => g.AdjustGamma(Floats.Tensor(), 1.7, 2)), 1e-5);
        Floats.Expect(OpRuns.Once(static g => g.AdjustGamma(Floats.Tensor())), 1e-6);
        Floats.Each(static p => Math.Sqrt(p)).Expect(OpRuns.Once(static g => g.AdjustGamma(Floats.Tensor(), g.Constant(0.5))), 1e-6);
        Bytes.Each(static p => Math.Clamp(Math.Pow(p / 255, 2) * 1.5 * 255.5, 0, 255)).Expect(OpRuns.Once(static g => g.AdjustGamma(Bytes.Tensor(DType.UInt8), 2, 1.5)), 1);
        Assert.Throws<ArgumentException>(static () => OpRuns.Once(static g => g.AdjustGamma(Floats.Tensor(), -1)));
        Assert.Contains("non-negative", Assert.Throws<RunException>(static () => OpRuns.Once(static g => g.AdjustGamma(Floats.Tensor(), g.Constant(-1.0)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hue_and_saturation_work_on_bytes_too()
    {
        // Red a third of a turn on is green; half of the saturation lets half of the others in.
        Tensor red = Tensor.Of<byte>([1, 1, 3], [255, 0, 0]);
        Assert.Equal([0, 255, 0], OpRuns.Once(g => g.AdjustHue(red, 1f / 3)).ToArray<byte>());
        Assert.Equal([255, 127, 127], OpRuns.Once(g => g.AdjustSaturation(red, 0.5)).ToArray<byte>());
        Assert.Equal([1f, 0, 0], OpRuns.Once(static g => g.AdjustHue(Tensor.Of<float>([1, 1, 3], [0, 0, 1]), 1f / 3)).ToArray<float>(), static (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Standard_images_have_mean_0_and_variance_1(DType type)
    {
        foreach (bool single in new[] { false, true })
        {
            Picture picture = single ? Picture.Of(1, 3, 4, 3) : Floats;
            Picture expected = Picture.Filled(picture.Batch, 3, 4, 3, (b, y, x, c) =>
            {
                double[] image = picture.Pixels[(b * 36)..((b + 1) * 36)];
                double mean = image.Average(), deviation = Math.Sqrt(image.Average(p => (p - mean) * (p - mean)));
                return (picture[b, y, x, c] - mean) / Math.Max(deviation, 1 / Math.Sqrt(36));
            });
            expected.Expect(OpRuns.Once(g => g.PerImageStandardization(picture.Tensor(type, single))), 1e-5, single);
        }

        // One colour only: nothing is divided by zero.
        Floats.Each(static _ => 0).Expect(OpRuns.Once(static g => g.PerImageStandardization(Floats.Each(static _ => 0.7).Tensor())), 1e-5);
    }

    [Fact]
    public void Random_adjustments_stay_within_what_is_asked_for_and_vary()
    {
        var graph = new Graph();
        Output[] adjusted =
        [
            graph.RandomBrightness(Floats.Tensor(), 0.3, seed: 1), graph.RandomContrast(Floats.Tensor(), 0.5, 1.5, seed: 2),
            graph.RandomHue(Tensor.Of<float>([1, 1, 3], [1, 0, 0]), 0.1, seed: 3), graph.RandomSaturation(Tensor.Of<float>([1, 1, 3], [1, 0.5f, 0.5f]), 0.5, 1.5, seed: 4),
        ];
        using var session = new Session(graph);
        var seen = new List<double[]>();
        for (int run = 0; run < 20; run++)
        {
            IReadOnlyList<Tensor> values = [.. adjusted.Select(a => session.Run(a))];
            double delta = values[0].ItemAt<double>(0) - Floats.Pixels[0];
            double factor = (values[1].ItemAt<double>(0) - Mean(Floats, 0, 0)) / (Floats.Pixels[0] - Mean(Floats, 0, 0));
            double hue = values[2].ItemAt<double>(1) - values[2].ItemAt<double>(2);
            double saturation = (1 - values[3].ItemAt<double>(1)) / 0.5;
            seen.Add([delta, factor, hue, saturation]);
            Floats.Each(p => p + delta).Expect(values[0], 1e-5);
        }

        // Red turned by a tenth has 0.6 of green or blue.
        Assert.All(seen, static s => Assert.True(Math.Abs(s[0]) <= 0.3001 && s[1] is >= 0.4999 and <= 1.5001 && Math.Abs(s[2]) <= 0.6001 && s[3] is >= 0.4999 and <= 1.5001, string.Join(' ', s)));
        for (int i = 0; i < 4; i++)
            Assert.True(seen.Max(s => s[i]) - seen.Min(s => s[i]) > 0.15, $"Draw {i} hardly varies.");
    }

    [Fact]
    public void Ranges_that_make_no_sense_are_refused()
    {
        var graph = new Graph();
        Tensor image = Floats.Tensor();
        Assert.Contains("max_delta", Assert.Throws<ArgumentException>(() => graph.RandomBrightness(image, -0.1)).Message, StringComparison.Ordinal);
        Assert.Contains("<= 0.5", Assert.Throws<ArgumentException>(() => graph.RandomHue(image, 0.6)).Message, StringComparison.Ordinal);
        Assert.Contains("upper must be > lower", Assert.Throws<ArgumentException>(() => graph.RandomContrast(image, 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("non-negative", Assert.Throws<ArgumentException>(() => graph.RandomSaturation(image, -1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("either floating point or integer", Assert.Throws<ArgumentException>(() => graph.ConvertImageDtype(image, DType.Bool)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_have_the_names_of_TensorFlow()
    {
        var graph = new Graph();
        Output image = graph.Placeholder(DType.UInt8, [4, 4, 3], "x");
        Assert.Equal("adjust_brightness/convert_image_1/saturate_cast", string.Join('/', NameParts(graph.AdjustBrightness(image, 0.1))));
        Assert.True(graph.TryGetOperation("adjust_brightness", out Operation? add) && add.Type == "Add");
        graph.AdjustContrast(image, 2.0);
        Assert.True(graph.TryGetOperation("adjust_contrast", out Operation? contrast) && contrast.Type == "AdjustContrastv2");
        graph.PerImageStandardization(image);
        Assert.True(graph.TryGetOperation("per_image_standardization", out Operation? standard) && standard.Type == "RealDiv");
        Assert.True(graph.TryGetOperation("per_image_standardization/reduce_std/reduce_variance/Square", out _));
    }

    private static string[] NameParts(Output output) => [.. output.Operation.Inputs[0].Operation.Name.Split('/').Take(2), "saturate_cast"];

    private static double Mean(Picture p, int b, int c) => Enumerable.Range(0, 12).Average(i => p[b, i / 4, i % 4, c]);
}
