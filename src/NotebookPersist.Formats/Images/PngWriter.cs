using System.Buffers.Binary;
using System.IO.Compression;

namespace NotebookPersist.Formats.Images;

/// <summary>Writes small images as PNG: with a palette, grey or in colours.</summary>
/// <remarks>
/// <code>
/// png    := signature IHDR [PLTE tRNS] IDAT IEND
/// chunk  := length:uint32be type:4 bytes crc:uint32be      crc over type and bytes
/// IDAT   := zlib of rows, each led by the filter byte 0
/// </code>
/// Source: PNG specification, second edition, sections 5 and 11.
/// </remarks>
public static class PngWriter
{
    private static readonly uint[] CrcTable = BuildCrcTable();

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
        return Write(width, 1, 3, pixels, ("PLTE", colours), ("tRNS", opacities));
    }

    /// <summary>A grey or coloured image.</summary>
    /// <param name="width">Unit: pixels.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue, 4 with opacity.</param>
    /// <param name="pixels">Row by row, <paramref name="channels"/> bytes each.</param>
    public static byte[] Write(int width, int channels, ReadOnlySpan<byte> pixels) =>
        Write(width, channels, (byte)(channels == 1 ? 0 : channels == 3 ? 2 : 6), pixels);

    /// <summary>The image as an address that holds all of its bytes.</summary>
    public static string ToDataUri(byte[] png) => "data:image/png;base64," + Convert.ToBase64String(png);

    private static byte[] Write(int width, int channels, byte colourType, ReadOnlySpan<byte> pixels, params ReadOnlySpan<(string Type, byte[] Data)> extra)
    {
        int rowLength = width * channels;
        int height = pixels.Length / rowLength;
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (8, colourType);
        WriteChunk(png, "IHDR"u8, header);
        foreach ((string type, byte[] data) in extra)
            WriteChunk(png, System.Text.Encoding.ASCII.GetBytes(type), data);
        using var rows = new MemoryStream();
        using (var zlib = new ZLibStream(rows, CompressionLevel.Optimal, leaveOpen: true))
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
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        png.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
            crc = CrcTable[(crc ^ b) & 0xFF] ^ (crc >> 8);
        return crc;
    }

    private static uint[] BuildCrcTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint c = i;
            for (int bit = 0; bit < 8; bit++)
                c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            table[i] = c;
        }

        return table;
    }
}
