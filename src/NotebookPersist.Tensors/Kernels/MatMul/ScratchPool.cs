using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NotebookPersist.Memory;

namespace NotebookPersist.Kernels;

/// <summary>Blocks of working memory that kernels of the process take in turns.</summary>
/// <remarks>
/// Of what is not in use it keeps 128 MiB at most; what is idle the longest goes to the collector, and with each full collection all that nobody has asked for in some
/// seconds. One for the process, as the cores are. Thread safety: all members may be called from any thread.
/// </remarks>
internal static class ScratchPool
{
    private const long MostIdle = 128 << 20;
    private const long Smallest = 4096;

    // Who trains takes a block every few milliseconds. Unit: milliseconds.
    private const long KeptTime = 10_000;

    // By the logarithm of the size and its next three bits.
    private static readonly List<Block>?[] Idle = new List<Block>?[64 * 8];
    private static readonly Lock Gate = new();
    private static long _idleByteCount;
    private static long _returns;

    static ScratchPool() => _ = new FullCollection();

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
            if (block.ByteCount > MostIdle)
                return;
            MakeRoom(block.ByteCount);
            block.Since = ++_returns;
            block.ReturnTime = Environment.TickCount64;
            (Idle[Class(block.ByteCount)] ??= []).Add(block);
            _idleByteCount += block.ByteCount;
        }
    }

    /// <summary>Leaves to the collector what came back before a time.</summary>
    /// <param name="time">As <see cref="Environment.TickCount64"/> counts.</param>
    public static void Trim(long time)
    {
        lock (Gate)
        {
            foreach (List<Block> blocks in Idle.OfType<List<Block>>())
            {
                _idleByteCount -= blocks.Where(b => b.ReturnTime < time).Sum(static b => b.ByteCount);
                blocks.RemoveAll(b => b.ReturnTime < time);
            }
        }
    }

    // What nobody has asked for the longest goes to the collector: sizes change with the model.
    private static void MakeRoom(long byteCount)
    {
        while (_idleByteCount + byteCount > MostIdle)
        {
            List<Block> oldest = Idle.OfType<List<Block>>().Where(static b => b.Count > 0).MinBy(static b => b[0].Since)!; // Else nothing would be idle.
            _idleByteCount -= oldest[0].ByteCount;
            oldest.RemoveAt(0);
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

        /// <summary>The number of its last return.</summary>
        public long Since { get; set; }

        /// <summary>When that was.</summary>
        public long ReturnTime { get; set; }
    }

    /// <summary>Garbage that each full collection finds anew, once it has grown old.</summary>
    private sealed class FullCollection
    {
        ~FullCollection()
        {
            Trim(Environment.TickCount64 - KeptTime);
            if (!Environment.HasShutdownStarted)
                GC.ReRegisterForFinalize(this);
        }
    }
}
