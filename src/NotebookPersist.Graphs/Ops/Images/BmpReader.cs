using System.Buffers.Binary;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;

namespace NotebookPersist;

/// <summary>Reads BMP files whose pixels are stored as they are: 8, 24 or 32 bits each.</summary>
internal static class BmpReader
{
    // The file header and the part of the picture's header that tells its form. Unit: bytes.
    private const int LeastHeader = 32;

    /// <summary>True where a file begins as BMP files do.</summary>
    public static bool Matches(ReadOnlySpan<byte> file) => file.StartsWith("BM"u8);

    /// <summary>The picture in a file.</summary>
    /// <param name="c">Where faults are told.</param>
    /// <param name="contents">The whole file.</param>
    /// <param name="wanted">Channels that the picture must have; 0 for any.</param>
    /// <exception cref="KernelException">The file is of another form, or cut off.</exception>
    public static Raster Read(KernelContext c, byte[] contents, long wanted)
    {
        ReadOnlySpan<byte> file = contents;
        if (file.Length < LeastHeader)
            throw c.InvalidArgument($"Incomplete bmp content, requires at least {LeastHeader} bytes to find the header size, width, height, and bpp, got {file.Length} bytes");
        long start = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        int width = BinaryPrimitives.ReadInt32LittleEndian(file[18..]);
        long height = BinaryPrimitives.ReadInt32LittleEndian(file[22..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(file[28..]);
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
        ushort[] samples = new ushort[height * width * channels];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> from = file.Slice((int)(start + (row * (fromAbove ? y : height - 1 - y))), width * channels);
            Span<ushort> to = samples.AsSpan(y * width * channels, width * channels);
            for (int x = 0; x < to.Length; x++)
                to[x] = from[x];
            // Blue comes first.
            for (int x = 0; channels > 1 && x < to.Length; x += channels)
                (to[x], to[x + 2]) = (to[x + 2], to[x]);
        }

        return new Raster((int)height, width, channels, 8, samples);
    }
}
