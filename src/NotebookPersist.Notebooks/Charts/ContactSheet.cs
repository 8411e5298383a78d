using NotebookPersist.Kernels.Images;
using NotebookPersist.Notebooks.Tensors;

namespace NotebookPersist.Notebooks.Plots;

/// <summary>The images of a tensor, small, on one sheet.</summary>
internal sealed class ContactSheet
{
    private const int MaxImages = 64;
    private const int MaxSide = 160;
    private const int SmallSide = 64;
    private const int Gap = 4;

    private ContactSheet(byte[] png, int width, int height, int shown, int total) =>
        (Png, Width, Height, Shown, Total) = (png, width, height, shown, total);

    public byte[] Png { get; }

    /// <summary>Unit: pixels.</summary>
    public int Width { get; }

    /// <summary>Unit: pixels.</summary>
    public int Height { get; }

    public int Shown { get; }

    public int Total { get; }

    /// <summary>Draws the first images of a tensor.</summary>
    /// <exception cref="ArgumentException">The tensor has not the shape of images.</exception>
    public static ContactSheet Of(Tensor images, int perLine)
    {
        Shape shape = images.Shape;
        bool isGrey = shape.Rank == 3;
        int channels = isGrey ? 1 : shape.Rank == 4 ? (int)shape[3] : 0;
        if (channels is not (1 or 3 or 4) || images.Count == 0 || !images.DType.IsNumeric())
            throw new ArgumentException($"Images need numbers of shape [n, height, width] or [n, height, width, 1, 3 or 4]; {images.DType.Name()} {shape} was found.", nameof(images));
        (int total, int height, int width) = ((int)shape[0], (int)shape[1], (int)shape[2]);
        int shown = Math.Min(total, MaxImages);
        int across = Math.Min(perLine, shown);
        int lines = (shown + across - 1) / across;

        // Large images are thinned out, small ones enlarged by whole numbers, so that every pixel stays a pixel.
        int side = Math.Max(height, width);
        int step = (side + MaxSide - 1) / MaxSide;
        int zoom = Math.Max(1, SmallSide / side);
        (int tileWidth, int tileHeight) = ((width + step - 1) / step * zoom, (height + step - 1) / step * zoom);
        int sheetWidth = (across * (tileWidth + Gap)) - Gap;
        int sheetHeight = (lines * (tileHeight + Gap)) - Gap;
        byte[] pixels = new byte[sheetWidth * sheetHeight * 4];
        (double low, double scale) = Range(images);
        double[] row = new double[width * channels];
        for (int n = 0; n < shown; n++)
        {
            int left = n % across * (tileWidth + Gap);
            int top = n / across * (tileHeight + Gap);
            for (int y = 0; y < tileHeight; y++)
            {
                TensorReader.Read(images, ((n * height) + (y / zoom * step)) * width * channels, row);
                for (int x = 0; x < tileWidth; x++)
                {
                    int from = x / zoom * step * channels;
                    int to = (((top + y) * sheetWidth) + left + x) * 4;
                    for (int c = 0; c < 3; c++)
                        pixels[to + c] = Level(row[from + (channels == 1 ? 0 : c)]);
                    pixels[to + 3] = channels == 4 ? Level(row[from + 3]) : (byte)255;
                }
            }
        }

        return new ContactSheet(PngWriter.Write(sheetWidth, 4, pixels), sheetWidth, sheetHeight, shown, total);

        byte Level(double value) => double.IsNaN(value) ? (byte)0 : (byte)Math.Clamp((value - low) * scale, 0, 255);
    }

    private static (double Low, double Scale) Range(Tensor images)
    {
        if (images.DType == DType.UInt8)
            return (0, 1);
        var statistics = TensorStatistics.Of(images);
        if (statistics.Finite == 0 || (statistics.Minimum >= 0 && statistics.Maximum <= 1))
            return (0, 255);
        double range = statistics.Maximum - statistics.Minimum;
        return (statistics.Minimum, range > 0 ? 255 / range : 0);
    }
}
