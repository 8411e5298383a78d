using System.Buffers.Binary;
using NotebookPersist.Graphs.OpModel;

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
    // The file header and the part of the picture's header that tells its form. Unit: bytes.
    private const int LeastHeader = 32;

    public override void Compute(KernelContext c)
    {
        ReadOnlySpan<byte> file = Contents(c);
        if (file.Length < LeastHeader)
            throw c.InvalidArgument($"Incomplete bmp content, requires at least {LeastHeader} bytes to find the header size, width, height, and bpp, got {file.Length} bytes");
        long start = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        int width = BinaryPrimitives.ReadInt32LittleEndian(file[18..]);
        long height = BinaryPrimitives.ReadInt32LittleEndian(file[22..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(file[28..]);
        long wanted = c.Attributes.Int("channels");
        if (wanted is not (0 or 1 or 3 or 4))
            throw c.InvalidArgument($"channels must be 0, 1, 3 or 4, got {wanted}");
        int channels = bits / 8;
        if (wanted != 0 && wanted != channels)
            throw c.InvalidArgument($"channels attribute {wanted} does not match bits per pixel from file {channels}");
        if (bits is not (8 or 24 or 32))
            throw c.InvalidArgument($"Number of channels inherent in the image must be 1, 3 or 4, was {channels}");
        if (width < 0)
            throw c.InvalidArgument("Width must be non-negative");
        // Rows come from below unless the height is negative; each is filled up to four bytes.
        bool fromAbove = height < 0;
        height = Math.Abs(height);
        Int128 row = (((Int128)width * channels) + 3) / 4 * 4;
        if (start + (row * height) > file.Length && start + (row * (height - 1)) + ((Int128)width * channels) > file.Length)
            throw c.InvalidArgument($"Incomplete bmp content, requires at least {start + (row * height)} bytes, got {file.Length} bytes");
        Span<byte> image = c.AllocateOutput(0, [height, width, channels]).MutableData<byte>();
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> from = file.Slice((int)(start + (row * (fromAbove ? y : height - 1 - y))), width * channels);
            Span<byte> to = image.Slice(y * width * channels, width * channels);
            from.CopyTo(to);
            // Blue comes first.
            for (int x = 0; channels > 1 && x < to.Length; x += channels)
                (to[x], to[x + 2]) = (to[x + 2], to[x]);
        }
    }
}
