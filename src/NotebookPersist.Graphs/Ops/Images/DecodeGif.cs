using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;
using NotebookPersist.Kernels.Images.Jpeg;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The frames of a GIF file.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="contents">The file's bytes: a scalar of type string.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [frames, height, width, 3]. DType: uint8.</returns>
    /// <remarks>Source: TensorFlow op "DecodeGif".</remarks>
    public static Output DecodeGif(this Graph graph, Operand contents, string? name = null) => graph.Add<DecodeGifOp>(name, contents);
}

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
