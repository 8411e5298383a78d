namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>What the planes of a file mean.</summary>
internal enum JpegColorSpace
{
    /// <summary>Brightness alone.</summary>
    Grey,

    /// <summary>Red, green and blue.</summary>
    Rgb,

    /// <summary>Brightness and two differences of colours.</summary>
    YCbCr,

    /// <summary>Four inks.</summary>
    Cmyk,

    /// <summary>Three inks as brightness and differences, and black.</summary>
    Ycck,
}

/// <summary>Makes pixels of planes, and planes of pixels.</summary>
/// <remarks>Source: T.871; in fixed point with 16 bits behind the point, as libjpeg rounds.</remarks>
internal static class JpegColors
{
    private const int Half = 1 << 15;

    /// <summary>The picture that the planes are.</summary>
    /// <exception cref="FormatException">Inks were to become grey.</exception>
    public static Raster Finish(JpegFrame frame, byte[][] planes, JpegDecoding options, JpegColorSpace colors, bool isInverted)
    {
        (int height, int width) = (JpegComponent.Parts(frame.Height, options.Ratio), JpegComponent.Parts(frame.Width, options.Ratio));
        int channels = options.Channels > 0 ? options.Channels : Math.Min(frame.Components.Length, 3);
        var samples = new ushort[checked(height * width * channels)];
        for (int i = 0; i < height * width; i++)
        {
            (int r, int g, int b) = colors switch
            {
                JpegColorSpace.Grey => (planes[0][i], planes[0][i], planes[0][i]),
                JpegColorSpace.Rgb => (planes[0][i], planes[1][i], planes[2][i]),
                JpegColorSpace.YCbCr when channels == 1 => (planes[0][i], 0, 0),
                JpegColorSpace.YCbCr => FromYcc(planes[0][i], planes[1][i], planes[2][i]),
                _ => FromInks(planes, i, colors, isInverted),
            };
            if (channels == 3)
                (samples[3 * i], samples[(3 * i) + 1], samples[(3 * i) + 2]) = ((ushort)r, (ushort)g, (ushort)b);
            else if (colors is JpegColorSpace.Cmyk or JpegColorSpace.Ycck)
                throw new FormatException("A JPEG file of four inks cannot be decoded to grey.");
            else
                samples[i] = (ushort)(colors == JpegColorSpace.Rgb ? ((19595 * r) + (38470 * g) + (7471 * b) + Half) >> 16 : r);
        }

        return new Raster(height, width, channels, 8, samples);
    }

    public static (int Y, int Cb, int Cr) ToYcc(int r, int g, int b) => (
        ((19595 * r) + (38470 * g) + (7471 * b) + Half) >> 16,
        ((-11059 * r) - (21709 * g) + (32768 * b) + (128 << 16) + Half - 1) >> 16,
        ((32768 * r) - (27439 * g) - (5329 * b) + (128 << 16) + Half - 1) >> 16);

    private static (int R, int G, int B) FromYcc(int y, int cb, int cr) => (
        Clamp(y + (((91881 * (cr - 128)) + Half) >> 16)),
        Clamp(y + (((-22554 * (cb - 128)) + Half - (46802 * (cr - 128))) >> 16)),
        Clamp(y + (((116130 * (cb - 128)) + Half) >> 16)));

    private static (int R, int G, int B) FromInks(byte[][] planes, int i, JpegColorSpace colors, bool isInverted)
    {
        (int c, int m, int y, int k) = (planes[0][i], planes[1][i], planes[2][i], planes[3][i]);
        if (colors == JpegColorSpace.Ycck)
        {
            (c, m, y) = FromYcc(c, m, y);
            (c, m, y) = (255 - c, 255 - m, 255 - y);
        }

        // Adobe's programs store how much light is left instead of how much ink there is.
        return isInverted
            ? (k * c / 255, k * m / 255, k * y / 255)
            : ((255 - k) * (255 - c) / 255, (255 - k) * (255 - m) / 255, (255 - k) * (255 - y) / 255);
    }

    private static int Clamp(int value) => Math.Clamp(value, 0, 255);
}
