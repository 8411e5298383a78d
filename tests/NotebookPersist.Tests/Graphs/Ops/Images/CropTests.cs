using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Images;

/// <summary>Windows and borders of images, against plain indexing.</summary>
public sealed class CropTests
{
    private static readonly Picture One = Picture.Of(1, 5, 7, 2);
    private static readonly Picture Two = Picture.Of(2, 6, 4, 1);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.3)]
    [InlineData(0.875)]
    [InlineData(1.0)]
    public void The_middle_is_as_far_from_both_sides(double fraction)
    {
        Middle(One, fraction).Expect(OpRuns.Once(g => g.CentralCrop(One.Tensor(single: true), fraction)), single: true);
        Middle(Two, fraction).Expect(OpRuns.Once(g => g.CentralCrop(Two.Tensor(), fraction)));
        Middle(Two, fraction).Expect(Picture.RunUnknown(Two.Tensor(), [-1, -1, 4, -1], (g, x) => g.CentralCrop(x, fraction)));
        Middle(One, fraction).Expect(Picture.RunUnknown(One.Tensor(single: true), [-1, -1, 2], (g, x) => g.CentralCrop(x, fraction)), single: true);
    }

    [Fact]
    public void Windows_are_cut_out_where_they_are_asked_for()
    {
        Cut(One, 1, 2, 3, 4).Expect(OpRuns.Once(static g => g.CropToBoundingBox(One.Tensor(single: true), 1, 2, 3, 4)), single: true);
        Cut(Two, 0, 0, 6, 4).Expect(OpRuns.Once(static g => g.CropToBoundingBox(Two.Tensor(), 0, 0, 6, 4)));
        Cut(Two, 5, 3, 1, 1).Expect(Picture.RunUnknown(Two.Tensor(), Shape.OfRank(4), static (g, x) => g.CropToBoundingBox(x, g.Constant(5), 3, 1, g.Constant(1))));
        Cut(One, 1, 2, 3, 4).Expect(Picture.RunUnknown(One.Tensor(single: true), Shape.Unknown, static (g, x) => g.CropToBoundingBox(x, 1, 2, 3, 4)), single: true);
    }

    [Fact]
    public void Borders_are_zero()
    {
        Padded(One, 1, 2, 8, 9).Expect(OpRuns.Once(static g => g.PadToBoundingBox(One.Tensor(single: true), 1, 2, 8, 9)), single: true);
        Padded(Two, 0, 0, 6, 4).Expect(OpRuns.Once(static g => g.PadToBoundingBox(Two.Tensor(), 0, 0, 6, 4)));
        Padded(Two, 3, 1, 9, 7).Expect(Picture.RunUnknown(Two.Tensor(), Shape.OfRank(4), static (g, x) => g.PadToBoundingBox(x, 3, g.Constant(1), 9, g.Constant(7))));
    }

    [Theory]
    [InlineData(5, 7)]
    [InlineData(2, 3)]
    [InlineData(8, 10)]
    [InlineData(3, 12)]
    [InlineData(9, 1)]
    public void Too_much_is_cut_off_and_too_little_filled_up_around_the_middle(int height, int width)
    {
        Picture expected = CropOrPad(One, height, width);
        expected.Expect(OpRuns.Once(g => g.ResizeImageWithCropOrPad(One.Tensor(single: true), height, width)), single: true);
        expected.Expect(Picture.RunUnknown(One.Tensor(single: true), [-1, -1, -1], (g, x) => g.ResizeImageWithCropOrPad(x, height, width)), single: true);
        expected.Expect(Picture.RunUnknown(One.Tensor(single: true), [5, -1, 2], (g, x) => g.ResizeImageWithCropOrPad(x, g.Constant(height), g.Constant(width))), single: true);
        CropOrPad(Two, height, width).Expect(OpRuns.Once(g => g.ResizeImageWithCropOrPad(Two.Tensor(), height, width)));
    }

    [Fact]
    public void Known_sizes_are_told_and_nodes_have_the_names_of_TensorFlow()
    {
        var graph = new Graph();
        Output image = graph.Placeholder(DType.UInt8, [-1, -1, 3], "x");
        Output result = graph.ResizeImageWithCropOrPad(image, 8, 9);
        Assert.Equal(new long[] { 8, 9, 3 }, result.Shape.Dimensions.ToArray());
        Assert.Equal("resize_image_with_crop_or_pad/Squeeze", result.Operation.Name);
        Assert.True(graph.TryGetOperation("resize_image_with_crop_or_pad/crop_to_bounding_box/Slice", out _));
        Assert.True(graph.TryGetOperation("resize_image_with_crop_or_pad/pad_to_bounding_box/Pad", out _));
        Assert.Equal("central_crop/Slice", graph.CentralCrop(image, 0.5).Operation.Name);
    }

    [Fact]
    public void What_does_not_fit_is_refused_now_or_in_the_run()
    {
        var graph = new Graph();
        Tensor image = One.Tensor(single: true);
        Assert.Contains("width must be >= target + offset", Assert.Throws<ArgumentException>(() => graph.CropToBoundingBox(image, 0, 4, 1, 4)).Message, StringComparison.Ordinal);
        Assert.Contains("offset_height must be >= 0", Assert.Throws<ArgumentException>(() => graph.CropToBoundingBox(image, -1, 0, 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("target_height must be > 0", Assert.Throws<ArgumentException>(() => graph.CropToBoundingBox(image, 0, 0, 0, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("height must be <= target - offset", Assert.Throws<ArgumentException>(() => graph.PadToBoundingBox(image, 1, 0, 5, 7)).Message, StringComparison.Ordinal);
        Assert.Contains("(0, 1]", Assert.Throws<ArgumentException>(() => graph.CentralCrop(image, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("(0, 1]", Assert.Throws<ArgumentException>(() => graph.CentralCrop(image, 1.01)).Message, StringComparison.Ordinal);
        Assert.Contains("target_width must be > 0", Assert.Throws<ArgumentException>(() => graph.ResizeImageWithCropOrPad(image, 1, -1)).Message, StringComparison.Ordinal);
        Assert.Contains("height must be >= target + offset", Assert.Throws<RunException>(() => Picture.RunUnknown(image, Shape.OfRank(3), static (g, x) => g.CropToBoundingBox(x, 3, 0, 3, 1))).Message, StringComparison.Ordinal);
        Assert.Contains("width must be <= target - offset", Assert.Throws<RunException>(() => Picture.RunUnknown(image, Shape.OfRank(3), static (g, x) => g.PadToBoundingBox(x, 0, 0, 5, 6))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_go_to_the_pixels_that_stay()
    {
        var graph = new Graph();
        Output image = graph.Constant(One.Tensor(single: true));
        Output loss = graph.ReduceSum(graph.Square(graph.ResizeImageWithCropOrPad(image, 3, 9)));
        using var session = new Session(graph);
        Tensor gradient = session.Run(graph.Gradients(loss, image)[0]!);
        Picture.Filled(1, 5, 7, 2, static (b, y, x, c) => y is >= 1 and < 4 ? 2 * One[b, y, x, c] : 0).Expect(gradient, 1e-6, single: true);
    }

    private static Picture Middle(Picture p, double fraction)
    {
        int top = (int)((p.Height - (p.Height * fraction)) / 2), left = (int)((p.Width - (p.Width * fraction)) / 2);
        return Cut(p, top, left, p.Height - (2 * top), p.Width - (2 * left));
    }

    private static Picture Cut(Picture p, int top, int left, int height, int width) =>
        Picture.Filled(p.Batch, height, width, p.Channels, (b, y, x, c) => p[b, top + y, left + x, c]);

    private static Picture Padded(Picture p, int top, int left, int height, int width) =>
        Picture.Filled(p.Batch, height, width, p.Channels, (b, y, x, c) => y >= top && y < top + p.Height && x >= left && x < left + p.Width ? p[b, y - top, x - left, c] : 0);

    // Of an odd number of rows to cut off or to add, the smaller part lies above.
    private static Picture CropOrPad(Picture p, int height, int width)
    {
        int cutTop = Math.Max(0, (p.Height - height) / 2), cutLeft = Math.Max(0, (p.Width - width) / 2);
        Picture cut = Cut(p, cutTop, cutLeft, Math.Min(height, p.Height), Math.Min(width, p.Width));
        return Padded(cut, Math.Max(0, (height - p.Height) / 2), Math.Max(0, (width - p.Width) / 2), height, width);
    }
}
