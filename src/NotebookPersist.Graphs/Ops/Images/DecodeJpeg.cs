using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;
using NotebookPersist.Kernels.Images.Jpeg;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The pixels of a JPEG file.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="contents">The file's bytes: a scalar of type string. Baseline or progressive.</param>
    /// <param name="channels">1 grey, 3 colours; 0 as the file has them.</param>
    /// <param name="ratio">1, 2, 4 or 8: how much smaller the picture is to be.</param>
    /// <param name="fancyUpscaling">Whether coarser colours are interpolated.</param>
    /// <param name="tryRecoverTruncated">Whether a file that is cut off will do.</param>
    /// <param name="acceptableFraction">Kept for TensorFlow; here a file that is cut off is refused, unless <paramref name="tryRecoverTruncated"/> says that it will do.</param>
    /// <param name="dctMethod">INTEGER_ACCURATE, or INTEGER_FAST, which TensorFlow takes where nothing is said.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [height, width, channels]. DType: uint8.</returns>
    /// <remarks>Source: TensorFlow op "DecodeJpeg".</remarks>
    public static Output DecodeJpeg(
        this Graph graph,
        Operand contents,
        int channels = 0,
        int ratio = 1,
        bool fancyUpscaling = true,
        bool tryRecoverTruncated = false,
        float acceptableFraction = 1,
        string dctMethod = "",
        string? name = null) => graph.Add<DecodeJpegOp>(
            name,
            new AttributeList
            {
                { "channels", (long)channels },
                { "ratio", (long)ratio },
                { "fancy_upscaling", fancyUpscaling },
                { "try_recover_truncated", tryRecoverTruncated },
                { "acceptable_fraction", acceptableFraction },
                { "dct_method", dctMethod },
            },
            contents);

    /// <summary>The size of the picture in a JPEG file.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="contents">The file's bytes: a scalar of type string.</param>
    /// <param name="outputType">int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Height, width and channels.</returns>
    /// <remarks>Source: TensorFlow op "ExtractJpegShape".</remarks>
    public static Output ExtractJpegShape(this Graph graph, Operand contents, DType outputType = DType.Int32, string? name = null) =>
        graph.Add<ExtractJpegShapeOp>(name, new AttributeList { { "output_type", outputType } }, contents);
}

internal sealed class DecodeJpegOp() : JpegDecodingOp(
    "DecodeJpeg(contents: string) -> (image: uint8) where channels: int = 0, ratio: int = 1, fancy_upscaling: bool = true, "
    + "try_recover_truncated: bool = false, acceptable_fraction: float = 1, dct_method: string = ''");

internal sealed class DecodeAndCropJpegOp() : JpegDecodingOp(
    "DecodeAndCropJpeg(contents: string, crop_window: int32) -> (image: uint8) where channels: int = 0, ratio: int = 1, fancy_upscaling: bool = true, "
    + "try_recover_truncated: bool = false, acceptable_fraction: float = 1, dct_method: string = ''")
{
    public override void InferShapes(ShapeContext c)
    {
        base.InferShapes(c);
        if (c.InputInts(1) is [_, _, var height, var width])
            c.Output(0, [height, width, c.Operation.Outputs[0].Shape[2]]);
    }

    protected override Raster Crop(KernelContext c, Raster picture)
    {
        ReadOnlySpan<int> window = c.Input<int>(1);
        if (c.Input(1).Rank != 1 || window.Length != 4)
            throw c.InvalidArgument($"crop_window must be 1-D with four elements, got shape {c.Input(1).Shape}");
        (int top, int left, int height, int width) = (window[0], window[1], window[2], window[3]);
        if (height <= 0 || width <= 0 || top < 0 || left < 0 || top > picture.Height - height || left > picture.Width - width)
            throw c.InvalidArgument($"Invalid JPEG data or crop window: x={left}, y={top}, w={width}, h={height} for image_width: {picture.Width} and image_height: {picture.Height}");
        ushort[] samples = new ushort[height * width * picture.Channels];
        for (int y = 0; y < height; y++)
            picture.Samples.AsSpan((((top + y) * picture.Width) + left) * picture.Channels, width * picture.Channels).CopyTo(samples.AsSpan(y * width * picture.Channels));
        return picture with { Height = height, Width = width, Samples = samples };
    }
}

internal abstract class JpegDecodingOp(string signature) : PictureFileOp(signature)
{
    public override void Compute(KernelContext c)
    {
        int ratio = (int)c.Attributes.Int("ratio");
        string method = c.Attributes.String("dct_method");
        if (ratio is not (1 or 2 or 4 or 8))
            throw c.InvalidArgument($"ratio must be 1, 2, 4, or 8, got {ratio}");
        if (method is not ("" or "INTEGER_FAST" or "INTEGER_ACCURATE"))
            throw c.InvalidArgument("dct_method must be one of {'', 'INTEGER_FAST', 'INTEGER_ACCURATE'}");
        var decoding = new JpegDecoding(
            (int)c.Attributes.Int("channels"), ratio, c.Attributes.Bool("fancy_upscaling"), method != "INTEGER_ACCURATE", c.Attributes.Bool("try_recover_truncated"));
        Raster picture = Crop(c, Picture(c, decoding));
        Write(picture, c.AllocateOutput(0, [picture.Height, picture.Width, picture.Channels]));
    }

    protected virtual Raster Crop(KernelContext c, Raster picture) => picture;
}

internal sealed class ExtractJpegShapeOp() : PictureFileOp("ExtractJpegShape(contents: string) -> (image_shape: output_type) where output_type: int32 | int64 = int32")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, [3]);

    public override void Compute(KernelContext c)
    {
        byte[] file = Contents(c);
        try
        {
            (int height, int width, int channels) = JpegReader.ReadShape(file);
            IntVectors.Write([height, width, channels], c.AllocateOutput(0, [3]));
        }
        catch (FormatException e)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, $"Invalid JPEG data, size {file.Length}: {e.Message}", e);
        }
    }
}
