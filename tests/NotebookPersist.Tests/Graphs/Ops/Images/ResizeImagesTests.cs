using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Images;

/// <summary>Resized images, against plain interpolation.</summary>
public sealed class ResizeImagesTests
{
    private static readonly Picture One = Picture.Of(1, 4, 6, 2);
    private static readonly Picture Two = Picture.Of(2, 3, 5, 1);

    [Theory]
    [InlineData(8, 3, false)]
    [InlineData(2, 12, true)]
    [InlineData(5, 5, false)]
    public void Pixels_lie_between_their_neighbours_or_are_the_nearest(int height, int width, bool aligned)
    {
        foreach ((Picture picture, bool single) in new[] { (One, true), (Two, false) })
        {
            Tensor image = picture.Tensor(single: single);
            int[] size = [height, width];
            Bilinear(picture, height, width, aligned).Expect(OpRuns.Once(g => g.ResizeImages(image, size, alignCorners: aligned)), 1e-5, single);
            Bilinear(picture, height, width, aligned).Expect(
                Picture.RunUnknown(image, single ? [-1, -1, -1] : Shape.OfRank(4), (g, x) => g.ResizeImages(x, g.Constant(size), ResizeMethod.Bilinear, aligned)), 1e-5, single);
            Nearest(picture, height, width, aligned).Expect(OpRuns.Once(g => g.ResizeImages(image, size, ResizeMethod.NearestNeighbor, aligned)), single: single);
        }
    }

    [Fact]
    public void Areas_are_averaged_and_curves_keep_a_flat_image_flat()
    {
        Picture halves = Picture.Filled(1, 2, 3, 2, static (b, y, x, c) => (One[b, 2 * y, 2 * x, c] + One[b, (2 * y) + 1, 2 * x, c] + One[b, 2 * y, (2 * x) + 1, c] + One[b, (2 * y) + 1, (2 * x) + 1, c]) / 4);
        halves.Expect(OpRuns.Once(static g => g.ResizeImages(One.Tensor(single: true), new[] { 2, 3 }, ResizeMethod.Area)), 1e-6, single: true);
        Picture flat = One.Each(static _ => 0.25);
        Picture.Filled(1, 7, 9, 2, static (_, _, _, _) => 0.25).Expect(OpRuns.Once(g => g.ResizeImages(flat.Tensor(), new[] { 7, 9 }, ResizeMethod.Bicubic)), 1e-6);
        Assert.Throws<ArgumentException>(static () => OpRuns.Once(static g => g.ResizeImages(One.Tensor(), new[] { 2, 3 }, (ResizeMethod)4)));
    }

    [Fact]
    public void An_image_of_the_size_already_is_given_back_as_it_is()
    {
        var graph = new Graph();
        Output image = graph.Placeholder(DType.UInt8, [1, 4, 6, 2]);
        Assert.Same(image, graph.ResizeImages(image, new[] { 4, 6 }));
        Assert.Equal(DType.Float32, graph.ResizeImages(image, new[] { 4, 5 }).DType);
        Assert.Equal(DType.UInt8, graph.ResizeImages(image, new[] { 4, 5 }, ResizeMethod.NearestNeighbor).DType);

        // A size that the run tells is not looked at.
        Assert.Equal("resize_3/ResizeBilinear", graph.ResizeImages(image, graph.Placeholder(DType.Int32, [2])).Operation.Name);
        Output partly = graph.ResizeImages(graph.Placeholder(DType.Float32, [-1, -1, -1, 3]), new[] { 7, 8 });
        Assert.Equal(new long[] { -1, 7, 8, 3 }, partly.Shape.Dimensions.ToArray());
    }

    [Theory]
    [InlineData(8, 8, 5, 8)]
    [InlineData(3, 100, 3, 5)]
    [InlineData(6, 10, 6, 10)]
    public void Images_keep_their_shape_where_that_is_asked_for(int height, int width, int rows, int columns)
    {
        int[] size = [height, width];
        Bilinear(Two, rows, columns, false).Expect(OpRuns.Once(g => g.ResizeImages(Two.Tensor(), size, preserveAspectRatio: true)), 1e-5);
        Bilinear(Two, rows, columns, false).Expect(Picture.RunUnknown(Two.Tensor(), Shape.OfRank(4), (g, x) => g.ResizeImages(x, size, preserveAspectRatio: true)), 1e-5);
    }

    [Theory]
    [InlineData(8, 8, 4, 8, 1, 0)]
    [InlineData(9, 5, 3, 5, 3, 0)]
    [InlineData(6, 21, 6, 10, 0, 5)]
    public void An_image_is_made_to_fit_and_surrounded(int height, int width, int rows, int columns, int top, int left)
    {
        Picture resized = Bilinear(Two, rows, columns, false);
        Picture expected = Picture.Filled(2, height, width, 1, (b, y, x, c) => y >= top && y < top + rows && x >= left && x < left + columns ? resized[b, y - top, x - left, c] : 0);
        expected.Expect(OpRuns.Once(g => g.ResizeImageWithPad(Two.Tensor(), height, width)), 1e-5);
        expected.Expect(Picture.RunUnknown(Two.Tensor(), Shape.OfRank(4), (g, x) => g.ResizeImageWithPad(x, g.Constant(height), width)), 1e-5);
        Picture.Filled(1, height, width, 1, (_, y, x, c) => expected[1, y, x, c]).Expect(
            OpRuns.Once(g => g.ResizeImageWithPad(g.Constant(Two.Tensor())[1], height, width)), 1e-5, single: true);
    }

    [Fact]
    public void What_is_no_image_or_size_is_refused()
    {
        var graph = new Graph();
        Assert.Contains("no shape", Assert.Throws<ArgumentException>(() => graph.ResizeImages(graph.Placeholder(DType.Float32), new[] { 1, 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("3 or 4", Assert.Throws<ArgumentException>(() => graph.ResizeImages(new float[2, 2], new[] { 1, 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("2 elements", Assert.Throws<ArgumentException>(() => graph.ResizeImages(One.Tensor(), new[] { 1, 1, 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("constant", Assert.Throws<ArgumentException>(() => graph.ResizeImages(One.Tensor(), graph.Placeholder(DType.Int32, [2]), preserveAspectRatio: true)).Message, StringComparison.Ordinal);
        Assert.Contains("target_height must be > 0", Assert.Throws<ArgumentException>(() => graph.ResizeImageWithPad(One.Tensor(), 0, 1)).Message, StringComparison.Ordinal);
    }

    private static double Scale(int from, int to, bool aligned) => aligned && to > 1 ? (from - 1) / (double)(to - 1) : from / (double)to;

    private static Picture Bilinear(Picture p, int height, int width, bool aligned)
    {
        (double down, double across) = (Scale(p.Height, height, aligned), Scale(p.Width, width, aligned));
        return Picture.Filled(p.Batch, height, width, p.Channels, (b, y, x, c) =>
        {
            (double exactY, double exactX) = (y * down, x * across);
            int top = (int)exactY, left = (int)exactX, bottom = Math.Min(top + 1, p.Height - 1), right = Math.Min(left + 1, p.Width - 1);
            (double fy, double fx) = (exactY - top, exactX - left);
            return ((p[b, top, left, c] * (1 - fx)) + (p[b, top, right, c] * fx)) * (1 - fy)
                + (((p[b, bottom, left, c] * (1 - fx)) + (p[b, bottom, right, c] * fx)) * fy);
        });
    }

    private static Picture Nearest(Picture p, int height, int width, bool aligned)
    {
        (double down, double across) = (Scale(p.Height, height, aligned), Scale(p.Width, width, aligned));
        return Picture.Filled(p.Batch, height, width, p.Channels, (b, y, x, c) => p[b, At(y * down, p.Height), At(x * across, p.Width), c]);

        int At(double place, int size) => Math.Min(aligned ? (int)Math.Round(place, MidpointRounding.AwayFromZero) : (int)place, size - 1);
    }
}
