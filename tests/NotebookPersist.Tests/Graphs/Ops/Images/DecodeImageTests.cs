using System.Buffers.Binary;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Images;

/// <summary>Files of all kinds, told apart by their first bytes.</summary>
public sealed class DecodeImageTests
{
    // A picture of one red pixel above a blue one.
    private static readonly byte[] RedBlue = [255, 0, 0, 0, 0, 255];

    // The smallest GIF: one white pixel.
    private static readonly byte[] Gif = Convert.FromBase64String("R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==");

    [Fact]
    public void Each_kind_of_file_is_decoded()
    {
        Assert.Equal(RedBlue, Decoded(Bmp()).ToArray<byte>());
        Assert.Equal(RedBlue, Decoded(Png()).ToArray<byte>());
        Tensor gif = Decoded(Gif);
        Assert.Equal(new long[] { 1, 1, 1, 3 }, gif.Shape.Dimensions.ToArray());
        Assert.Equal([255, 255, 255], gif.ToArray<byte>());
        Assert.Equal(new long[] { 1, 1, 3 }, Decoded(Gif, expandAnimations: false).Shape.Dimensions.ToArray());
        Tensor jpeg = Decoded(Jpeg());
        Assert.Equal(new long[] { 8, 8, 3 }, jpeg.Shape.Dimensions.ToArray());
        Assert.All(jpeg.ToArray<byte>(), static b => Assert.InRange(b, (byte)98, (byte)102));
    }

    [Fact]
    public void Channels_and_types_are_as_asked_for()
    {
        Assert.Equal([1f, 0, 0, 0, 0, 1], Decoded(Bmp(), dtype: DType.Float32).ToArray<float>());
        Assert.Equal([1f, 0, 0, 0, 0, 1], Decoded(Png(), dtype: DType.Float32).ToArray<float>());
        Assert.Equal([65535, 0, 0, 0, 0, 65535], Decoded(Png(), dtype: DType.UInt16).ToArray<ushort>());
        Assert.Equal(new long[] { 2, 1, 1 }, Decoded(Png(), channels: 1).Shape.Dimensions.ToArray());
        Assert.Contains("Channels must be in (None, 0, 3) when decoding BMP", Assert.Throws<RunException>(static () => Decoded(Bmp(), channels: 1)).Message, StringComparison.Ordinal);
        Assert.Contains("when decoding GIF", Assert.Throws<RunException>(static () => Decoded(Gif, channels: 4)).Message, StringComparison.Ordinal);
        Assert.Contains("when decoding JPEG", Assert.Throws<RunException>(static () => Decoded(Jpeg(), channels: 4)).Message, StringComparison.Ordinal);
        Assert.Contains("channels must be in", Assert.Throws<ArgumentException>(static () => Decoded(Gif, channels: 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_bytes_are_refused()
    {
        Assert.Contains("Unable to decode bytes", Assert.Throws<RunException>(static () => Decoded("PK and so on"u8.ToArray())).Message, StringComparison.Ordinal);
        Assert.Throws<RunException>(static () => Decoded("GIF89a"u8.ToArray()));
        Assert.Throws<RunException>(static () => Decoded([0xFF, 0xD8, 0xFF]));
    }

    [Fact]
    public void One_kind_is_asked_for_by_name()
    {
        Assert.Equal(RedBlue, OpRuns.Once(static g => g.DecodeBmp(File(Bmp()), 3)).ToArray<byte>());
        Assert.Equal([255, 255, 255], OpRuns.Once(static g => g.DecodeGif(File(Gif))).ToArray<byte>());
        Assert.True(OpRuns.Once(static g => g.IsJpeg(File(Jpeg()))).ToArray<bool>()[0]);
        Assert.False(OpRuns.Once(static g => g.IsJpeg(File(Gif))).ToArray<bool>()[0]);
        var graph = new Graph();
        graph.DecodeImage(graph.Placeholder(DType.String, Shape.Scalar));
        Assert.True(graph.TryGetOperation("decode_image/is_jpeg", out Operation? test) && test.Type == "Equal");
        Assert.True(graph.TryGetOperation("decode_image/cond_jpeg/cond_png/cond_gif/DecodeBmp", out _));
    }

    private static Tensor Decoded(byte[] file, int? channels = null, DType dtype = DType.UInt8, bool expandAnimations = true)
    {
        Tensor image = OpRuns.Once(g => g.DecodeImage(File(file), channels, dtype, expandAnimations: expandAnimations));
        Assert.Equal(dtype, image.DType);
        return image;
    }

    private static Tensor File(byte[] bytes) => Tensor.OfStrings(Shape.Scalar, [bytes]);

    private static byte[] Png() => OpRuns.Once(static g => g.EncodePng(Tensor.Of<byte>([2, 1, 3], RedBlue))).Strings[0];

    private static byte[] Jpeg() => OpRuns.Once(static g => g.EncodeJpeg(Tensor.Of<byte>([8, 8, 3], Enumerable.Repeat((byte)100, 192).ToArray()))).Strings[0];

    // Rows from below, blue first, each filled up to four bytes.
    private static byte[] Bmp()
    {
        byte[] file = new byte[54 + 8];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        file[54] = 255;
        file[60] = 255;
        return file;
    }
}
