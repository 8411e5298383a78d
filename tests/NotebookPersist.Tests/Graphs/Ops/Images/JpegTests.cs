using System.Security.Cryptography;
using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Images;

/// <summary>JPEG files of libraries that go back to libjpeg, with the pixels that such libraries decode from them.</summary>
public sealed class JpegTests : IDisposable
{
    // 19 by 13 pixels, progressive, colours halved both ways; written by LibJpeg.NET 1.5.
    private const string Progressive =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAoHBwgHBgoICAgLCgoLDhgQDg0NDh0VFhEYIx8lJCIfIiEmKzcvJik0KSEiMEExNDk7Pj4+JS5ESUM8SDc9Pjv/2wBDAQoLCw4NDhwQEBw7KCIoOzs7Oz"
        + "s7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozv/wgARCAANABMDASIAAhEBAxEB/8QAGAAAAgMAAAAAAAAAAAAAAAAAAAUDBAb/xAAXAQADAQAAAAAAAAAAAAAAAAAB"
        + "AwQG/9oADAMBAAIQAxAAAAFvn2iwNvEJNnv/xAAbEAABBQEBAAAAAAAAAAAAAAACAAEDBCIjMf/aAAgBAQABBQKXlXDRK+eYPHdf/8QAHBEAAQMFAAAAAAAAAAAAAAAAAAEDIQIEEhNB/9oACAEDAQ"
        + "E/AXHNNtHTGtZP/8QAGhEAAgIDAAAAAAAAAAAAAAAAAAMBEQIEIf/aAAgBAgEBPwFXIYwx07iz/8QAFhABAQEAAAAAAAAAAAAAAAAAEAER/9oACAEBAAY/Ao4//8QAGRAAAwEBAQAAAAAAAAAAAAAA"
        + "AAERMSFh/9oACAEBAAE/IYQ8G66VLRkQJoZT/9oADAMBAAIAAwAAABBb/wD/xAAXEQADAQAAAAAAAAAAAAAAAAAAATFB/9oACAEDAQE/EFsdDQp//8QAGBEBAQEBAQAAAAAAAAAAAAAAAREAMUH/2g"
        + "AIAQIBAT8QtvwhkOum/8QAHRABAAICAgMAAAAAAAAAAAAAAQARITFB4WHR8P/aAAgBAQABPxBax011LhqLz6iykWbyQo6FcfeZSlSq3EOlNYn/2Q==";

    // 21 by 18 pixels, baseline, colours halved both ways, a restart marker after each unit; written by LibJpeg.NET 1.5.
    private const string Restarting =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT0"
        + "9PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAASABUDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF"
        + "BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmq"
        + "KjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC"
        + "AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqK"
        + "mqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/90ABAAB/9oADAMBAAIRAxEAPwDo78iy0gIcZxjrXH2h86cs3H6VueMrsRqsIOOO9Y+jxnZ5hHT8KWHfJGvXfRWR"
        + "tiMQsLgnbeR//9Cy8qxYVm7UVm38p87HB49OlFejgcui8PBy3seFTwFSrFT7n//Ro+MWYX5AY4z0z7Vb0z/jx/4DRRRL/cKn+JfmcudfwoH/0qV2AbhsgcUUUV9FQ/hR9EduE/gR9D//2Q==";

    // 17 by 9 pixels, grey, progressive, with restart markers; written by LibJpeg.NET 1.5.
    private const string Grey =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wgALCAAJABEBAREA/8QAFgABAQEAAA"
        + "AAAAAAAAAAAAAABQYH/90ABAAC/9oACAEBAAAAAacL/9Cd0v8A/9E8j//EABwQAAEDBQAAAAAAAAAAAAAAAAQCAxMAARASMv/aAAgBAQABBQJpMaDyNbf/0J6c4//RPx//xAAZEAADAAMAAAAAAAAA"
        + "AAAAAAAAARAhMYH/2gAIAQEABj8Cyp//0NM6f//Rn//EABwQAQABBAMAAAAAAAAAAAAAAAEAEDGB8BFxsf/aAAgBAQABPyEibk5AXuf/0NjNmZ//0b3PlP/aAAgBAQAAABB//9D/AP/Rf//EAB4QAA"
        + "IBBAMBAAAAAAAAAAAAAAERACExsfAQcaHh/9oACAEBAAE/EAmFUwAHtYlAMFhZnNp//9DT8y50zH//0fBi4//Z";

    // 16 by 9 pixels of three bytes.
    private const string Pixels =
        "e46GgqLBldzsyNzvx9PJ0uJ47adN5YYf3lczykNO4B9xuwuqxxPguUXkhEa7kYl/mX2Ar7zUt97pt+jT2s2tzL5k7qYm74kj7G4XyTdB3iCGuw+/rjXljkLPgWqsZoJ+jKysqq/Kv8Xlz9Ld492e47"
        + "5a0Jw9038P31U03S5uuCKkrSzLlCnanVfFhIKtcZhRtbGfrbvjtcvd4PLL5uKY6LhY0JUu8Gsq6Tgz0CVxtiWasC7cmUTfkEvYW3eXY5hFtaGxu9rszfPZ2tiu28uQ6a4+2Xg0604dvy8yzDJnqQ+f"
        + "mxLRfSrzalbRWXuNSLJar7jMx9TOyOvMzNO7689s1pgyyo4Z0VMcuiJWpCGVtCPFjS3ecljmeWawSImGPb5B0rfY09jj3O7p4s6n169hz4w752kN0lscuhpYmhCJnCrIfibeXEzQTYq2Sqx0M88qwb"
        + "7fz+HX3dTE68OZ8rJm350u33IrzS07qi1cmQyTkA/JdUjSX1nHSZmNM6hUHMQsyujh0eTw29620tyh6pdE5nAZ21Yhuyc3nB99ohq0hh/VVzXVVmbHRoWMI7NRJtk1";

    // The same with quality 50 and halved colours, written by libjpeg-turbo (in Skia) with codes made for the picture.
    private const string Encoded =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2"
        + "NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAJABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABgX/xAAhEAABAgQHAAAAAAAAAAAAAAABAAIE"
        + "BRGRAwYTMTM0cf/EABUBAQEAAAAAAAAAAAAAAAAAAAAE/8QAGhEAAgMBAQAAAAAAAAAAAAAAAQIAA0EEMf/aAAwDAQACEQMRAD8AtxhELLQ0b0sjMM7Vxi6gSHMfVHhRyX8tko9ufQJQ7mrjLLs//9"
        + "k=";

    private readonly OpRuns _runs = new();

    public static TheoryData<string, int, int, string> Files() => new()
    {
        { Progressive, 13, 19, "2DD0FDAA83B4DA0611F2D9DEA27E0E3062FBE6470ED88BD3FE372F9F6C78A6A2" },
        { Restarting, 18, 21, "FDFDF9F3CB1566706E6F590C2144F9CE7E9703B19DE52E4450B6F6EF3786A7C6" },
        { Grey, 9, 17, "B53EC4444AB8E07887EDDC103BB009616DDDE420A75C1E17DA2C488098317E65" },
    };

    // The checksums are those of the pixels that libjpeg-turbo (in Skia) decodes, with its accurate transform.
    [Theory]
    [MemberData(nameof(Files))]
    public void Pixels_are_those_of_libjpeg_turbo(string file, int height, int width, string checksum)
    {
        Tensor pixels = Decode(file, new() { { "channels", 3L }, { "dct_method", "INTEGER_ACCURATE" } });
        Assert.Equal(OpRuns.Sizes(height, width, 3), pixels.Shape);
        Assert.Equal(checksum, Convert.ToHexString(SHA256.HashData(pixels.Bytes)));
        // The faster transform rounds down where the accurate one rounds.
        Tensor fast = Decode(file, new() { { "channels", 3L } });
        Assert.InRange(pixels.ToArray<byte>().Zip(fast.ToArray<byte>(), static (a, b) => (double)Math.Abs(a - b)).Average(), 0, 2.5);
        Tensor shape = _runs.Run("ExtractJpegShape", null, Contents(file))[0];
        Assert.Equal([height, width, file == Grey ? 1 : 3], shape.ToArray<int>());
    }

    [Fact]
    public void An_encoded_file_is_that_of_libjpeg_turbo()
    {
        Tensor picture = Tensor.Of<byte>([9, 16, 3], Convert.FromBase64String(Pixels));
        byte[] file = _runs.Run("EncodeJpeg", new() { { "quality", 50L }, { "optimize_size", true } }, picture)[0].Strings[0];
        byte[] expected = Convert.FromBase64String(Encoded);
        Assert.Equal(expected.Length, file.Length);
        // But for the density, which TensorFlow writes as 300 pixels an inch.
        Assert.Equal(expected[20..], file[20..]);
        Assert.Equal([1, 1, 1, 1, 44, 1, 44], file[11..18]);
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(1, true, true)]
    [InlineData(3, false, false)]
    [InlineData(3, false, true)]
    [InlineData(3, true, false)]
    public void What_is_encoded_comes_back_nearly(int channels, bool progressive, bool optimize)
    {
        foreach ((int height, int width) in new[] { (1, 1), (8, 8), (17, 33), (40, 3) })
        {
            byte[] smooth = [.. Enumerable.Range(0, height * width * channels).Select(i => (byte)(128 + (100 * Math.Sin((i / channels % width * 0.2) + (i % channels)))))];
            var attributes = new AttributeList { { "quality", 100L }, { "progressive", progressive }, { "optimize_size", optimize }, { "chroma_downsampling", false } };
            Tensor file = _runs.Run("EncodeJpeg", attributes, Tensor.Of<byte>([height, width, channels], smooth))[0];
            byte[] back = _runs.Run("DecodeJpeg", new() { { "dct_method", "INTEGER_ACCURATE" } }, file)[0].ToArray<byte>();
            Assert.InRange(smooth.Zip(back, static (a, b) => Math.Abs(a - b)).Max(), 0, 4);
        }
    }

    [Fact]
    public void A_smaller_picture_has_the_means()
    {
        byte[] steps = [.. Enumerable.Range(0, 16 * 16).Select(static i => (byte)(((i / 16 / 8) * 100) + (i % 16 / 8 * 50) + 20))];
        Tensor file = _runs.Run("EncodeJpeg", new() { { "quality", 100L } }, Tensor.Of<byte>([16, 16, 1], steps))[0];
        foreach (int ratio in new[] { 2, 4, 8 })
        {
            Tensor small = _runs.Run("DecodeJpeg", new() { { "ratio", (long)ratio } }, file)[0];
            Assert.Equal(OpRuns.Sizes(16 / ratio, 16 / ratio, 1), small.Shape);
            int side = 16 / ratio;
            Assert.Equal([20, 70, 120, 170], new[] { 0, side - 1, side * (side - 1), (side * side) - 1 }.Select(i => (int)small.Data<byte>()[i]), static (a, b) => Math.Abs(a - b) <= 2);
        }
    }

    [Fact]
    public void A_window_is_cut_out()
    {
        Tensor whole = Decode(Restarting, new());
        Tensor part = _runs.Run("DecodeAndCropJpeg", null, Contents(Restarting), new[] { 3, 5, 10, 7 })[0];
        Assert.Equal(OpRuns.Sizes(10, 7, 3), part.Shape);
        Assert.Equal(whole.Data<byte>().Slice(((3 * 21) + 5) * 3, 21).ToArray(), part.Data<byte>()[..21].ToArray());
        Assert.Contains("crop window", Assert.Throws<RunException>(() => _runs.Run("DecodeAndCropJpeg", null, Contents(Restarting), new[] { 10, 5, 10, 7 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_are_told_apart_by_their_bytes()
    {
        Tensor png = _runs.Run("EncodePng", null, Tensor.Of<byte>([1, 2, 3], [1, 2, 3, 4, 5, 6]))[0];
        Assert.Equal([1, 2, 3, 4, 5, 6], _runs.Run("DecodeJpeg", null, png)[0].ToArray<byte>());
        Assert.Equal(OpRuns.Sizes(13, 19, 1), _runs.Run("DecodePng", new() { { "channels", 1L } }, Contents(Progressive))[0].Shape);
        Assert.Equal(OpRuns.Sizes(1, 13, 19, 3), _runs.Run("DecodeGif", null, Contents(Progressive))[0].Shape);
        Assert.Contains("unknown format", Assert.Throws<RunException>(() => _runs.Run("DecodeJpeg", null, "no picture")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Progressive)]
    [InlineData(Restarting)]
    [InlineData(Grey)]
    public void Cut_off_and_damaged_files_end_in_a_message_or_a_picture(string text)
    {
        byte[] file = Convert.FromBase64String(text);
        for (int length = 0; length < file.Length; length += 3)
            TryDecode(file[..length], takesPart: length % 2 == 0);
        for (int at = 2; at < file.Length; at++)
        {
            byte[] damaged = [.. file];
            damaged[at] ^= (byte)(1 << (at % 8));
            TryDecode(damaged, takesPart: false);
        }

        Assert.Throws<RunException>(() => Decode(Convert.ToBase64String(file[..(file.Length / 2)]), new()));
        Tensor recovered = Decode(Convert.ToBase64String(file[..(file.Length - 8)]), new() { { "try_recover_truncated", true } });
        Assert.Equal(3, recovered.Rank);
    }

    public void Dispose() => _runs.Dispose();

    private static Tensor Contents(string file) => Tensor.OfStrings(Shape.Scalar, [Convert.FromBase64String(file)]);

    private Tensor Decode(string file, AttributeList attributes) => _runs.Run("DecodeJpeg", attributes, Contents(file))[0];

    private static void TryDecode(byte[] file, bool takesPart)
    {
        try
        {
            Assert.InRange(NotebookPersist.Kernels.Images.Jpeg.JpegReader.Read(file, new(TakesPart: takesPart)).Samples.Length, 1, int.MaxValue);
        }
        catch (FormatException damage)
        {
            Assert.Contains("JPEG", damage.Message, StringComparison.Ordinal);
        }
    }
}
