namespace NotebookPersist.Memory;

/// <summary>Memory that values of a run take one after the other, as its plan foresees.</summary>
/// <param name="pool">Where it comes from at the first use, and goes after the run.</param>
/// <param name="byteCount">Unit: bytes.</param>
/// <remarks>Thread safety: one run at a time.</remarks>
public sealed class SharedBlock(BufferPool pool, long byteCount)
{
    private TensorBuffer? _block;
    private TensorBuffer? _present;

    /// <summary>A buffer at the start of the memory, not zeroed; null where that is too small, or has a value that lasts longer than was foreseen.</summary>
    /// <param name="wanted">Unit: bytes.</param>
    public TensorBuffer? TryTake(long wanted)
    {
        if (wanted > byteCount || _present is { IsIdle: false })
            return null;
        _block ??= pool.Rent(byteCount);
        return _present = new TensorBuffer(_block.Array, _block.Offset, (int)wanted, BufferPool.Nowhere);
    }

    /// <summary>Gives the memory back at the end of a run; what somebody keeps of it stays theirs.</summary>
    public void GiveBack()
    {
        if (_block is { } block && _present is not { IsIdle: false })
            pool.Return(block);
        (_block, _present) = (null, null);
    }
}
