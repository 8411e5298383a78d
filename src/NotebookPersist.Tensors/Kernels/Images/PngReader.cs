using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace NotebookPersist.Kernels.Images;

/// <summary>Reads portable network graphics.</summary>
/// <remarks>Source: the W3C recommendation "Portable Network Graphics (PNG) Specification", second edition: all colour types, depths and interlacing; gamma is left alone.</remarks>
public static class PngReader
{
    /// <summary>True where bytes begin as such a file does.</summary>
    public static bool Matches(ReadOnlySpan<byte> file) => file.StartsWith(PngWriter.Magic);

    /// <summary>Decodes a file.</summary>
    /// <exception cref="FormatException">It is damaged, or no such file.</exception>
    public static Raster Read(ReadOnlySpan<byte> file)
    {
        if (!Matches(file))
            throw new FormatException("The bytes do not begin as a PNG file does.");
        Header? header = null;
        byte[] palette = [];
        byte[] alpha = [];
        using var packed = new MemoryStream();
        for (int at = PngWriter.Magic.Length; ;)
        {
            if (file.Length - at < 12)
                throw new FormatException($"The PNG file ends at byte {file.Length:N0}, before its last chunk.");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12)
                throw new FormatException($"The PNG chunk at byte {at:N0} is {length:N0} bytes long, more than the file has.");
            ReadOnlySpan<byte> body = file.Slice(at + 4, (int)length + 4);
            if (Crc32.HashToUInt32(body) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
                throw new FormatException($"The checksum of the PNG chunk at byte {at:N0} is wrong.");
            string type = Encoding.Latin1.GetString(body[..4]);
            ReadOnlySpan<byte> data = body[4..];
            if (type == "IHDR")
                header = Header.Read(data);
            else if (type == "PLTE")
                palette = data.ToArray();
            else if (type == "tRNS")
                alpha = data.ToArray();
            else if (type == "IDAT")
                packed.Write(data);
            else if (type == "IEND")
                break;
            at += 12 + (int)length;
        }

        if (header is null)
            throw new FormatException("The PNG file has no header.");
        byte[] lines = Inflate(packed, header);
        ushort[] samples = header.Unpack(lines);
        return header.Finish(samples, palette, alpha);
    }

    private static byte[] Inflate(MemoryStream packed, Header header)
    {
        long expected = header.LineBytes;
        // Deflate makes at most about 1,032 bytes of one; a header that asks for more lies.
        if (expected > (packed.Length * 1100) + 4096 || expected > Array.MaxLength)
            throw new FormatException($"The PNG header asks for {expected:N0} bytes of pixels, more than {packed.Length:N0} packed bytes can hold.");
        byte[] lines = new byte[expected];
        packed.Position = 0;
        try
        {
            using var inflate = new ZLibStream(packed, CompressionMode.Decompress, leaveOpen: true);
            inflate.ReadExactly(lines);
        }
        catch (InvalidDataException e)
        {
            throw new FormatException($"The pixels of the PNG file cannot be unpacked: {e.Message}", e);
        }
        catch (EndOfStreamException e)
        {
            throw new FormatException("The pixels of the PNG file end too early.", e);
        }

        return lines;
    }

    private sealed record Header(int Width, int Height, int Depth, int Color, bool Interlaced)
    {
        private const int MostPixels = 1 << 27;

        private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
            [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

        private int Samples => Color switch { 0 or 3 => 1, 4 => 2, 2 => 3, _ => 4 };

        public long LineBytes => Parts().Sum(p => p.Rows * (Stride(p.Columns) + 1));

        public static Header Read(ReadOnlySpan<byte> data)
        {
            if (data.Length != 13)
                throw new FormatException($"A PNG header has 13 bytes, not {data.Length}.");
            (uint width, uint height) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
            (int depth, int color) = (data[8], data[9]);
            bool known = color switch { 0 => depth is 1 or 2 or 4 or 8 or 16, 3 => depth is 1 or 2 or 4 or 8, 2 or 4 or 6 => depth is 8 or 16, _ => false };
            if (width is 0 or > 1 << 27 || height is 0 or > 1 << 27 || !known || data[10] != 0 || data[11] != 0 || data[12] > 1)
                throw new FormatException($"The PNG header is invalid: {width} by {height}, colour type {color}, depth {depth}.");
            if ((long)width * height > MostPixels)
                throw new FormatException($"The PNG file has {width} by {height} pixels; at most {MostPixels:N0} are decoded.");
            return new Header((int)width, (int)height, depth, color, data[12] == 1);
        }

        public ushort[] Unpack(byte[] lines)
        {
            ushort[] samples = new ushort[checked(Width * Height * Samples)];
            int at = 0;
            foreach ((int pass, long rows, long columns) in Parts())
            {
                (int x0, int y0, int stepX, int stepY) = Interlaced ? Passes[pass] : (0, 0, 1, 1);
                int stride = (int)Stride(columns);
                ReadOnlySpan<byte> above = new byte[stride];
                for (int row = 0; row < rows; row++, at += stride + 1)
                {
                    Span<byte> line = lines.AsSpan(at + 1, stride);
                    Unfilter(lines[at], line, above, Math.Max(1, Samples * Depth / 8));
                    above = line;
                    for (int i = 0; i < columns * Samples; i++)
                    {
                        int target = (((y0 + (row * stepY)) * Width) + x0 + (i / Samples * stepX)) * Samples;
                        samples[target + (i % Samples)] = Sample(line, i);
                    }
                }
            }

            return samples;
        }

        /// <summary>Looks colours up, stretches low depths, and adds the alpha that a colour or entry stands for.</summary>
        public Raster Finish(ushort[] samples, byte[] palette, byte[] alpha)
        {
            int pixels = Width * Height;
            if (Color == 3)
            {
                int channels = alpha.Length > 0 ? 4 : 3;
                ushort[] colors = new ushort[checked(pixels * channels)];
                for (int i = 0; i < pixels; i++)
                {
                    int entry = samples[i];
                    if ((entry * 3) + 3 > palette.Length)
                        throw new FormatException($"A pixel of the PNG file has colour {entry} of a palette of {palette.Length / 3}.");
                    for (int c = 0; c < 3; c++)
                        colors[(i * channels) + c] = palette[(entry * 3) + c];
                    if (channels == 4)
                        colors[(i * 4) + 3] = entry < alpha.Length ? alpha[entry] : (ushort)255;
                }

                return new Raster(Height, Width, channels, 8, colors);
            }

            bool keyed = alpha.Length >= 2 * Samples && Color is 0 or 2;
            ushort opaque = Depth == 16 ? ushort.MaxValue : byte.MaxValue;
            int factor = Depth < 8 ? 255 / ((1 << Depth) - 1) : 1;
            int width = Samples + (keyed ? 1 : 0);
            ushort[] result = new ushort[checked(pixels * width)];
            for (int i = 0; i < pixels; i++)
            {
                bool clear = keyed;
                for (int c = 0; c < Samples; c++)
                {
                    ushort sample = samples[(i * Samples) + c];
                    clear = clear && sample == BinaryPrimitives.ReadUInt16BigEndian(alpha.AsSpan(2 * c));
                    result[(i * width) + c] = (ushort)(sample * factor);
                }

                if (keyed)
                    result[(i * width) + Samples] = clear ? (ushort)0 : opaque;
            }

            return new Raster(Height, Width, width, Depth == 16 ? 16 : 8, result);
        }

        private static void Unfilter(byte kind, Span<byte> line, ReadOnlySpan<byte> above, int step)
        {
            if (kind > 4)
                throw new FormatException($"A line of the PNG file has filter {kind}; there are 0 to 4.");
            for (int i = 0; i < line.Length; i++)
            {
                int left = i >= step ? line[i - step] : 0;
                int up = above[i];
                int corner = i >= step ? above[i - step] : 0;
                int guess = kind switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, _ => Paeth(left, up, corner) };
                line[i] = unchecked((byte)(line[i] + guess));
            }
        }

        private static int Paeth(int left, int up, int corner)
        {
            int guess = left + up - corner;
            (int a, int b, int c) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
            return a <= b && a <= c ? left : b <= c ? up : corner;
        }

        private ushort Sample(ReadOnlySpan<byte> line, int index)
        {
            if (Depth == 16)
                return BinaryPrimitives.ReadUInt16BigEndian(line[(2 * index)..]);
            if (Depth == 8)
                return line[index];
            int bit = index * Depth;
            return (ushort)((line[bit / 8] >> (8 - Depth - (bit % 8))) & ((1 << Depth) - 1));
        }

        private long Stride(long columns) => ((columns * Samples * Depth) + 7) / 8;

        private IEnumerable<(int Pass, long Rows, long Columns)> Parts()
        {
            if (!Interlaced)
            {
                yield return (0, Height, Width);
                yield break;
            }

            for (int pass = 0; pass < Passes.Length; pass++)
            {
                (int x, int y, int stepX, int stepY) = Passes[pass];
                (long rows, long columns) = ((Height - y + stepY - 1) / stepY, (Width - x + stepX - 1) / stepX);
                if (rows > 0 && columns > 0)
                    yield return (pass, rows, columns);
            }
        }
    }
}
