using NotebookPersist.Kernels.Images;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Images;

public sealed class PngTests
{
    // One red pixel, packed by zlib's own program.
    private const string RedPixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

    [Fact]
    public void A_file_of_another_program_is_read()
    {
        var graph = new Graph();
        using var session = new Session(graph);
        Tensor contents = Tensor.OfStrings(Shape.Scalar, [Convert.FromBase64String(RedPixel)]);
        Tensor image = session.Run(graph.DecodePng(contents));
        Assert.Equal([1, 1, 3], image.Shape);
        Assert.Equal([255, 0, 0], image.ToArray<byte>());
        Assert.Equal([255, 0, 0, 255], session.Run(graph.DecodePng(contents, channels: 4)).ToArray<byte>());
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 8)]
    [InlineData(3, 8)]
    [InlineData(4, 8)]
    [InlineData(3, 16)]
    public void Pictures_come_back(int channels, int bits)
    {
        ushort[] samples = [.. Enumerable.Range(0, 5 * 7 * channels).Select(i => (ushort)((i * 2654435761L >> 7) & ((1 << bits) - 1)))];
        Raster back = PngReader.Read(PngWriter.Write(new Raster(5, 7, channels, bits, samples), -1));
        Assert.Equal((5, 7, channels, bits), (back.Height, back.Width, back.Channels, back.Bits));
        Assert.Equal(samples, back.Samples);
    }

    [Fact]
    public void Damaged_files_are_refused()
    {
        byte[] file = PngWriter.Write(new Raster(2, 2, 3, 8, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), 9);
        for (int length = 0; length < file.Length; length++)
            Assert.Throws<FormatException>(() => PngReader.Read(file.AsSpan(0, length)));
        for (int i = 0; i < file.Length; i++)
        {
            byte[] changed = [.. file];
            changed[i] ^= 0x10;
            Assert.Throws<FormatException>(() => PngReader.Read(changed));
        }
    }
}
