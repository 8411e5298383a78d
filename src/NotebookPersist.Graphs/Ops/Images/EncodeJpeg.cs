using System.Text;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images.Jpeg;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A JPEG file of an image.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [height, width, channels]; 1 or 3 channels. DType: uint8.</param>
    /// <param name="format">grayscale or rgb; by default as the image has channels.</param>
    /// <param name="quality">0 to 100.</param>
    /// <param name="progressive">Whether the picture comes in several scans.</param>
    /// <param name="optimizeSize">Whether the codes are made for the picture.</param>
    /// <param name="chromaDownsampling">Whether colours are stored at half the resolution.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The file's bytes: a scalar of type string.</returns>
    /// <remarks>Source: TensorFlow op "EncodeJpeg".</remarks>
    public static Output EncodeJpeg(
        this Graph graph,
        Operand image,
        string format = "",
        int quality = 95,
        bool progressive = false,
        bool optimizeSize = false,
        bool chromaDownsampling = true,
        string? name = null) => graph.Add<EncodeJpegOp>(
            name,
            new AttributeList
            {
                { "format", format },
                { "quality", (long)quality },
                { "progressive", progressive },
                { "optimize_size", optimizeSize },
                { "chroma_downsampling", chromaDownsampling },
            },
            image);
}

internal sealed class EncodeJpegOp() : JpegEncodingOp(
    "EncodeJpeg(image: uint8) -> (contents: string) where format: '' | 'grayscale' | 'rgb' = '', quality: int = 95, progressive: bool = false, "
    + "optimize_size: bool = false, chroma_downsampling: bool = true, density_unit: 'in' | 'cm' = 'in', x_density: int = 300, y_density: int = 300, xmp_metadata: string = ''")
{
    public override void Compute(KernelContext c)
    {
        int channels = c.Attributes.String("format") switch { "grayscale" => 1, "rgb" => 3, _ => 0 };
        int quality = (int)c.Attributes.Int("quality");
        if (quality is < 0 or > 100)
            throw c.InvalidArgument($"quality must be in [0,100], got {quality}");
        Encode(c, channels, new JpegEncoding(
            Math.Max(quality, 1),
            c.Attributes.Bool("progressive"),
            c.Attributes.Bool("optimize_size"),
            c.Attributes.Bool("chroma_downsampling"),
            c.Attributes.String("density_unit") == "in" ? 1 : 2,
            (int)c.Attributes.Int("x_density"),
            (int)c.Attributes.Int("y_density"),
            Encoding.UTF8.GetBytes(c.Attributes.String("xmp_metadata"))));
    }
}

internal sealed class EncodeJpegVariableQualityOp() : JpegEncodingOp("EncodeJpegVariableQuality(images: uint8, quality: int32) -> (contents: string)")
{
    public override void Compute(KernelContext c)
    {
        Tensor quality = c.Input(1);
        if (quality.Rank != 0)
            throw c.InvalidArgument($"quality must be scalar: {quality.Shape}");
        if (quality.Item<int>() is < 0 or > 100)
            throw c.InvalidArgument($"quality must be in [0,100], got {quality.Item<int>()}");
        Encode(c, 0, new JpegEncoding(Math.Max(quality.Item<int>(), 1), false, false, true, 1, 300, 300, []));
    }
}

internal abstract class JpegEncodingOp(string signature) : UndifferentiatedOp(signature, "files are not differentiated")
{
    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 3);
        c.Output(0, Shape.Scalar);
    }

    protected static void Encode(KernelContext c, int channels, JpegEncoding encoding)
    {
        Tensor image = c.Input(0);
        if (image.Rank != 3)
            throw c.InvalidArgument($"image must be 3-dimensional{image.Shape}");
        if (image.Count == 0 || image.Shape[0] > ushort.MaxValue || image.Shape[1] > ushort.MaxValue)
            throw c.InvalidArgument($"JPEG files have 1 to 65,535 rows and columns; the image has {image.Shape[0]} and {image.Shape[1]}.");
        int own = (int)image.Shape[2];
        if (own is not (1 or 3) || (channels > 0 && channels != own))
            throw c.InvalidArgument($"image must have {(channels > 0 ? channels : "1 or 3")} channels, got shape {image.Shape}");
        // A segment of a file has two bytes for its length.
        if (encoding.Xmp.Length > ushort.MaxValue - 31)
            throw c.InvalidArgument($"xmp_metadata has {encoding.Xmp.Length} bytes; a JPEG file has room for {ushort.MaxValue - 31}.");
        byte[] file = JpegWriter.Write(image.Data<byte>(), (int)image.Shape[0], (int)image.Shape[1], own, encoding);
        c.Output(0, Tensor.OfStrings(Shape.Scalar, [file]));
    }
}
