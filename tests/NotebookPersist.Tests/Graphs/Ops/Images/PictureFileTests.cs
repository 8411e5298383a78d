using System.Buffers.Binary;
using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Images;

public sealed class PictureFileTests
{
    /// <summary>The sample picture of "What's in a GIF" (M. Flickinger): 10 x 10 pixels of white, red, blue and black.</summary>
    private static readonly byte[] SampleGif = Convert.FromHexString(
        "474946383961" + "0A000A00910000" + "FFFFFFFF00000000FF000000" + "21F90400000000002C000000000A000A0000" + "02168C2D99872A1CDC33A00275EC95FAA8DE608C04914C0100" + "3B");

    // 0 white, 1 red, 2 blue, as the same source draws it.
    private static readonly string[] SampleRows =
    [
        "1111122222", "1111122222", "1111122222", "1110000222", "1110000222", "2220000111", "2220000111", "2222211111", "2222211111", "2222211111",
    ];

    [Fact]
    public void A_GIF_is_unpacked_to_the_published_pixels()
    {
        Tensor image = Decode("DecodeGif", SampleGif);

        Assert.Equal([1, 10, 10, 3], image.Shape);
        byte[][] colors = [[255, 255, 255], [255, 0, 0], [0, 0, 255]];
        for (int i = 0; i < 100; i++)
            Assert.Equal(colors[SampleRows[i / 10][i % 10] - '0'], image.Data<byte>().Slice(3 * i, 3).ToArray());
    }

    [Fact]
    public void Damaged_GIFs_are_refused()
    {
        for (int length = 0; length < SampleGif.Length; length++)
        {
            byte[] cut = SampleGif[..length];
            var fault = Assert.Throws<RunException>(() => Decode("DecodeGif", cut));
            Assert.Contains("Invalid GIF data", fault.Message, StringComparison.Ordinal);
        }

        var random = new Random(5);
        for (int i = 0; i < 500; i++)
        {
            byte[] damaged = (byte[])SampleGif.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Decode("DecodeGif", damaged);
            }
            catch (RunException e)
            {
                Assert.Equal(RunErrorCode.InvalidArgument, e.Code);
            }
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void A_bitmap_is_read_from_below_and_with_red_first(int channels, bool fromAbove)
    {
        const int width = 3, height = 2;
        byte[] pixels = [.. Enumerable.Range(1, width * height * channels).Select(static i => (byte)(7 * i))];
        int row = ((width * channels) + 3) / 4 * 4;
        byte[] file = new byte[54 + (row * height)];
        (file[0], file[1]) = ((byte)'B', (byte)'M');
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), fromAbove ? -height : height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), (short)(8 * channels));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width * channels; x++)
            {
                int channel = x % channels;
                int stored = channels > 1 && channel < 3 ? x - channel + (2 - channel) : x;
                file[54 + ((fromAbove ? y : height - 1 - y) * row) + stored] = pixels[(y * width * channels) + x];
            }
        }

        Tensor image = Decode("DecodeBmp", file);
        Assert.Equal([height, width, channels], image.Shape);
        Assert.Equal(pixels, image.ToArray<byte>());
        var fault = Assert.Throws<RunException>(() => Decode("DecodeBmp", file[..^(row + 1)]));
        Assert.Contains("Incomplete bmp content", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Distorted_windows_keep_to_their_ranges_and_show_enough_of_a_box()
    {
        for (int seed = 1; seed < 60; seed++)
        {
            using var runs = new OpRuns();
            Tensor[] drawn = runs.Run(
                "SampleDistortedBoundingBoxV2",
                new AttributeList { { "seed", seed }, { "seed2", 2 }, { "aspect_ratio_range", new[] { 0.5f, 2f } }, { "area_range", new[] { 0.2f, 0.9f } } },
                new[] { 60, 80, 3 }, runs.Graph.Constant(Tensor.Of<float>([1, 1, 4], [0.25f, 0.25f, 0.5f, 0.5f])), 0.5f);
            (int[] begin, int[] size) = (drawn[0].ToArray<int>(), drawn[1].ToArray<int>());
            Assert.Equal([0, -1], [begin[2], size[2]]);
            Assert.InRange(size[0] * size[1] / 4800f, 0.2f, 0.9f);
            Assert.InRange(size[1] / (float)size[0], 0.47f, 2.1f);
            Assert.True(begin[0] >= 0 && begin[1] >= 0 && begin[0] + size[0] <= 60 && begin[1] + size[1] <= 80);
            int rows = Math.Min(begin[0] + size[0], 30) - Math.Max(begin[0], 15), columns = Math.Min(begin[1] + size[1], 40) - Math.Max(begin[1], 20);
            Assert.True(rows * columns >= 0.5 * 15 * 20);
            Assert.Equal(begin[0] / 60f, drawn[2].Data<float>()[0], 1e-6f);
            Assert.Equal((begin[1] + size[1]) / 80f, drawn[2].Data<float>()[3], 1e-6f);
        }
    }

    private static Tensor Decode(string type, byte[] file)
    {
        using var runs = new OpRuns();
        return runs.Run(type, null, runs.Graph.Constant(Tensor.OfStrings(Shape.Scalar, [file])))[0];
    }
}
