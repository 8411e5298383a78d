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

    public void Dispose()
    {
        if (_block is null)
            return;
        ScratchPool.Return(_block);
        _block = null;
    }
}
