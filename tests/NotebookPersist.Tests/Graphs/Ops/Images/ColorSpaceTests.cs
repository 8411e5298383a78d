using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Images;

/// <summary>Other element types and colours, against the published numbers.</summary>
public sealed class ColorSpaceTests
{
    private static readonly Picture Colours = Picture.Of(2, 3, 4, 3);

    // Source: TensorFlow's image_ops_test, ConvertImageTest.
    [Fact]
    public void Types_are_converted_as_in_the_published_tests()
    {
        Converted<byte, short>([0, 255], [0, 255 * 128]);
        Converted<short, byte>([0, 32767], [0, 255]);
        Converted<byte, ushort>([0, 255], [0, 65280]);
        Converted<ushort, byte>([0, 65535, 256, 511], [0, 255, 1, 1]);
        Converted<byte, sbyte>([0, 255], [0, 127]);
        Converted<int, byte>([int.MaxValue, 1 << 23, (1 << 23) - 1], [255, 1, 0]);
        Converted<byte, long>([0, 255, 1], [0, 255L << 55, 1L << 55]);
        Converted<float, byte>([0, 1, 2 / 255f], [0, 255, 2]);
        Converted<float, ushort>([0, 1], [0, 65535]);
        Converted<byte, float>([0, 1, 255], [0, 1 / 255f, 1]);
        Converted<ushort, double>([0, 65535], [0, 1]);
        Converted<float, double>([0, 7], [0, 7]);
        Converted<byte, byte>([3, 255], [3, 255]);
    }

    [Fact]
    public void What_is_too_bright_is_cut_off_where_that_is_asked_for()
    {
        Tensor image = Tensor.Of<float>([3], [-0.5f, 0.5f, 1.5f]);
        Assert.Equal([0, 127, 255], OpRuns.Once(g => g.ConvertImageDtype(image, DType.UInt8, saturate: true)).ToArray<byte>());
        Assert.Equal([0, 127, 127], OpRuns.Once(static g => g.ConvertImageDtype(new byte[] { 0, 254, 255 }, DType.Int8, saturate: true)).ToArray<sbyte>());
        Assert.Equal([0, 255, 0], OpRuns.Once(static g => g.ConvertImageDtype(new short[] { -128, 32767, 127 }, DType.UInt8, saturate: true)).ToArray<byte>());
    }

    [Fact]
    public void Every_byte_comes_back_from_floats_and_wide_integers()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(static i => (byte)i)];
        foreach (DType through in new[] { DType.Float32, DType.Float64, DType.UInt16, DType.Int32, DType.Int64 })
            Assert.Equal(all, OpRuns.Once(g => g.ConvertImageDtype(g.ConvertImageDtype(all, through), DType.UInt8)).ToArray<byte>());
    }

    [Fact]
    public void Grey_weighs_green_most()
    {
        Picture.Filled(2, 3, 4, 1, static (b, y, x, _) => (0.2989 * Colours[b, y, x, 0]) + (0.587 * Colours[b, y, x, 1]) + (0.114 * Colours[b, y, x, 2]))
            .Expect(OpRuns.Once(static g => g.RgbToGrayscale(Colours.Tensor())), 1e-6);
        Assert.Equal([76, 149, 29], OpRuns.Once(static g => g.RgbToGrayscale(Tensor.Of<byte>([3, 3], [255, 0, 0, 0, 255, 0, 0, 0, 255]))).ToArray<byte>());
        Tensor unknown = Picture.RunUnknown(Colours.Tensor(), [-1, -1, -1, 3], static (g, x) => g.RgbToGrayscale(x));
        Assert.Equal(new long[] { 2, 3, 4, 1 }, unknown.Shape.Dimensions.ToArray());
    }

    [Fact]
    public void Grey_has_all_colours_alike()
    {
        Picture grey = Picture.Of(2, 3, 4, 1);
        Picture expected = Picture.Filled(2, 3, 4, 3, (b, y, x, _) => grey[b, y, x, 0]);
        expected.Expect(OpRuns.Once(g => g.GrayscaleToRgb(grey.Tensor())));
        expected.Expect(Picture.RunUnknown(grey.Tensor(), [-1, -1, -1, 1], static (g, x) => g.GrayscaleToRgb(x)));
        Assert.Throws<ArgumentException>(static () => OpRuns.Once(static g => g.GrayscaleToRgb(Colours.Tensor())));
        Assert.Contains("should be size 1", Assert.Throws<RunException>(static () => Picture.RunUnknown(Colours.Tensor(), Shape.OfRank(4), static (g, x) => g.GrayscaleToRgb(x))).Message, StringComparison.Ordinal);
        var graph = new Graph();
        Assert.Equal("grayscale_to_rgb", graph.GrayscaleToRgb(graph.Placeholder(DType.UInt8, [4, 4, 1])).Operation.Name);
    }

    // Published: Y = 0.299 R + 0.587 G + 0.114 B, U = 0.492 (B - Y), V = 0.877 (R - Y); I and Q are U and V turned by 33 degrees.
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Luma_and_chroma_are_those_of_television(DType type)
    {
        Picture yuv = Picture.Filled(2, 3, 4, 3, static (b, y, x, c) =>
        {
            double luma = Luma(b, y, x);
            return c == 0 ? luma : c == 1 ? 0.492 * (Colours[b, y, x, 2] - luma) : 0.877 * (Colours[b, y, x, 0] - luma);
        });
        Picture yiq = Picture.Filled(2, 3, 4, 3, (b, y, x, c) =>
        {
            (double sin, double cos) = Math.SinCos(33 * Math.PI / 180);
            return c == 0 ? yuv[b, y, x, 0] : c == 1 ? (cos * yuv[b, y, x, 2]) - (sin * yuv[b, y, x, 1]) : (sin * yuv[b, y, x, 2]) + (cos * yuv[b, y, x, 1]);
        });
        yuv.Expect(OpRuns.Once(g => g.RgbToYuv(Colours.Tensor(type))), 2e-3);
        yiq.Expect(OpRuns.Once(g => g.RgbToYiq(Colours.Tensor(type))), 5e-3);
        Colours.Expect(OpRuns.Once(g => g.YuvToRgb(g.RgbToYuv(Colours.Tensor(type)))), 1e-5);
        Colours.Expect(OpRuns.Once(g => g.YiqToRgb(g.RgbToYiq(Colours.Tensor(type)))), 1e-4);
        Assert.Throws<ArgumentException>(static () => OpRuns.Once(static g => g.RgbToYuv(Tensor.Zeros(DType.UInt8, [1, 1, 3]))));
    }

    private static double Luma(int b, int y, int x) => (0.299 * Colours[b, y, x, 0]) + (0.587 * Colours[b, y, x, 1]) + (0.114 * Colours[b, y, x, 2]);

    private static void Converted<TFrom, TTo>(TFrom[] from, TTo[] expected)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        DType type = Tensor.Of<TTo>([expected.Length], expected).DType;
        Assert.Equal(expected, OpRuns.Once(g => g.ConvertImageDtype(Tensor.Of<TFrom>([from.Length], from), type)).ToArray<TTo>());
    }
}
