using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NotebookPersist.Memory;

namespace NotebookPersist.Kernels;

/// <summary>Blocks of working memory that kernels of the process take in turns.</summary>
/// <remarks>
/// Of what is not in use it keeps 128 MiB at most; a block beyond that goes to the collector. Thread safety: all members may be called from
/// any thread.
/// </remarks>
internal static class ScratchPool
{
    private const long MostIdle = 128 << 20;
    private const long Smallest = 4096;

    // By the logarithm of the size and its next three bits.
    private static readonly List<Block>?[] Idle = new List<Block>?[64 * 8];
    private static readonly Lock Gate = new();
    private static long _idleByteCount;

    /// <summary>A block of at least so many bytes, not zeroed.</summary>
    /// <exception cref="NotSupportedException">More bytes are asked for than one array can hold.</exception>
    public static Block Rent(long byteCount)
    {
        long step = 1L << (BitOperations.Log2((ulong)Math.Max(byteCount, Smallest)) - 3);
        long size = (Math.Max(byteCount, Smallest) + step - 1) / step * step;
        lock (Gate)
        {
            if (Idle[Class(size)] is { Count: > 0 } blocks)
            {
                Block block = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                _idleByteCount -= size;
                return block;
            }
        }

        return new Block(TensorBuffer.Allocate(size));
    }

    /// <summary>Takes a block back.</summary>
    public static void Return(Block block)
    {
        lock (Gate)
        {
            if (_idleByteCount + block.ByteCount > MostIdle)
                return;
            (Idle[Class(block.ByteCount)] ??= []).Add(block);
            _idleByteCount += block.ByteCount;
        }
    }

    private static int Class(long size)
    {
        int log = BitOperations.Log2((ulong)size);
        return (log * 8) + (int)((size >> (log - 3)) & 7);
    }

    /// <summary>A block; its memory does not move.</summary>
    internal sealed unsafe class Block(TensorBuffer buffer)
    {
        /// <summary>The first byte, aligned for vectors.</summary>
        public void* Address { get; } = Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer.Bytes));

        /// <summary>Unit: bytes.</summary>
        public long ByteCount => buffer.ByteCount;
    }
}
