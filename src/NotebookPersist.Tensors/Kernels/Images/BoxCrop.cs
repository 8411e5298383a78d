using System.Numerics;

namespace NotebookPersist.Kernels.Images;

/// <summary>Maps the pixels of a crop to an image <c>[height, width, channels]</c>.</summary>
/// <param name="box">y, x, y, x, where 0 and 1 are the centres of the outermost pixels.</param>
/// <param name="height">Rows of the image.</param>
/// <param name="width">Columns of the image.</param>
/// <param name="rows">Rows of the crop.</param>
/// <param name="columns">Columns of the crop.</param>
public readonly ref struct BoxCrop(ReadOnlySpan<float> box, int height, int width, int rows, int columns)
{
    private readonly ReadOnlySpan<float> _box = box;

    /// <summary>Writes the crop; pixels outside the image are left as they are.</summary>
    public void Run<T>(ReadOnlySpan<T> image, Span<float> crop, int channels, bool bilinear)
        where T : unmanaged, INumber<T>
    {
        for (int y = 0; y < rows; y++)
        {
            if (!Place(y, rows, _box[0], _box[2], height, out Tap row))
                continue;
            for (int x = 0; x < columns; x++)
            {
                if (!Place(x, columns, _box[1], _box[3], width, out Tap column))
                    continue;
                Span<float> to = crop.Slice(((y * columns) + x) * channels, channels);
                for (int c = 0; c < channels; c++)
                {
                    if (!bilinear)
                    {
                        to[c] = float.CreateTruncating(image[(((row.Nearest * width) + column.Nearest) * channels) + c]);
                        continue;
                    }

                    float topLeft = float.CreateTruncating(image[(((row.Low * width) + column.Low) * channels) + c]);
                    float topRight = float.CreateTruncating(image[(((row.Low * width) + column.High) * channels) + c]);
                    float bottomLeft = float.CreateTruncating(image[(((row.High * width) + column.Low) * channels) + c]);
                    float bottomRight = float.CreateTruncating(image[(((row.High * width) + column.High) * channels) + c]);
                    float top = topLeft + ((topRight - topLeft) * column.Part);
                    float bottom = bottomLeft + ((bottomRight - bottomLeft) * column.Part);
                    to[c] = top + ((bottom - top) * row.Part);
                }
            }
        }
    }

    /// <summary>Adds the gradient towards the image.</summary>
    public void BackpropImage(ReadOnlySpan<float> gradient, Span<double> image, int channels, bool bilinear)
    {
        for (int y = 0; y < rows; y++)
        {
            if (!Place(y, rows, _box[0], _box[2], height, out Tap row))
                continue;
            for (int x = 0; x < columns; x++)
            {
                if (!Place(x, columns, _box[1], _box[3], width, out Tap column))
                    continue;
                for (int c = 0; c < channels; c++)
                {
                    float dy = gradient[(((y * columns) + x) * channels) + c];
                    if (!bilinear)
                    {
                        image[(((row.Nearest * width) + column.Nearest) * channels) + c] += dy;
                        continue;
                    }

                    image[(((row.Low * width) + column.Low) * channels) + c] += (1 - column.Part) * (1 - row.Part) * dy;
                    image[(((row.Low * width) + column.High) * channels) + c] += column.Part * (1 - row.Part) * dy;
                    image[(((row.High * width) + column.Low) * channels) + c] += (1 - column.Part) * row.Part * dy;
                    image[(((row.High * width) + column.High) * channels) + c] += column.Part * row.Part * dy;
                }
            }
        }
    }

    /// <summary>The gradient towards the box.</summary>
    public void BackpropBox(ReadOnlySpan<float> gradient, ReadOnlySpan<float> image, Span<float> box, int channels)
    {
        box.Clear();
        float heightRatio = rows > 1 ? (float)(height - 1) / (rows - 1) : 0;
        float widthRatio = columns > 1 ? (float)(width - 1) / (columns - 1) : 0;
        for (int y = 0; y < rows; y++)
        {
            if (!Place(y, rows, _box[0], _box[2], height, out Tap row))
                continue;
            for (int x = 0; x < columns; x++)
            {
                if (!Place(x, columns, _box[1], _box[3], width, out Tap column))
                    continue;
                for (int c = 0; c < channels; c++)
                {
                    float topLeft = image[(((row.Low * width) + column.Low) * channels) + c];
                    float topRight = image[(((row.Low * width) + column.High) * channels) + c];
                    float bottomLeft = image[(((row.High * width) + column.Low) * channels) + c];
                    float bottomRight = image[(((row.High * width) + column.High) * channels) + c];
                    float dy = gradient[(((y * columns) + x) * channels) + c];
                    float down = dy * (((1 - column.Part) * (bottomLeft - topLeft)) + (column.Part * (bottomRight - topRight)));
                    float across = dy * (((1 - row.Part) * (topRight - topLeft)) + (row.Part * (bottomRight - bottomLeft)));
                    box[0] += down * (rows > 1 ? (height - 1) - (y * heightRatio) : 0.5f * (height - 1));
                    box[2] += down * (rows > 1 ? y * heightRatio : 0.5f * (height - 1));
                    box[1] += across * (columns > 1 ? (width - 1) - (x * widthRatio) : 0.5f * (width - 1));
                    box[3] += across * (columns > 1 ? x * widthRatio : 0.5f * (width - 1));
                }
            }
        }
    }

    private static bool Place(int index, int count, float low, float high, int size, out Tap tap)
    {
        float scale = count > 1 ? (high - low) * (size - 1) / (count - 1) : 0;
        float position = count > 1 ? (low * (size - 1)) + (index * scale) : (float)(0.5 * (low + high) * (size - 1));
        tap = default;
        if (!(position >= 0 && position <= size - 1))
            return false;
        int floor = (int)MathF.Floor(position);
        tap = new Tap(floor, (int)MathF.Ceiling(position), (int)MathF.Round(position, MidpointRounding.AwayFromZero), position - floor);
        return true;
    }

    private readonly record struct Tap(int Low, int High, int Nearest, float Part);
}
