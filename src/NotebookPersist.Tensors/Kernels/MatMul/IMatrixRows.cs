namespace NotebookPersist.Kernels;

/// <summary>A matrix whose rows can be asked for, though it may never be laid out in memory as a whole.</summary>
internal unsafe interface IMatrixRows<T>
    where T : unmanaged
{
    /// <summary>Part of one row: in place where it exists, else written to <paramref name="scratch"/>.</summary>
    T* Row(nint row, nint from, nint count, T* scratch);
}

/// <summary>A row-major matrix in memory.</summary>
internal readonly unsafe struct DenseRows<T>(T* data, nint stride) : IMatrixRows<T>
    where T : unmanaged
{
    public T* Row(nint row, nint from, nint count, T* scratch) => data + (row * stride) + from;
}
