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
        for (nint i = 0; i < rows; i++)
        {
            var row = new Span<T>(sums + (i * stride), (int)columns);
            var epilogue = new Epilogue<T> { Bias = bias is null ? default : new ReadOnlySpan<T>(bias + column, (int)columns), Activation = activation };
            epilogue.Apply(row, (int)columns);
        }
    }
}
