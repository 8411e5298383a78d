using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The pixels of a BMP file.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="contents">The file's bytes: a scalar of type string.</param>
    /// <param name="channels">1 grey, 3 colours, 4 colours and alpha, as the file must have them; 0 for any.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [height, width, channels]. DType: uint8.</returns>
    /// <remarks>Source: TensorFlow op "DecodeBmp".</remarks>
    public static Output DecodeBmp(this Graph graph, Operand contents, int channels = 0, string? name = null) =>
        graph.Add<DecodeBmpOp>(name, new AttributeList { { "channels", (long)channels } }, contents);
}

internal sealed class DecodeBmpOp() : PictureFileOp("DecodeBmp(contents: string) -> (image: uint8) where channels: int = 0")
{
    public override void Compute(KernelContext c)
    {
        Raster picture = BmpReader.Read(c, Contents(c), c.Attributes.Int("channels"));
        Write(picture, c.AllocateOutput(0, [picture.Height, picture.Width, picture.Channels]));
    }
}
