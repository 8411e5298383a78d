using System.Collections.Concurrent;
using System.Numerics;

namespace NotebookPersist.Memory;

/// <summary>Keeps the buffers that a run no longer needs for the next allocation of about the same size.</summary>
/// <remarks>Thread safety: all members may be called from any thread.</remarks>
public sealed class BufferPool
{
    // Small arrays are cheaper to allocate than to look up.
    private const int SmallestPooled = 1024;

    private readonly ConcurrentDictionary<int, ConcurrentBag<(byte[] Array, int Offset)>> _free = new();
    private readonly bool _keeps = true;
    private long _heldBytes;

    /// <summary>A pool without buffers.</summary>
    public BufferPool()
    {
    }

    private BufferPool(bool keeps) => _keeps = keeps;

    /// <summary>Takes back what is part of larger memory, and does nothing with it.</summary>
    internal static BufferPool Nowhere { get; } = new(keeps: false);

    /// <summary>Bytes waiting for reuse.</summary>
    public long HeldByteCount => Interlocked.Read(ref _heldBytes);

    /// <summary>A buffer of the asked size, not zeroed; it comes back when its last user lets go.</summary>
    /// <param name="byteCount">Unit: bytes.</param>
    public TensorBuffer Rent(long byteCount)
    {
        if (byteCount < SmallestPooled || byteCount > Array.MaxLength / 2)
            return LargeArrays.Allocate(byteCount, this);
        int capacity = Capacity((int)byteCount);
        if (_free.TryGetValue(capacity, out ConcurrentBag<(byte[] Array, int Offset)>? bag) && bag.TryTake(out (byte[] Array, int Offset) block))
        {
            Interlocked.Add(ref _heldBytes, -capacity);
            return new TensorBuffer(block.Array, block.Offset, (int)byteCount, this);
        }

        return LargeArrays.Allocate(byteCount, this, capacity);
    }

    /// <summary>Drops every buffer that waits for reuse.</summary>
    public void Clear()
    {
        _free.Clear();
        Interlocked.Exchange(ref _heldBytes, 0);
    }

    internal void Return(TensorBuffer buffer)
    {
        if (!_keeps || buffer.ByteCount < SmallestPooled || buffer.ByteCount > Array.MaxLength / 2)
            return;
        int capacity = Capacity(buffer.ByteCount);
        _free.GetOrAdd(capacity, static _ => []).Add((buffer.Array, buffer.Offset));
        Interlocked.Add(ref _heldBytes, capacity);
    }

    // Classes an eighth apart: at most 12.5 % of a buffer is unused, and nearby sizes share.
    private static int Capacity(int byteCount)
    {
        int step = Math.Max(1, 1 << (BitOperations.Log2((uint)byteCount) - 3));
        return (byteCount + step - 1) / step * step;
    }
}
