using Google.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>The first images of a batch, as PNG.</summary>
/// <remarks>
/// Floats are scaled so that the largest is 255, or where some are negative so that 0 is 128; pixels that are not finite get the bad colour.
/// Source: TensorFlow op "ImageSummary".
/// </remarks>
internal sealed class ImageSummaryOp() : SummaryOp(
    "ImageSummary(tag: string, tensor: T) -> (summary: string) where max_images: int >= 1 = 3, T: uint8 | float | half | double = float, bad_color: tensor = uint8 [255, 0, 0, 255]")
{
    private const double Zero = 1e-6;

    protected override Summary Make(KernelContext c)
    {
        Tensor images = c.Input(1);
        if (images.Rank != 4 || images.Shape[3] is not (1 or 3 or 4))
            throw c.InvalidArgument($"Tensor must be 4-D with last dim 1, 3, or 4, not {images.Shape}");
        (int height, int width, int channels) = ((int)images.Shape[1], (int)images.Shape[2], (int)images.Shape[3]);
        if (height == 0 || width == 0)
            throw c.InvalidArgument($"Images must have at least one pixel, not {images.Shape}");
        byte[] bad = c.Attributes.Tensor("bad_color").Data<byte>().ToArray();
        if (bad.Length < channels)
            throw c.InvalidArgument($"expected depth <= bad_color.size, got depth = {channels}, bad_color.size = {bad.Length}");
        string tag = Tag(c);
        long most = c.Attributes.Int("max_images");
        var summary = new Summary();
        double[] values = images.DType == DType.UInt8 ? [] : Numbers(images);
        for (int i = 0; i < Math.Min(most, images.Shape[0]); i++)
        {
            int size = height * width * channels;
            byte[] pixels = images.DType == DType.UInt8
                ? images.Data<byte>().Slice(i * size, size).ToArray()
                : Scaled(values.AsSpan(i * size, size), channels, bad);
            summary.Value.Add(new Summary.Types.Value
            {
                Tag = most == 1 ? $"{tag}/image" : $"{tag}/image/{i}",
                Image = new Summary.Types.Image
                {
                    Height = height,
                    Width = width,
                    Colorspace = channels,
                    EncodedImageString = ByteString.CopyFrom(PngWriter.Write(width, channels, pixels)),
                },
            });
        }

        return summary;
    }

    private static byte[] Scaled(ReadOnlySpan<double> values, int channels, byte[] bad)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        for (int at = 0; at < values.Length; at += channels)
        {
            if (!IsFinite(values.Slice(at, channels)))
                continue;
            for (int k = at; k < at + channels; k++)
                (least, most) = (Math.Min(least, values[k]), Math.Max(most, values[k]));
        }

        // In single precision, as TensorFlow scales them.
        float largest = (float)(least < 0 ? Math.Max(Math.Abs(least), Math.Abs(most)) : most);
        float offset = least < 0 ? 128 : 0;
        float scale = largest < Zero ? 0 : (least < 0 ? 127f : 255f) / largest;
        byte[] pixels = new byte[values.Length];
        for (int at = 0; at < values.Length; at += channels)
        {
            bool finite = IsFinite(values.Slice(at, channels));
            for (int k = 0; k < channels; k++)
                pixels[at + k] = finite ? (byte)(((float)values[at + k] * scale) + offset) : bad[k];
        }

        return pixels;
    }

    private static bool IsFinite(ReadOnlySpan<double> pixel)
    {
        foreach (double value in pixel)
        {
            if (!double.IsFinite(value))
                return false;
        }

        return true;
    }
}
