using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Images;

/// <summary>Mirrored and turned images, against plain indexing.</summary>
public sealed class FlipTests
{
    private static readonly Picture One = Picture.Of(1, 3, 4, 2);
    private static readonly Picture Two = Picture.Of(2, 3, 5, 1);

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.UInt8)]
    public void Mirrored_images_have_their_pixels_on_the_other_side(DType type)
    {
        foreach ((Picture picture, bool single) in new[] { (One.Each(static p => Math.Floor(p * 256)), true), (Two.Each(static p => Math.Floor(p * 256)), false) })
        {
            Tensor image = picture.Tensor(type, single);
            Mirrored(picture, true, false).Expect(OpRuns.Once(g => g.FlipLeftRight(image)), single: single);
            Mirrored(picture, false, true).Expect(OpRuns.Once(g => g.FlipUpDown(image)), single: single);
            Mirrored(picture, true, false).Expect(Picture.RunUnknown(image, single ? [-1, -1, -1] : [-1, -1, 5, -1], static (g, x) => g.FlipLeftRight(x)), single: single);
        }

        // Nothing known is taken for one image.
        Mirrored(One, false, true).Expect(Picture.RunUnknown(One.Tensor(single: true), Shape.Unknown, static (g, x) => g.FlipUpDown(x)), single: true);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void Turned_images_are_turned_against_the_clock(int k)
    {
        Turned(One, k).Expect(OpRuns.Once(g => g.Rot90(One.Tensor(single: true), k)), single: true);
        Turned(Two, k).Expect(OpRuns.Once(g => g.Rot90(Two.Tensor(), k)));
    }

    [Fact]
    public void Turns_may_come_from_the_run_and_are_one_by_default()
    {
        var graph = new Graph();
        Output turns = graph.Placeholder(DType.Int32, Shape.Scalar), image = graph.Placeholder(DType.Float32, [-1, -1, -1, 1]);
        Output turned = graph.Rot90(image, turns), once = graph.Rot90(image);
        using var session = new Session(graph);
        for (int k = 0; k < 4; k++)
            Turned(Two, k).Expect(session.Run(turned, new() { { image, Two.Tensor() }, { turns, k } }));
        Turned(Two, 1).Expect(session.Run(once, new() { { image, Two.Tensor() } }));
        Assert.Throws<ArgumentException>(() => graph.Rot90(image, new[] { 1, 2 }));
    }

    [Fact]
    public void Transposed_images_have_rows_and_columns_exchanged()
    {
        Picture.Filled(1, 4, 3, 2, static (b, y, x, c) => One[b, x, y, c]).Expect(OpRuns.Once(static g => g.TransposeImage(One.Tensor(single: true))), single: true);
        Picture.Filled(2, 5, 3, 1, static (b, y, x, c) => Two[b, x, y, c]).Expect(OpRuns.Once(static g => g.TransposeImage(Two.Tensor())));
    }

    [Fact]
    public void Chance_mirrors_each_image_of_a_batch_by_itself_and_nothing_but_mirrors()
    {
        Picture picture = Picture.Of(16, 2, 3, 1);
        var graph = new Graph();
        Output batch = graph.RandomFlipLeftRight(picture.Tensor(), seed: 3);
        Output single = graph.RandomFlipUpDown(One.Tensor(single: true), seed: 5);
        Picture mirrored = Mirrored(picture, true, false), upsideDown = Mirrored(One, false, true);
        using var session = new Session(graph);
        var flips = new List<bool>();
        var singles = new List<bool>();
        for (int run = 0; run < 20; run++)
        {
            float[] found = session.Run(batch).ToArray<float>();
            for (int b = 0; b < 16; b++)
            {
                bool flipped = found[b * 6] != (float)picture.Pixels[b * 6];
                for (int i = 0; i < 6; i++)
                    Assert.Equal((float)(flipped ? mirrored : picture).Pixels[(b * 6) + i], found[(b * 6) + i]);
                flips.Add(flipped);
            }

            Tensor one = session.Run(single);
            singles.Add(one.ItemAt<float>(0) != (float)One.Pixels[0]);
            (singles[^1] ? upsideDown : One).Expect(one, single: true);
        }

        // 320 and 20 throws of a coin: five deviations from the mean, and both sides seen.
        Assert.InRange(flips.Count(static f => f), 115, 205);
        Assert.Contains(true, singles);
        Assert.Contains(false, singles);
        Assert.True(flips.Take(16).Distinct().Count() == 2, "Each image has a throw of its own.");
    }

    [Fact]
    public void Nodes_have_the_names_of_TensorFlow()
    {
        var graph = new Graph();
        Output image = graph.Placeholder(DType.Float32, [4, 4, 3], "x");
        Assert.Equal("flip_left_right/ReverseV2", graph.FlipLeftRight(image).Operation.Name);
        Assert.True(graph.TryGetOperation("flip_left_right/control_dependency", out _));
        Assert.Equal("flip_up_down/ReverseV2", graph.FlipUpDown(image).Operation.Name);
        Assert.Equal("random_flip_left_right/Merge", graph.RandomFlipLeftRight(image).Operation.Name);
        Assert.True(graph.TryGetOperation("random_flip_left_right/random_uniform/RandomUniform", out _));
        Assert.Equal("transpose/transpose", graph.TransposeImage(image).Operation.Name);
    }

    [Fact]
    public void What_is_no_image_is_refused()
    {
        var graph = new Graph();
        Assert.Contains("at least three-dimensional", Assert.Throws<ArgumentException>(() => graph.FlipLeftRight(Tensor.Zeros(DType.Float32, [2, 2]))).Message, StringComparison.Ordinal);
        Assert.Contains("either 3 or 4 dimensions", Assert.Throws<ArgumentException>(() => graph.FlipUpDown(Tensor.Zeros(DType.Float32, [1, 1, 2, 2, 1]))).Message, StringComparison.Ordinal);
        Assert.Contains("must be > 0", Assert.Throws<ArgumentException>(() => graph.TransposeImage(Tensor.Zeros(DType.Float32, [0, 2, 1]))).Message, StringComparison.Ordinal);
        Assert.Contains("must be > 0", Assert.Throws<RunException>(() => Picture.RunUnknown(Tensor.Zeros(DType.Float32, [0, 2, 1]), [-1, -1, 1], static (g, x) => g.FlipUpDown(x))).Message, StringComparison.Ordinal);
    }

    private static Picture Mirrored(Picture p, bool across, bool down) =>
        Picture.Filled(p.Batch, p.Height, p.Width, p.Channels, (b, y, x, c) => p[b, down ? p.Height - 1 - y : y, across ? p.Width - 1 - x : x, c]);

    // A quarter against the clock brings the last column to the top.
    private static Picture Turned(Picture p, int k)
    {
        for (int i = 0; i < ((k % 4) + 4) % 4; i++)
        {
            Picture before = p;
            p = Picture.Filled(p.Batch, p.Width, p.Height, p.Channels, (b, y, x, c) => before[b, x, before.Width - 1 - y, c]);
        }

        return p;
    }
}
