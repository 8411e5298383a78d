using System.Buffers.Binary;

namespace NotebookPersist.Kernels.Images;

/// <summary>Reads the frames of GIF pictures, one after another.</summary>
/// <remarks>
/// A frame that does not fill the canvas, the largest frame, shows the one before around it; transparency and delays are not looked at, as in TensorFlow.
/// Source: "Graphics Interchange Format, Version 89a", CompuServe 1990.
/// </remarks>
public static class Gif
{
    /// <summary>True where bytes begin as such a file does.</summary>
    public static bool Matches(ReadOnlySpan<byte> file) => file.StartsWith("GIF8"u8);

    private const int ScreenDescriptor = 13;
    private const int ImageDescriptor = 9;
    private const byte Extension = 0x21, Image = 0x2C, Trailer = 0x3B;
    private const int LargestCode = 4095;

    /// <summary>The frames of a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="width">Columns of the canvas.</param>
    /// <param name="height">Rows of the canvas.</param>
    /// <returns>Red, green and blue of each pixel, frame by frame.</returns>
    /// <exception cref="FormatException">The file is damaged, or no GIF.</exception>
    public static List<byte[]> Decode(ReadOnlySpan<byte> file, out int width, out int height)
    {
        List<Frame> frames = Frames(file);
        (width, height) = (frames.Max(static f => f.Width), frames.Max(static f => f.Height));
        long canvas = (long)width * height * 3;
        // Each frame costs at least a descriptor; what is drawn must be in relation to the file.
        if (canvas * frames.Count > Array.MaxLength)
            throw new FormatException($"{frames.Count} frames of {width} x {height} pixels are more than can be held.");
        var pictures = new List<byte[]>();
        foreach (Frame frame in frames)
        {
            bool fills = frame is { Left: 0, Top: 0 } && frame.Width == width && frame.Height == height;
            if (pictures.Count == 0 && !fills)
                throw new FormatException("the first frame does not fill the canvas");
            byte[] picture = fills ? new byte[canvas] : (byte[])pictures[^1].Clone();
            for (int y = 0; y < frame.Height && y + frame.Top < height; y++)
            {
                for (int x = 0; x < frame.Width && x + frame.Left < width; x++)
                {
                    int color = 3 * frame.Pixels[(y * frame.Width) + x];
                    if (color + 3 > frame.Colors.Length)
                        throw new FormatException($"found color index {color / 3} outside of color map range {frame.Colors.Length / 3}");
                    frame.Colors.AsSpan(color, 3).CopyTo(picture.AsSpan(3 * (((y + frame.Top) * width) + x + frame.Left)));
                }
            }

            pictures.Add(picture);
        }

        return pictures;
    }

    private static List<Frame> Frames(ReadOnlySpan<byte> file)
    {
        if (file.Length < ScreenDescriptor || !(file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8)))
            throw new FormatException("It does not begin as a GIF does.");
        int at = ScreenDescriptor;
        byte[] global = Colors(file, file[10], ref at);
        var frames = new List<Frame>();
        while (true)
        {
            switch (Take(file, at++, 1)[0])
            {
                case Extension:
                    at++;
                    Blocks(file, ref at, null);
                    break;
                case Image:
                    frames.Add(ReadFrame(file, global, ref at));
                    break;
                case Trailer:
                    return frames.Count > 0 ? frames : throw new FormatException("It does not contain any image.");
                default:
                    throw new FormatException($"Byte {at - 1} begins neither a picture nor an extension.");
            }
        }
    }

    private static Frame ReadFrame(ReadOnlySpan<byte> file, byte[] global, ref int at)
    {
        ReadOnlySpan<byte> descriptor = Take(file, at, ImageDescriptor);
        at += ImageDescriptor;
        int[] place = new int[4];
        for (int i = 0; i < 4; i++)
            place[i] = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[(2 * i)..]);
        byte flags = descriptor[8];
        byte[] colors = Colors(file, flags, ref at);
        if (colors.Length == 0)
            colors = global.Length > 0 ? global : throw new FormatException("A frame has no colours.");
        int bits = Take(file, at++, 1)[0];
        var packed = new List<byte>();
        Blocks(file, ref at, packed);
        // A code of 12 bits stands for at most 4,096 pixels.
        if ((long)place[2] * place[3] > (packed.Count + 1L) * LargestCode)
            throw new FormatException($"{packed.Count} bytes cannot hold a frame of {place[2]} x {place[3]} pixels.");
        byte[] pixels = Unpack(packed, bits, place[2] * place[3]);
        return new Frame(place[0], place[1], place[2], place[3], colors, (flags & 0x40) == 0 ? pixels : Ordered(pixels, place[2], place[3]));
    }

    private static byte[] Colors(ReadOnlySpan<byte> file, byte flags, ref int at)
    {
        if ((flags & 0x80) == 0)
            return [];
        int size = 3 << ((flags & 7) + 1);
        byte[] colors = Take(file, at, size).ToArray();
        at += size;
        return colors;
    }

    private static void Blocks(ReadOnlySpan<byte> file, ref int at, List<byte>? into)
    {
        for (int size = Take(file, at++, 1)[0]; size > 0; size = Take(file, at++, 1)[0])
        {
            ReadOnlySpan<byte> block = Take(file, at, size);
            into?.AddRange(block);
            at += size;
        }
    }

    // LZW with codes that grow: each code is an earlier one and one pixel more.
    private static byte[] Unpack(List<byte> packed, int bits, int count)
    {
        if (bits is < 1 or > 8)
            throw new FormatException($"Codes of {bits} bits cannot begin a picture.");
        byte[] pixels = new byte[count];
        int clear = 1 << bits, end = clear + 1, next = end + 1, size = bits + 1, previous = -1, written = 0;
        int[] prefix = new int[LargestCode + 1];
        byte[] suffix = new byte[LargestCode + 1];
        byte[] stack = new byte[LargestCode + 2];
        byte first = 0;
        int buffer = 0, held = 0;
        foreach (byte block in packed)
        {
            buffer |= block << held;
            held += 8;
            while (held >= size)
            {
                int code = buffer & ((1 << size) - 1);
                buffer >>= size;
                held -= size;
                if (code == clear)
                {
                    (next, size, previous) = (end + 1, bits + 1, -1);
                    continue;
                }

                if (code == end || written == count)
                    return written == count ? pixels : throw new FormatException($"A frame ends after {written} of {count} pixels.");
                if (code > next || (code == next && previous < 0))
                    throw new FormatException($"Code {code} stands for nothing yet.");
                int depth = 0;
                int symbol = code;
                if (code == next)
                {
                    stack[depth++] = first;
                    symbol = previous;
                }

                for (; symbol >= clear; symbol = prefix[symbol])
                    stack[depth++] = suffix[symbol];
                first = (byte)symbol;
                stack[depth++] = first;
                if (previous >= 0 && next <= LargestCode)
                {
                    (prefix[next], suffix[next]) = (previous, first);
                    next++;
                    if (next == 1 << size && size < 12)
                        size++;
                }

                previous = code;
                while (depth > 0 && written < count)
                    pixels[written++] = stack[--depth];
            }
        }

        return written == count ? pixels : throw new FormatException($"A frame ends after {written} of {count} pixels.");
    }

    // Rows come in four passes: every eighth, those between, and so on.
    private static byte[] Ordered(byte[] pixels, int width, int height)
    {
        byte[] ordered = new byte[pixels.Length];
        int row = 0;
        foreach ((int start, int step) in new[] { (0, 8), (4, 8), (2, 4), (1, 2) })
        {
            for (int y = start; y < height; y += step)
                pixels.AsSpan(row++ * width, width).CopyTo(ordered.AsSpan(y * width));
        }

        return ordered;
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> file, int at, int count) =>
        at >= 0 && at <= file.Length - count ? file.Slice(at, count) : throw new FormatException($"It ends within {count} bytes at {at}.");

    private readonly record struct Frame(int Left, int Top, int Width, int Height, byte[] Colors, byte[] Pixels);
}
