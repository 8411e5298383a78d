using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>How positions of a resized image map to the original.</summary>
/// <param name="AlignCorners">The centres of the corner pixels coincide.</param>
/// <param name="HalfPixelCenters">Pixels are squares whose centres lie at half coordinates.</param>
public readonly record struct ResizeMapping(bool AlignCorners, bool HalfPixelCenters)
{
    internal float Scale(long input, long output) => AlignCorners && output > 1 ? (input - 1) / (float)(output - 1) : input / (float)output;

    internal float Position(int output, float scale) => HalfPixelCenters ? ((output + 0.5f) * scale) - 0.5f : output * scale;

    internal int Nearest(int output, float scale, int input)
    {
        float position = HalfPixelCenters ? (output + 0.5f) * scale : output * scale;
        int index = AlignCorners ? (int)MathF.Round(position, MidpointRounding.AwayFromZero) : (int)MathF.Floor(position);
        index = Math.Min(index, input - 1);
        return HalfPixelCenters ? Math.Max(0, index) : index;
    }
}

/// <summary>Resizes images <c>[batch, height, width, channels]</c>.</summary>
/// <remarks>Positions are computed in float32 as TensorFlow does, so that borders fall on the same pixels. Aliasing: results must not overlap inputs.</remarks>
public static class ImageResize
{
    /// <summary>Takes the nearest pixel.</summary>
    public static void Nearest<T>(ReadOnlySpan<T> images, Span<T> result, int batch, int height, int width, int channels, int newHeight, int newWidth, ResizeMapping mapping)
        where T : unmanaged
    {
        float scaleY = mapping.Scale(height, newHeight);
        float scaleX = mapping.Scale(width, newWidth);
        int to = 0;
        for (int b = 0; b < batch; b++)
        {
            for (int y = 0; y < newHeight; y++)
            {
                Interruption.Check();
                int row = ((b * height) + mapping.Nearest(y, scaleY, height)) * width;
                for (int x = 0; x < newWidth; x++, to += channels)
                    images.Slice((row + mapping.Nearest(x, scaleX, width)) * channels, channels).CopyTo(result[to..]);
            }
        }
    }

    /// <summary>The gradient of <see cref="Nearest"/>: each new pixel's goes to the one that it was taken from.</summary>
    public static void NearestBackprop<T>(ReadOnlySpan<T> gradients, Span<T> result, int batch, int height, int width, int channels, int newHeight, int newWidth, ResizeMapping mapping)
        where T : unmanaged, INumber<T>
    {
        result.Clear();
        float scaleY = mapping.Scale(height, newHeight);
        float scaleX = mapping.Scale(width, newWidth);
        int from = 0;
        for (int b = 0; b < batch; b++)
        {
            for (int y = 0; y < newHeight; y++)
            {
                Interruption.Check();
                int row = ((b * height) + mapping.Nearest(y, scaleY, height)) * width;
                for (int x = 0; x < newWidth; x++)
                {
                    int to = (row + mapping.Nearest(x, scaleX, width)) * channels;
                    for (int c = 0; c < channels; c++)
                        result[to + c] += gradients[from++];
                }
            }
        }
    }

    /// <summary>Interpolates between the four nearest pixels.</summary>
    public static void Bilinear<T>(ReadOnlySpan<T> images, Span<float> result, int batch, int height, int width, int channels, int newHeight, int newWidth, ResizeMapping mapping)
        where T : unmanaged, INumber<T>
    {
        Tap[] rows = Taps(height, newHeight, mapping);
        Tap[] columns = Taps(width, newWidth, mapping);
        int to = 0;
        for (int b = 0; b < batch; b++)
        {
            Interruption.Check();
            foreach (Tap row in rows)
            {
                int top = ((b * height) + row.Low) * width;
                int bottom = ((b * height) + row.High) * width;
                foreach (Tap column in columns)
                {
                    for (int c = 0; c < channels; c++)
                    {
                        float topLeft = float.CreateTruncating(images[((top + column.Low) * channels) + c]);
                        float topRight = float.CreateTruncating(images[((top + column.High) * channels) + c]);
                        float bottomLeft = float.CreateTruncating(images[((bottom + column.Low) * channels) + c]);
                        float bottomRight = float.CreateTruncating(images[((bottom + column.High) * channels) + c]);
                        float above = topLeft + ((topRight - topLeft) * column.Part);
                        float below = bottomLeft + ((bottomRight - bottomLeft) * column.Part);
                        result[to++] = above + ((below - above) * row.Part);
                    }
                }
            }
        }
    }

    /// <summary>The gradient of <see cref="Bilinear"/>.</summary>
    public static void BilinearBackprop<T>(ReadOnlySpan<float> gradients, Span<T> result, int batch, int height, int width, int channels, int newHeight, int newWidth, ResizeMapping mapping)
        where T : unmanaged, INumber<T>
    {
        result.Clear();
        Tap[] rows = Taps(height, newHeight, mapping);
        Tap[] columns = Taps(width, newWidth, mapping);
        int from = 0;
        for (int b = 0; b < batch; b++)
        {
            Interruption.Check();
            foreach (Tap row in rows)
            {
                int top = ((b * height) + row.Low) * width;
                int bottom = ((b * height) + row.High) * width;
                foreach (Tap column in columns)
                {
                    for (int c = 0; c < channels; c++)
                    {
                        float gradient = gradients[from++];
                        result[((top + column.Low) * channels) + c] += T.CreateTruncating(gradient * (1 - row.Part) * (1 - column.Part));
                        result[((top + column.High) * channels) + c] += T.CreateTruncating(gradient * (1 - row.Part) * column.Part);
                        result[((bottom + column.Low) * channels) + c] += T.CreateTruncating(gradient * row.Part * (1 - column.Part));
                        result[((bottom + column.High) * channels) + c] += T.CreateTruncating(gradient * row.Part * column.Part);
                    }
                }
            }
        }
    }

    private static Tap[] Taps(int input, int output, ResizeMapping mapping)
    {
        float scale = mapping.Scale(input, output);
        var taps = new Tap[output];
        for (int i = 0; i < output; i++)
        {
            float position = mapping.Position(i, scale);
            float floor = MathF.Floor(position);
            taps[i] = new Tap(Math.Max((int)floor, 0), Math.Min((int)MathF.Ceiling(position), input - 1), position - floor);
        }

        return taps;
    }

    private readonly record struct Tap(int Low, int High, float Part);
}
