using System.Numerics;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>What sets integers apart: they have no quotient by zero.</summary>
internal static class IntegerDivision
{
    /// <summary>True for integer types.</summary>
    // 1 / 2 is 0 for integers only.
    public static bool IsIntegral<T>()
        where T : unmanaged, INumber<T> => T.IsZero(T.One / (T.One + T.One));

    /// <summary>Runs a division; says what is wrong where integers are divided by zero.</summary>
    /// <exception cref="KernelException">An integer is divided by 0.</exception>
    public static void Guarded<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, BinaryBody<T, T, T> divide)
        where T : unmanaged, INumber<T>
    {
        if (IsIntegral<T>() && y.IndexOf(T.Zero) >= 0)
            throw new KernelException(RunErrorCode.InvalidArgument, "Integer division by zero");
        divide(x, y, z);
    }
}
