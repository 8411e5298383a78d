using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;
using NotebookPersist.Kernels.Images.Jpeg;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The pixels of a PNG file.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="contents">The file's bytes: a scalar of type string.</param>
    /// <param name="channels">1 grey, 3 colours, 4 colours and alpha; 0 as the file has them.</param>
    /// <param name="dtype">uint8 or uint16.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [height, width, channels].</returns>
    /// <remarks>Source: TensorFlow op "DecodePng".</remarks>
    public static Output DecodePng(this Graph graph, Operand contents, int channels = 0, DType dtype = DType.UInt8, string? name = null) =>
        graph.Add<DecodePngOp>(name, new AttributeList { { "channels", (long)channels }, { "dtype", dtype } }, contents);

    /// <summary>A PNG file of an image.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [height, width, channels]; 1 to 4 channels. DType: uint8, uint16.</param>
    /// <param name="compression">0 to 9 from fast to small; -1 for the usual.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The file's bytes: a scalar of type string.</returns>
    /// <remarks>Source: TensorFlow op "EncodePng".</remarks>
    public static Output EncodePng(this Graph graph, Operand image, int compression = -1, string? name = null) =>
        graph.Add<EncodePngOp>(name, new AttributeList { { "compression", (long)compression } }, image);
}

internal sealed class DecodePngOp() : PictureFileOp("DecodePng(contents: string) -> (image: dtype) where channels: int = 0, dtype: uint8 | uint16 = uint8")
{
    public override void Compute(KernelContext c)
    {
        Raster picture = Picture(c, new JpegDecoding((int)c.Attributes.Int("channels")));
        Tensor image = c.AllocateOutput(0, [picture.Height, picture.Width, picture.Channels]);
        if (image.DType == DType.UInt16)
        {
            Span<ushort> wide = image.MutableData<ushort>();
            for (int i = 0; i < wide.Length; i++)
                wide[i] = picture.Bits == 16 ? picture.Samples[i] : (ushort)(picture.Samples[i] * 257);
            return;
        }

        Write(picture, image);
    }
}

internal sealed class EncodePngOp() : Op("EncodePng(image: T) -> (contents: string) where compression: int = -1, T: uint8 | uint16 = uint8")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("files are not differentiated");

    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 3);
        c.Output(0, Shape.Scalar);
    }

    public override void Compute(KernelContext c)
    {
        Tensor image = c.Input(0);
        if (image.Rank != 3)
            throw c.InvalidArgument($"image must be 3-dimensional{image.Shape}");
        if (image.Count == 0)
            throw c.InvalidArgument("image is empty");
        if (image.Shape[2] is < 1 or > 4)
            throw c.InvalidArgument($"image must have 1, 2, 3, or 4 channels, has {image.Shape[2]}");
        int compression = (int)c.Attributes.Int("compression");
        if (compression is < -1 or > 9)
            throw c.InvalidArgument($"compression should be in [-1,9], got {compression}");
        bool wide = image.DType == DType.UInt16;
        ushort[] samples = wide ? image.ToArray<ushort>() : Array.ConvertAll(image.ToArray<byte>(), static b => (ushort)b);
        var picture = new Raster((int)image.Shape[0], (int)image.Shape[1], (int)image.Shape[2], wide ? 16 : 8, samples);
        c.Output(0, Tensor.OfStrings(Shape.Scalar, [PngWriter.Write(picture, compression)]));
    }
}
