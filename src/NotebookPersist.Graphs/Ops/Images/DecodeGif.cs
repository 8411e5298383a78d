using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;

namespace NotebookPersist;

internal sealed class DecodeGifOp() : UndifferentiatedOp("DecodeGif(contents: string) -> (image: uint8)", "files are not differentiated")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, [-1, -1, -1, 3]);

    public override void Compute(KernelContext c)
    {
        Tensor contents = c.Input(0);
        if (contents.Rank != 0)
            throw c.InvalidArgument($"contents must be scalar, got shape {contents.Shape}");
        try
        {
            List<byte[]> frames = Gif.Decode(contents.Strings[0], out int width, out int height);
            Span<byte> images = c.AllocateOutput(0, [frames.Count, height, width, 3]).MutableData<byte>();
            for (int i = 0; i < frames.Count; i++)
                frames[i].CopyTo(images[(i * frames[i].Length)..]);
        }
        catch (FormatException e)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, $"Invalid GIF data (size {contents.Strings[0].Length}), {e.Message}", e);
        }
    }
}
