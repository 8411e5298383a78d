namespace NotebookPersist.Kernels.Images;

/// <summary>Pixels of a decoded file, row by row, channels last.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">1 grey, 2 grey and alpha, 3 colours, 4 colours and alpha.</param>
/// <param name="Bits">8 or 16: how many of a sample's bits count.</param>
/// <param name="Samples">All samples.</param>
public sealed record Raster(int Height, int Width, int Channels, int Bits, ushort[] Samples)
{
    /// <summary>The same picture with other channels: alpha dropped or opaque, colours made of grey or grey of colours.</summary>
    public Raster WithChannels(int channels)
    {
        if (channels == Channels)
            return this;
        ushort opaque = Bits == 16 ? ushort.MaxValue : byte.MaxValue;
        var samples = new ushort[Height * Width * channels];
        for (int i = 0; i < Height * Width; i++)
        {
            ReadOnlySpan<ushort> from = Samples.AsSpan(i * Channels, Channels);
            Span<ushort> to = samples.AsSpan(i * channels, channels);
            bool fromGrey = Channels < 3;
            if (channels < 3)
            {
                // The weights of libpng's conversion for the sRGB primaries, in parts of 32,768.
                to[0] = fromGrey ? from[0] : (ushort)(((6968 * from[0]) + (23434 * from[1]) + (2366 * from[2]) + 16384) >> 15);
            }
            else
            {
                for (int c = 0; c < 3; c++)
                    to[c] = fromGrey ? from[0] : from[c];
            }

            if (channels is 2 or 4)
                to[^1] = Channels is 2 or 4 ? from[^1] : opaque;
        }

        return new Raster(Height, Width, channels, Bits, samples);
    }
}
