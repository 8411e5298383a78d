using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NotebookPersist.Kernels;

/// <summary>Turns eight rows of eight floats into eight columns, in registers.</summary>
internal static unsafe class SquareTurn
{
    /// <summary>Rows and columns.</summary>
    public const int Size = 8;

    /// <summary>Whether the machine has the instructions.</summary>
    public static bool IsSupported => Avx.IsSupported;

    /// <summary>to[j * step + i] = rows[i][at + j].</summary>
    /// <param name="rows">Where eight rows begin.</param>
    /// <param name="at">The first element of each.</param>
    /// <param name="to">The first result.</param>
    /// <param name="step">Elements from one row of the result to the next.</param>
    public static void Run(float** rows, nint at, float* to, nint step)
    {
        (Vector256<float> a, Vector256<float> b) = Pairs(rows[0] + at, rows[1] + at);
        (Vector256<float> c, Vector256<float> d) = Pairs(rows[2] + at, rows[3] + at);
        (Vector256<float> e, Vector256<float> f) = Pairs(rows[4] + at, rows[5] + at);
        (Vector256<float> g, Vector256<float> h) = Pairs(rows[6] + at, rows[7] + at);
        Store(Avx.Shuffle(a, c, 0x44), Avx.Shuffle(e, g, 0x44), to, step);
        Store(Avx.Shuffle(a, c, 0xEE), Avx.Shuffle(e, g, 0xEE), to + step, step);
        Store(Avx.Shuffle(b, d, 0x44), Avx.Shuffle(f, h, 0x44), to + (2 * step), step);
        Store(Avx.Shuffle(b, d, 0xEE), Avx.Shuffle(f, h, 0xEE), to + (3 * step), step);
    }

    private static (Vector256<float> Low, Vector256<float> High) Pairs(float* upper, float* lower)
    {
        Vector256<float> x = Vector256.Load(upper);
        Vector256<float> y = Vector256.Load(lower);
        return (Avx.UnpackLow(x, y), Avx.UnpackHigh(x, y));
    }

    // One column of the lower halves, and the one four further on of the upper halves.
    private static void Store(Vector256<float> first, Vector256<float> last, float* to, nint step)
    {
        Avx.Permute2x128(first, last, 0x20).Store(to);
        Avx.Permute2x128(first, last, 0x31).Store(to + (4 * step));
    }
}
