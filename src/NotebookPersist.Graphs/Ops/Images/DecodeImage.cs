using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;
using NotebookPersist.Kernels.Images.Jpeg;

namespace NotebookPersist;

/// <summary>The pixels of a picture file of any kind, and of any element type.</summary>
internal sealed class DecodeImageOp() : PictureFileOp(
    "DecodeImage(contents: string) -> (image: dtype) where channels: int = 0, dtype: uint8 | uint16 | float = uint8, expand_animations: bool = true")
{
    public override void InferShapes(ShapeContext c)
    {
        if (c.Attributes.Bool("expand_animations"))
            c.Output(0, Shape.Unknown);
        else
            base.InferShapes(c);
    }

    public override void Compute(KernelContext c)
    {
        byte[] file = Contents(c);
        int channels = (int)c.Attributes.Int("channels");
        if (Gif.Matches(file))
        {
            DecodeFrames(c, file, channels);
            return;
        }

        Raster picture = BmpReader.Matches(file) ? BmpReader.Read(c, file, channels) : Picture(c, new JpegDecoding(channels), isWidened: true);
        Fill(picture.Samples, picture.Bits, PngReader.Matches(file), c.AllocateOutput(0, [picture.Height, picture.Width, picture.Channels]));
    }

    private static void DecodeFrames(KernelContext c, byte[] file, int channels)
    {
        if (channels is not (0 or 3))
            throw c.InvalidArgument($"channels must be 0 or 3 for GIF, got {channels}");
        try
        {
            List<byte[]> frames = Gif.Decode(file, out int width, out int height);
            bool isExpanded = c.Attributes.Bool("expand_animations");
            int count = isExpanded ? frames.Count : 1;
            Tensor images = c.AllocateOutput(0, isExpanded ? [count, height, width, 3] : [height, width, 3]);
            Fill([.. frames.Take(count).SelectMany(static f => f).Select(static b => (ushort)b)], 8, isPng: false, images);
        }
        catch (FormatException e)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, $"Invalid GIF data (size {file.Length}), {e.Message}", e);
        }
    }

    // Floats go from 0 to 1. Of 16 bits libpng fills the lower ones as well; what TensorFlow widens itself it multiplies by 256.
    private static void Fill(ushort[] samples, int bits, bool isPng, Tensor image)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            switch (image.DType)
            {
                case DType.UInt8:
                    image.MutableData<byte>()[i] = (byte)(bits == 16 ? samples[i] >> 8 : samples[i]);
                    break;
                case DType.UInt16:
                    image.MutableData<ushort>()[i] = bits == 16 ? samples[i] : (ushort)(samples[i] * (isPng ? 257 : 256));
                    break;
                default:
                    image.MutableData<float>()[i] = samples[i] / (bits == 16 ? 65535f : 255f);
                    break;
            }
        }
    }
}
