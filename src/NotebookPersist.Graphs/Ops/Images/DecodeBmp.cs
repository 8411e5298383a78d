using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;

namespace NotebookPersist;

internal sealed class DecodeBmpOp() : PictureFileOp("DecodeBmp(contents: string) -> (image: uint8) where channels: int = 0")
{
    public override void Compute(KernelContext c)
    {
        Raster picture = BmpReader.Read(c, Contents(c), c.Attributes.Int("channels"));
        Write(picture, c.AllocateOutput(0, [picture.Height, picture.Width, picture.Channels]));
    }
}
