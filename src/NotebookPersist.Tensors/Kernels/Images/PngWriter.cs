using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace NotebookPersist.Kernels.Images;

/// <summary>Writes portable network graphics: with a palette, grey or in colours, 8 or 16 bits a sample.</summary>
/// <remarks>
/// <code>
/// png    := signature IHDR [PLTE tRNS] IDAT IEND
/// chunk  := length:uint32be type:4 bytes crc:uint32be      crc over type and bytes
/// IDAT   := zlib of rows, each led by the filter byte 0
/// </code>
/// Source: the W3C recommendation "Portable Network Graphics (PNG) Specification", second edition, sections 5 and 11.
/// </remarks>
public static class PngWriter
{
    internal static ReadOnlySpan<byte> Magic => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>An image of palette indices.</summary>
    /// <param name="width">Unit: pixels.</param>
    /// <param name="pixels">Row by row, one index each.</param>
    /// <param name="palette">Colours with opacity; at most 256.</param>
    public static byte[] WriteIndexed(int width, ReadOnlySpan<byte> pixels, ReadOnlySpan<(byte R, byte G, byte B, byte A)> palette)
    {
        byte[] colours = new byte[palette.Length * 3];
        byte[] opacities = new byte[palette.Length];
        for (int i = 0; i < palette.Length; i++)
            (colours[i * 3], colours[(i * 3) + 1], colours[(i * 3) + 2], opacities[i]) = palette[i];
        return Write(new Layout(width, 1, 8, ColourType: 3), pixels, CompressionLevel.Optimal, colours, opacities);
    }

    /// <summary>A grey or coloured image of bytes.</summary>
    /// <param name="width">Unit: pixels.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue; 2 and 4 for these with opacity.</param>
    /// <param name="pixels">Row by row, <paramref name="channels"/> bytes each.</param>
    public static byte[] Write(int width, int channels, ReadOnlySpan<byte> pixels) =>
        Write(new Layout(width, channels, 8, ColourTypeOf(channels)), pixels, CompressionLevel.Optimal);

    /// <summary>A picture of any channels and depth.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="level">0 to 9 from fast to small; -1 for the usual.</param>
    public static byte[] Write(Raster picture, int level)
    {
        ArgumentNullException.ThrowIfNull(picture);
        byte[] bytes = new byte[picture.Samples.Length * (picture.Bits / 8)];
        for (int i = 0; i < picture.Samples.Length; i++)
        {
            if (picture.Bits == 16)
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), picture.Samples[i]);
            else
                bytes[i] = (byte)picture.Samples[i];
        }

        CompressionLevel effort = level switch { 0 => CompressionLevel.NoCompression, > 0 and < 4 => CompressionLevel.Fastest, > 7 => CompressionLevel.SmallestSize, _ => CompressionLevel.Optimal };
        return Write(new Layout(picture.Width, picture.Channels, picture.Bits, ColourTypeOf(picture.Channels)), bytes, effort);
    }

    /// <summary>The image as an address that holds all of its bytes.</summary>
    public static string ToDataUri(byte[] png) => "data:image/png;base64," + Convert.ToBase64String(png);

    private static byte ColourTypeOf(int channels) => channels switch { 1 => 0, 2 => 4, 3 => 2, _ => 6 };

    private static byte[] Write(Layout layout, ReadOnlySpan<byte> pixels, CompressionLevel effort, byte[]? colours = null, byte[]? opacities = null)
    {
        int rowLength = layout.Width * layout.Channels * (layout.Bits / 8);
        int height = pixels.Length / rowLength;
        using var png = new MemoryStream();
        png.Write(Magic);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, layout.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = ((byte)layout.Bits, layout.ColourType);
        header[10..].Clear();
        WriteChunk(png, "IHDR"u8, header);
        if (colours is not null)
            WriteChunk(png, "PLTE"u8, colours);
        if (opacities is not null)
            WriteChunk(png, "tRNS"u8, opacities);
        using var rows = new MemoryStream();
        using (var zlib = new ZLibStream(rows, effort, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(pixels.Slice(y * rowLength, rowLength));
            }
        }

        WriteChunk(png, "IDAT"u8, rows.GetBuffer().AsSpan(0, (int)rows.Length));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        var crc = new Crc32();
        crc.Append(type);
        crc.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.GetCurrentHashAsUInt32());
        png.Write(number);
    }

    private readonly record struct Layout(int Width, int Channels, int Bits, byte ColourType);
}
