using NotebookPersist.Graphs.OpModel;

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
}
