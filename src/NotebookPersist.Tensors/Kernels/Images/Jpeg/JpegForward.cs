namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>The cosine transform of blocks, and their quantization.</summary>
/// <remarks>Source: Loeffler, Ligtenberg and Moschytz, in the fixed-point arithmetic of libjpeg.</remarks>
internal static class JpegForward
{
    private const int Bits = 13;
    private const int Pass = 2;

    /// <summary>Transforms samples, 8 a row, of which 128 was taken off.</summary>
    public static void Transform(Span<int> samples, ReadOnlySpan<ushort> quantization, Span<short> block)
    {
        Span<int> line = stackalloc int[8];
        for (int y = 0; y < 8; y++)
        {
            samples.Slice(8 * y, 8).CopyTo(line);
            Line(line, -Pass, Bits - Pass);
            line.CopyTo(samples[(8 * y)..]);
        }

        for (int x = 0; x < 8; x++)
        {
            for (int k = 0; k < 8; k++)
                line[k] = samples[(8 * k) + x];
            Line(line, Pass, Bits + Pass);
            for (int k = 0; k < 8; k++)
                block[(8 * k) + x] = Quantize(line[k], quantization[(8 * k) + x] << 3);
        }
    }

    private static short Quantize(int value, int step) =>
        (short)(value < 0 ? -((-value + (step >> 1)) / step) : (value + (step >> 1)) / step);

    private static void Line(Span<int> v, int evenShift, int shift)
    {
        int t0 = v[0] + v[7], t7 = v[0] - v[7], t1 = v[1] + v[6], t6 = v[1] - v[6];
        int t2 = v[2] + v[5], t5 = v[2] - v[5], t3 = v[3] + v[4], t4 = v[3] - v[4];
        int t10 = t0 + t3, t13 = t0 - t3, t11 = t1 + t2, t12 = t1 - t2;
        v[0] = Descale(t10 + t11, evenShift);
        v[4] = Descale(t10 - t11, evenShift);
        int z1 = (t12 + t13) * 4433;
        v[2] = Descale(z1 + (t13 * 6270), shift);
        v[6] = Descale(z1 - (t12 * 15137), shift);
        int z5 = (t4 + t6 + t5 + t7) * 9633;
        int z3 = z5 - ((t4 + t6) * 16069), z4 = z5 - ((t5 + t7) * 3196);
        z1 = (t4 + t7) * -7373;
        int z2 = (t5 + t6) * -20995;
        v[7] = Descale((t4 * 2446) + z1 + z3, shift);
        v[5] = Descale((t5 * 16819) + z2 + z4, shift);
        v[3] = Descale((t6 * 25172) + z2 + z3, shift);
        v[1] = Descale((t7 * 12299) + z1 + z4, shift);
    }

    private static int Descale(int value, int shift) => shift < 0 ? value << -shift : (value + (1 << (shift - 1))) >> shift;
}
