using System.Numerics;
using System.Runtime.CompilerServices;

namespace NotebookPersist.Kernels;

/// <summary>An epilogue over part of a matrix whose columns are channels; pinned, so that threads can share it.</summary>
/// <remarks>The default does nothing.</remarks>
internal readonly unsafe struct RowFinish<T>(T* bias, FusedActivation activation)
    where T : unmanaged, INumber<T>
{
    /// <summary>The numbers that are added; null for none.</summary>
    public T* Bias => bias;

    /// <summary>The same with other numbers.</summary>
    public RowFinish<T> With(T* otherBias) => new(otherBias, activation);

    /// <summary>Finishes sums that were just stored.</summary>
    /// <param name="sums">The first one.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="column">Channel of the first column.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    public void Apply(T* sums, nint rows, nint column, nint columns, nint stride)
    {
        if (bias is null && activation == FusedActivation.None)
            return;
        nint j = 0;
        if (Vector<T>.IsSupported)
        {
            // A column of vectors at a time: what is added to it stays in a register.
            for (; j <= columns - Vector<T>.Count; j += Vector<T>.Count)
            {
                Vector<T> shift = bias is null ? Vector<T>.Zero : Vector.Load(bias + column + j);
                if (activation == FusedActivation.None)
                    Column<Plain>(sums + j, rows, stride, shift);
                else if (activation == FusedActivation.Relu)
                    Column<Positive>(sums + j, rows, stride, shift);
                else
                    Column<Clamped>(sums + j, rows, stride, shift);
            }
        }

        if (j == columns)
            return;
        for (nint i = 0; i < rows; i++, sums += stride)
        {
            for (nint rest = j; rest < columns; rest++)
                sums[rest] = One(bias is null ? sums[rest] : sums[rest] + bias[column + rest]);
        }
    }

    // Adding 0 where there is no bias changes nothing but -0, which the sums of products that they are have no use for.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Column<TFunction>(T* sums, nint rows, nint stride, Vector<T> shift)
        where TFunction : struct, IFunction
    {
        for (; rows > 0; rows--, sums += stride)
            TFunction.Of(Vector.Load(sums) + shift).Store(sums);
    }

    private T One(T value)
    {
        if (activation != FusedActivation.None && value < T.Zero)
            return T.Zero;
        return activation == FusedActivation.Relu6 && value > T.CreateChecked(6) ? T.CreateChecked(6) : value;
    }

    private interface IFunction
    {
        static abstract Vector<T> Of(Vector<T> value);
    }

    private readonly struct Plain : IFunction
    {
        public static Vector<T> Of(Vector<T> value) => value;
    }

    private readonly struct Positive : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Of(Vector<T> value) => Vector.ConditionalSelect(Vector.LessThan(value, Vector<T>.Zero), Vector<T>.Zero, value);
    }

    private readonly struct Clamped : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Of(Vector<T> value)
        {
            var most = new Vector<T>(T.CreateChecked(6));
            value = Positive.Of(value);
            return Vector.ConditionalSelect(Vector.GreaterThan(value, most), most, value);
        }
    }
}
