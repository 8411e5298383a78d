namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>Inverse cosine transforms of blocks, with the dequantization.</summary>
/// <remarks>
/// Source: Loeffler, Ligtenberg and Moschytz (accurate) and Arai, Agui and Nakajima (fast), in the fixed-point arithmetic of libjpeg, of which every rounding is kept:
/// other decoders that do so give the same pixels.
/// </remarks>
internal static class JpegInverse
{
    private const int Bits = 13;
    private const int Pass = 2;

    // Products of cos(k * pi / 16) * sqrt(2), 1 for k = 0, of rows and columns, in 14 bits.
    private static readonly int[] FastScales =
    [
        16384, 22725, 21407, 19266, 16384, 12873, 8867, 4520, 22725, 31521, 29692, 26722, 22725, 17855, 12299, 6270,
        21407, 29692, 27969, 25172, 21407, 16819, 11585, 5906, 19266, 26722, 25172, 22654, 19266, 15137, 10426, 5315,
        16384, 22725, 21407, 19266, 16384, 12873, 8867, 4520, 12873, 17855, 16819, 15137, 12873, 10114, 6967, 3552,
        8867, 12299, 11585, 10426, 8867, 6967, 4799, 2446, 4520, 6270, 5906, 5315, 4520, 3552, 2446, 1247,
    ];

    /// <summary>A quantization table with the scales of the fast transform in it.</summary>
    public static int[] FastTable(ushort[] quantization)
    {
        int[] table = new int[64];
        for (int i = 0; i < 64; i++)
            table[i] = ((quantization[i] * FastScales[i]) + (1 << 11)) >> 12;
        return table;
    }

    public static void Fast(ReadOnlySpan<short> block, int[] table, Span<byte> target, int stride)
    {
        Span<int> work = stackalloc int[64];
        Span<int> line = stackalloc int[8];
        for (int x = 0; x < 8; x++)
        {
            for (int k = 0; k < 8; k++)
                line[k] = (short)(block[(8 * k) + x] * table[(8 * k) + x]);
            FastLine(line);
            for (int k = 0; k < 8; k++)
                work[(8 * k) + x] = line[k];
        }

        for (int y = 0; y < 8; y++)
        {
            work.Slice(8 * y, 8).CopyTo(line);
            FastLine(line);
            for (int x = 0; x < 8; x++)
                target[(y * stride) + x] = Sample(line[x] >> (Pass + 3));
        }
    }

    public static void Accurate(ReadOnlySpan<short> block, ushort[] quantization, Span<byte> target, int stride)
    {
        Span<int> work = stackalloc int[64];
        Span<int> line = stackalloc int[8];
        for (int x = 0; x < 8; x++)
        {
            for (int k = 0; k < 8; k++)
                line[k] = block[(8 * k) + x] * quantization[(8 * k) + x];
            AccurateLine(line, Bits - Pass);
            for (int k = 0; k < 8; k++)
                work[(8 * k) + x] = line[k];
        }

        for (int y = 0; y < 8; y++)
        {
            work.Slice(8 * y, 8).CopyTo(line);
            AccurateLine(line, Bits + Pass + 3);
            for (int x = 0; x < 8; x++)
                target[(y * stride) + x] = Sample(line[x]);
        }
    }

    /// <summary>A block of 4, 2 or 1 samples a side: the means of those of the whole one.</summary>
    public static void Reduced(ReadOnlySpan<short> block, ushort[] quantization, int size, Span<byte> target, int stride)
    {
        if (size == 1)
        {
            target[0] = Sample(((block[0] * quantization[0]) + 4) >> 3);
            return;
        }

        Span<int> work = stackalloc int[32];
        Span<int> line = stackalloc int[8];
        for (int x = 0; x < 8; x++)
        {
            for (int k = 0; k < 8; k++)
                line[k] = block[(8 * k) + x] * quantization[(8 * k) + x];
            ReducedLine(line, size, Bits - Pass);
            for (int k = 0; k < size; k++)
                work[(8 * k) + x] = line[k];
        }

        for (int y = 0; y < size; y++)
        {
            work.Slice(8 * y, 8).CopyTo(line);
            ReducedLine(line, size, Bits + Pass + 3);
            for (int x = 0; x < size; x++)
                target[(y * stride) + x] = Sample(line[x]);
        }
    }

    private static void FastLine(Span<int> v)
    {
        int t10 = v[0] + v[4], t11 = v[0] - v[4], t13 = v[2] + v[6];
        int t12 = FastProduct(v[2] - v[6], 362) - t13;
        int t0 = t10 + t13, t3 = t10 - t13, t1 = t11 + t12, t2 = t11 - t12;
        int z13 = v[5] + v[3], z10 = v[5] - v[3], z11 = v[1] + v[7], z12 = v[1] - v[7];
        int t7 = z11 + z13;
        int z5 = FastProduct(z10 + z12, 473);
        int t6 = FastProduct(z10, -669) + z5 - t7;
        int t5 = FastProduct(z11 - z13, 362) - t6;
        int t4 = FastProduct(z12, 277) - z5 + t5;
        (v[0], v[7], v[1], v[6], v[2], v[5], v[4], v[3]) = (t0 + t7, t0 - t7, t1 + t6, t1 - t6, t2 + t5, t2 - t5, t3 + t4, t3 - t4);
    }

    private static int FastProduct(int value, int factor) => (value * factor) >> 8;

    private static void AccurateLine(Span<int> v, int shift)
    {
        int z1 = (v[2] + v[6]) * 4433;
        int t2 = z1 - (v[6] * 15137), t3 = z1 + (v[2] * 6270);
        int t0 = (v[0] + v[4]) << Bits, t1 = (v[0] - v[4]) << Bits;
        int t10 = t0 + t3, t13 = t0 - t3, t11 = t1 + t2, t12 = t1 - t2;
        int z5 = (v[7] + v[3] + v[5] + v[1]) * 9633;
        int z3 = z5 - ((v[7] + v[3]) * 16069), z4 = z5 - ((v[5] + v[1]) * 3196);
        int z7 = (v[7] + v[1]) * -7373, z6 = (v[5] + v[3]) * -20995;
        t0 = (v[7] * 2446) + z7 + z3;
        t1 = (v[5] * 16819) + z6 + z4;
        t2 = (v[3] * 25172) + z6 + z3;
        t3 = (v[1] * 12299) + z7 + z4;
        int half = 1 << (shift - 1);
        (v[0], v[7]) = ((t10 + t3 + half) >> shift, (t10 - t3 + half) >> shift);
        (v[1], v[6]) = ((t11 + t2 + half) >> shift, (t11 - t2 + half) >> shift);
        (v[2], v[5]) = ((t12 + t1 + half) >> shift, (t12 - t1 + half) >> shift);
        (v[3], v[4]) = ((t13 + t0 + half) >> shift, (t13 - t0 + half) >> shift);
    }

    private static void ReducedLine(Span<int> v, int size, int shift)
    {
        if (size == 2)
        {
            int mean = v[0] << (Bits + 2);
            int slope = (v[7] * -5906) + (v[5] * 6967) + (v[3] * -10426) + (v[1] * 29692);
            shift += 2;
            (v[0], v[1]) = ((mean + slope + (1 << (shift - 1))) >> shift, (mean - slope + (1 << (shift - 1))) >> shift);
            return;
        }

        int even = v[0] << (Bits + 1), bend = (v[2] * 15137) - (v[6] * 6270);
        int inner = (v[7] * -1730) + (v[5] * 11893) + (v[3] * -17799) + (v[1] * 8697);
        int outer = (v[7] * -4176) + (v[5] * -4926) + (v[3] * 7373) + (v[1] * 20995);
        int half = 1 << shift++;
        (v[0], v[3]) = ((even + bend + outer + half) >> shift, (even + bend - outer + half) >> shift);
        (v[1], v[2]) = ((even - bend + inner + half) >> shift, (even - bend - inner + half) >> shift);
    }

    private static byte Sample(int value) => (byte)Math.Clamp(value + 128, 0, 255);
}
