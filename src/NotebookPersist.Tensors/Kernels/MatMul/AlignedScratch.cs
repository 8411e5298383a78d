namespace NotebookPersist.Kernels;

/// <summary>Working memory of one kernel call, aligned for vectors, on huge pages where it is large; comes from a pool that kernels share and goes back to it.</summary>
internal unsafe struct AlignedScratch<T> : IDisposable
    where T : unmanaged
{
    private ScratchPool.Block? _block;

    public AlignedScratch(nint count)
    {
        _block = ScratchPool.Rent(checked((long)count * sizeof(T)));
        Pointer = (T*)_block.Address;
    }

    public T* Pointer { get; }

    /// <summary>All of it; at least as long as was asked for.</summary>
    public readonly Span<T> Span => _block is null ? default : new Span<T>(Pointer, checked((int)(_block.ByteCount / sizeof(T))));

    public void Dispose()
    {
        if (_block is null)
            return;
        ScratchPool.Return(_block);
        _block = null;
    }
}
