using System.Numerics;

namespace NotebookPersist.Kernels.Images;

/// <summary>How positions along one axis of a new image are made of the old one's: for each a run of old positions and their weights.</summary>
/// <param name="Starts">First old position of each new one, or all positions one by one where runs are not contiguous.</param>
/// <param name="Weights">As many for each new position.</param>
/// <param name="Width">Number of weights of one position.</param>
public sealed record ResamplingAxis(int[] Starts, float[] Weights, int Width)
{
    private const int CubicTableSize = 1 << 10;

    /// <summary>Number of new positions.</summary>
    public int Count => Starts.Length / Width;

    /// <summary>Cubic interpolation between four positions.</summary>
    /// <remarks>Source: TensorFlow's ResizeBicubic, with its table of 1,025 coefficients; Keys' curve where pixels are squares around half coordinates.</remarks>
    public static ResamplingAxis Cubic(int input, int output, ResizeMapping mapping)
    {
        float scale = mapping.Scale(input, output);
        double a = mapping.HalfPixelCenters ? -0.5 : -0.75;
        var (starts, weights) = (new int[output * 4], new float[output * 4]);
        for (int i = 0; i < output; i++)
        {
            float position = mapping.Position(i, scale);
            int floor = (int)MathF.Floor(position);
            int offset = (int)MathF.Round((position - floor) * CubicTableSize);
            float[] taps = [Outer(offset, a), Inner(offset, a), Inner(CubicTableSize - offset, a), Outer(CubicTableSize - offset, a)];
            float sum = 0;
            for (int k = 0; k < 4; k++)
            {
                int wanted = floor - 1 + k;
                int found = Math.Clamp(wanted, 0, input - 1);
                if (mapping.HalfPixelCenters && found != wanted)
                    taps[k] = 0;
                starts[(i * 4) + k] = found;
                sum += taps[k];
            }

            bool normalize = mapping.HalfPixelCenters && MathF.Abs(sum) >= 1000 * 1.17549435e-38f;
            for (int k = 0; k < 4; k++)
                weights[(i * 4) + k] = normalize ? taps[k] * (1 / sum) : taps[k];
        }

        return new ResamplingAxis(starts, weights, 4);
    }

    /// <summary>Means over the area that a new pixel covers.</summary>
    public static ResamplingAxis Area(int input, int output, ResizeMapping mapping)
    {
        float scale = mapping.Scale(input, output);
        int width = (int)MathF.Ceiling(scale) + 1;
        var (starts, weights) = (new int[output * width], new float[output * width]);
        for (int i = 0; i < output; i++)
        {
            (float low, float high) = (i * scale, (i + 1) * scale);
            int first = (int)MathF.Floor(low);
            int end = (int)MathF.Ceiling(high);
            for (int at = first, k = 0; at < end && k < width; at++, k++)
            {
                float part = at < low
                    ? (at + 1 > high ? scale : at + 1 - low)
                    : (at + 1 > high ? high - at : 1);
                starts[(i * width) + k] = Math.Clamp(at, 0, input - 1);
                weights[(i * width) + k] = part / scale;
            }
        }

        return new ResamplingAxis(starts, weights, width);
    }

    /// <summary>A scaled and moved image under a filter.</summary>
    /// <param name="input">Old size.</param>
    /// <param name="output">New size.</param>
    /// <param name="scale">New pixels for each old one; above 0.</param>
    /// <param name="translation">Unit: new pixels.</param>
    /// <param name="antialias">Widens the filter where the image shrinks.</param>
    /// <param name="filter">Value by distance.</param>
    /// <param name="radius">Distance from which the filter is zero.</param>
    public static ResamplingAxis Filtered(int input, int output, float scale, float translation, bool antialias, Func<float, float> filter, float radius)
    {
        ArgumentNullException.ThrowIfNull(filter);
        float inverse = (float)(1.0 / scale);
        float offset = -inverse * translation;
        float stretch = antialias ? Math.Max(inverse, 1f) : 1f;
        int width = Math.Max(1, (int)Math.Min((2 * (long)MathF.Ceiling(radius * stretch)) + 1, input));
        var (starts, weights) = (new int[output * width], new float[output * width]);
        for (int i = 0; i < output; i++)
        {
            float center = ((i + 0.5f) * inverse) + offset;
            if (!(center >= 0 && center <= input))
                continue;
            int first = (int)Math.Clamp((long)MathF.Ceiling(center - (radius * stretch) - 0.5f), 0, input - 1);
            int end = (int)Math.Clamp((long)MathF.Floor(center + (radius * stretch) - 0.5f), 0, input - 1) + 1;
            float sum = 0;
            for (int k = 0; k < Math.Min(end - first, width); k++)
            {
                float weight = filter(MathF.Abs((first + k + 0.5f - center) * (1 / stretch)));
                (starts[(i * width) + k], weights[(i * width) + k]) = (first + k, weight);
                sum += weight;
            }

            float factor = MathF.Abs(sum) >= 1000 * 1.17549435e-38f ? 1 / sum : 0;
            for (int k = 0; k < width; k++)
                weights[(i * width) + k] *= factor;
        }

        return new ResamplingAxis(starts, weights, width);
    }

    private static float Inner(int offset, double a)
    {
        float x = (float)(offset * 1.0 / CubicTableSize);
        return (float)(((((a + 2) * x) - (a + 3)) * x * x) + 1);
    }

    private static float Outer(int offset, double a)
    {
        float x = (float)((offset * 1.0 / CubicTableSize) + 1.0);
        return (float)((((((a * x) - (5 * a)) * x) + (8 * a)) * x) - (4 * a));
    }
}

/// <summary>Resizes images <c>[batch, height, width, channels]</c> by weighted sums along each axis.</summary>
/// <remarks>Sums are float32, rows first. Aliasing: results must not overlap inputs.</remarks>
public static class Resampling
{
    /// <summary>The new images.</summary>
    public static void Run<T>(ReadOnlySpan<T> images, Span<float> result, int batch, int height, int width, int channels, ResamplingAxis rows, ResamplingAxis columns)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        float[] line = new float[width * channels];
        int to = 0;
        for (int b = 0; b < batch; b++)
        {
            for (int y = 0; y < rows.Count; y++)
            {
                Interruption.Check();
                Array.Clear(line);
                for (int k = 0; k < rows.Width; k++)
                {
                    float weight = rows.Weights[(y * rows.Width) + k];
                    if (weight == 0)
                        continue;
                    ReadOnlySpan<T> source = images.Slice(((b * height) + rows.Starts[(y * rows.Width) + k]) * line.Length, line.Length);
                    for (int i = 0; i < line.Length; i++)
                        line[i] += float.CreateTruncating(source[i]) * weight;
                }

                for (int x = 0; x < columns.Count; x++)
                {
                    for (int c = 0; c < channels; c++)
                    {
                        float sum = 0;
                        for (int k = 0; k < columns.Width; k++)
                        {
                            float weight = columns.Weights[(x * columns.Width) + k];
                            if (weight != 0)
                                sum += line[(columns.Starts[(x * columns.Width) + k] * channels) + c] * weight;
                        }

                        result[to++] = sum;
                    }
                }
            }
        }
    }

    /// <summary>The gradient of <see cref="Run"/>.</summary>
    public static void Backprop<T>(ReadOnlySpan<float> gradients, Span<T> result, int batch, int height, int width, int channels, ResamplingAxis rows, ResamplingAxis columns)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        result.Clear();
        int from = 0;
        for (int b = 0; b < batch; b++)
        {
            for (int y = 0; y < rows.Count; y++)
            {
                Interruption.Check();
                for (int x = 0; x < columns.Count; x++, from += channels)
                {
                    for (int i = 0; i < rows.Width; i++)
                    {
                        for (int j = 0; j < columns.Width; j++)
                        {
                            T weight = T.CreateTruncating(rows.Weights[(y * rows.Width) + i]) * T.CreateTruncating(columns.Weights[(x * columns.Width) + j]);
                            if (weight == T.Zero)
                                continue;
                            int to = ((((b * height) + rows.Starts[(y * rows.Width) + i]) * width) + columns.Starts[(x * columns.Width) + j]) * channels;
                            for (int c = 0; c < channels; c++)
                                result[to + c] += T.CreateTruncating(gradients[from + c]) * weight;
                        }
                    }
                }
            }
        }
    }
}
