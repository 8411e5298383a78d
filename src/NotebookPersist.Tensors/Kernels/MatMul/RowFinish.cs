using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>An epilogue over part of a matrix whose columns are channels; pinned, so that threads can share it.</summary>
/// <remarks>The default does nothing.</remarks>
internal readonly unsafe struct RowFinish<T>(T* bias, FusedActivation activation)
    where T : unmanaged, INumber<T>
{
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
        for (nint i = 0; i < rows; i++, sums += stride)
        {
            nint j = 0;
            if (Vector<T>.IsSupported)
            {
                for (; j <= columns - Vector<T>.Count; j += Vector<T>.Count)
                    Vectors(sums + j, bias is null ? null : bias + column + j);
            }

            for (; j < columns; j++)
                sums[j] = One(bias is null ? sums[j] : sums[j] + bias[column + j]);
        }
    }

    private void Vectors(T* sums, T* shift)
    {
        Vector<T> value = Vector.Load(sums);
        if (shift is not null)
            value += Vector.Load(shift);
        if (activation != FusedActivation.None)
            value = Vector.ConditionalSelect(Vector.LessThan(value, Vector<T>.Zero), Vector<T>.Zero, value);
        if (activation == FusedActivation.Relu6)
            value = Vector.ConditionalSelect(Vector.GreaterThan(value, new Vector<T>(T.CreateChecked(6))), new Vector<T>(T.CreateChecked(6)), value);
        value.Store(sums);
    }

    private T One(T value)
    {
        if (activation != FusedActivation.None && value < T.Zero)
            return T.Zero;
        return activation == FusedActivation.Relu6 && value > T.CreateChecked(6) ? T.CreateChecked(6) : value;
    }
}
