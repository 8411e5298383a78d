using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;
using NotebookPersist.Kernels.Images.Jpeg;

namespace NotebookPersist;

internal sealed class DecodeGifOp() : PictureFileOp("DecodeGif(contents: string) -> (image: uint8)")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, [-1, -1, -1, 3]);

    public override void Compute(KernelContext c)
    {
        byte[] file = Contents(c);
        if (PngReader.Matches(file) || JpegReader.Matches(file))
        {
            Raster picture = Picture(c, new JpegDecoding(Channels: 3));
            Write(picture, c.AllocateOutput(0, [1, picture.Height, picture.Width, picture.Channels]));
            return;
        }

        try
        {
            List<byte[]> frames = Gif.Decode(file, out int width, out int height);
            Span<byte> images = c.AllocateOutput(0, [frames.Count, height, width, 3]).MutableData<byte>();
            for (int i = 0; i < frames.Count; i++)
                frames[i].CopyTo(images[(i * frames[i].Length)..]);
        }
        catch (FormatException e)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, $"Invalid GIF data (size {file.Length}), {e.Message}", e);
        }
    }
}
