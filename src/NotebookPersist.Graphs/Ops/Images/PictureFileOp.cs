using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;
using NotebookPersist.Kernels.Images.Jpeg;

namespace NotebookPersist;

/// <summary>Decodes the bytes of a picture file, with as many channels as are asked for.</summary>
internal abstract class PictureFileOp(string signature) : UndifferentiatedOp(signature, "files are not differentiated")
{
    public override void InferShapes(ShapeContext c)
    {
        long channels = c.Attributes.Int("channels");
        c.Output(0, [-1, -1, channels == 0 ? -1 : channels]);
    }

    /// <summary>The file.</summary>
    protected static byte[] Contents(KernelContext c) => c.Input(0) is { Rank: 0 } contents
        ? contents.Strings[0]
        : throw c.InvalidArgument($"contents must be scalar, got shape {c.Input(0).Shape}");

    /// <summary>The picture in a file, which may be of any kind that TensorFlow reads.</summary>
    /// <param name="c">The computation.</param>
    /// <param name="decoding">How a JPEG file is to be decoded, and the channels wanted of any.</param>
    /// <param name="isWidened">Whether the caller makes 16 bits of 8.</param>
    protected static Raster Picture(KernelContext c, JpegDecoding decoding, bool isWidened = false)
    {
        byte[] file = Contents(c);
        int channels = decoding.Channels;
        if (channels is not (0 or 1 or 3 or 4))
            throw c.InvalidArgument($"channels must be 0, 1, 3, or 4, got {channels}");
        string kind = PngReader.Matches(file) ? "PNG" : JpegReader.Matches(file) ? "JPEG" : Gif.Matches(file) ? "GIF" : "";
        if (kind.Length == 0)
            throw c.InvalidArgument($"Expected image (JPEG, PNG, or GIF), got {(file.Length == 0 ? "empty file" : "unknown format")}");
        if (kind != "PNG" && !isWidened && c.Operation.Outputs[0].DType == DType.UInt16)
            throw c.InvalidArgument($"{kind} does not support uint16 output");
        if ((kind != "PNG" && channels == 4) || (kind == "GIF" && channels == 1))
            throw c.InvalidArgument($"channels must be {(kind == "GIF" ? "0 or 3" : "0, 1, or 3")} for {kind}, got {channels}");
        try
        {
            Raster picture = kind switch
            {
                "PNG" => PngReader.Read(file),
                "JPEG" => JpegReader.Read(file, decoding),
                _ => OnlyFrame(c, file),
            };
            return channels == 0 ? picture : picture.WithChannels(channels);
        }
        catch (FormatException e)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, $"Invalid {kind} data, size {file.Length}: {e.Message}", e);
        }
    }

    /// <summary>Writes a picture as bytes.</summary>
    protected static void Write(Raster picture, Tensor image)
    {
        Span<byte> bytes = image.MutableData<byte>();
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(picture.Bits == 16 ? picture.Samples[i] >> 8 : picture.Samples[i]);
    }

    private static Raster OnlyFrame(KernelContext c, byte[] file)
    {
        List<byte[]> frames = Gif.Decode(file, out int width, out int height);
        return frames.Count == 1
            ? new Raster(height, width, 3, 8, Array.ConvertAll(frames[0], static b => (ushort)b))
            : throw c.InvalidArgument($"Got {frames.Count} frames, but animated gifs can only be decoded by DecodeGif");
    }
}
