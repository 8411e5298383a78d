namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>Makes samples of coefficients, and brings all planes to the size of the picture.</summary>
internal static class JpegPlanes
{
    /// <summary>The planes in the size of the decoded picture.</summary>
    public static byte[][] Decode(JpegFrame frame, JpegDecoding options)
    {
        int smallest = 8 / options.Ratio;
        (int height, int width) = (JpegComponent.Parts(frame.Height, options.Ratio), JpegComponent.Parts(frame.Width, options.Ratio));
        return [.. frame.Components.Select(c =>
        {
            // A coarser plane of a picture that is made smaller loses less.
            int size = smallest;
            while (size < 8 && frame.MostAcross * smallest % (c.Across * size * 2) == 0 && frame.MostDown * smallest % (c.Down * size * 2) == 0)
                size *= 2;
            Plane plane = Transform(frame, c, size, options);
            int across = frame.MostAcross * smallest / (c.Across * size), down = frame.MostDown * smallest / (c.Down * size);
            bool isWhole = across * c.Across * size == frame.MostAcross * smallest && down * c.Down * size == frame.MostDown * smallest;
            if (!isWhole)
                throw new FormatException($"A plane of the JPEG file is sampled {c.Across} by {c.Down} where others are {frame.MostAcross} by {frame.MostDown}; that is no whole ratio.");
            return JpegUpsampling.Enlarge(plane, across, down, height, width, options.IsSmooth && smallest > 1);
        })];
    }

    private static Plane Transform(JpegFrame frame, JpegComponent component, int size, JpegDecoding options)
    {
        int height = JpegComponent.Parts(frame.Height * component.Down * size, frame.MostDown * 8);
        int width = JpegComponent.Parts(frame.Width * component.Across * size, frame.MostAcross * 8);
        int stride = component.Stride * size;
        var samples = new byte[stride * component.Rows * size];
        ushort[] quantization = component.Quantization ?? new ushort[64]; // A plane that no scan has is grey.
        int[] scaled = JpegInverse.FastTable(quantization);
        for (int row = 0; row < component.Rows; row++)
        {
            for (int column = 0; column < component.Columns; column++)
            {
                Span<byte> target = samples.AsSpan((row * size * stride) + (column * size));
                ReadOnlySpan<short> block = component.Block(row, column);
                if (size == 8 && options.IsFast)
                    JpegInverse.Fast(block, scaled, target, stride);
                else if (size == 8)
                    JpegInverse.Accurate(block, quantization, target, stride);
                else
                    JpegInverse.Reduced(block, quantization, size, target, stride);
            }
        }

        return new Plane(samples, height, width, stride);
    }

    /// <summary>Samples, of which the last columns of a row may lie outside of the picture.</summary>
    internal readonly record struct Plane(byte[] Samples, int Height, int Width, int Stride)
    {
        /// <summary>A row; before the first and behind the last one the nearest.</summary>
        public ReadOnlySpan<byte> Row(int row) => Samples.AsSpan(Math.Clamp(row, 0, Height - 1) * Stride, Width);
    }
}
