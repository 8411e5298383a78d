namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>Makes the quantized blocks of a picture.</summary>
internal static class JpegPictureBlocks
{
    /// <summary>Fills the planes of a frame.</summary>
    /// <param name="frame">Room for one grey plane, or for brightness and two differences of colours.</param>
    /// <param name="pixels">Row by row, as many channels as the frame has planes.</param>
    public static void Fill(JpegFrame frame, ReadOnlySpan<byte> pixels)
    {
        byte[][] planes = Split(frame, pixels);
        for (int i = 0; i < planes.Length; i++)
            Transform(frame, frame.Components[i], planes[i]);
    }

    private static byte[][] Split(JpegFrame frame, ReadOnlySpan<byte> pixels)
    {
        int count = frame.Components.Length;
        byte[][] planes = new byte[count][];
        for (int i = 0; i < count; i++)
            planes[i] = new byte[pixels.Length / count];
        if (count == 1)
        {
            pixels.CopyTo(planes[0]);
            return planes;
        }

        for (int i = 0; i < planes[0].Length; i++)
        {
            (int y, int cb, int cr) = JpegColors.ToYcc(pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]);
            (planes[0][i], planes[1][i], planes[2][i]) = ((byte)y, (byte)cb, (byte)cr);
        }

        return planes;
    }

    private static void Transform(JpegFrame frame, JpegComponent component, byte[] plane)
    {
        ushort[] quantization = component.Quantization!; // The writer has set it.
        Span<int> samples = stackalloc int[64];
        int unitRows = frame.UnitRows * component.Down;
        for (int row = 0; row < unitRows; row++)
        {
            for (int column = 0; column < component.Stride; column++)
            {
                Span<short> block = component.Block(row, column);
                if (row < component.Rows && column < component.Columns)
                {
                    for (int i = 0; i < 64; i++)
                        samples[i] = Sample(frame, component, plane, (8 * row) + (i / 8), (8 * column) + (i % 8)) - 128;
                    JpegForward.Transform(samples, quantization, block);
                }
                else
                {
                    // Blocks outside of the picture cost least as the mean of the one before.
                    block[0] = column % component.Across > 0 || row < component.Rows
                        ? component.Block(row, column - 1)[0]
                        : component.Block(row - 1, column + component.Across - 1)[0];
                }
            }
        }
    }

    // Outside of the picture its last samples go on.
    private static int Sample(JpegFrame frame, JpegComponent component, byte[] plane, int y, int x)
    {
        (int across, int down) = (frame.MostAcross / component.Across, frame.MostDown / component.Down);
        if (across == 1 && down == 1)
            return plane[(Math.Min(y, frame.Height - 1) * frame.Width) + Math.Min(x, frame.Width - 1)];
        // Rows that only fill the unit repeat the last coarse one.
        y = Math.Min(y, JpegComponent.Parts(frame.Height, down) - 1);
        int sum = 0;
        for (int i = 0; i < across * down; i++)
            sum += plane[(Math.Min((y * down) + (i / across), frame.Height - 1) * frame.Width) + Math.Min((x * across) + (i % across), frame.Width - 1)];
        // The halves go up and down in turn.
        return (sum + (x % 2 == 0 ? 1 : 2)) >> 2;
    }
}
