using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NotebookPersist.Memory;

/// <summary>Allocates the arrays behind tensors: aligned for vectors, on huge pages where they are large.</summary>
internal static partial class LargeArrays
{
    private const int Alignment = 64;
    private const int PinFrom = 4096;
    private const long HugePageFrom = 4L << 20;
    private const int HugePageByteCount = 2 << 20;
    private const int AdviseHugePages = 14;

    // From here on whole huge pages are worth what their edges waste.
    private const long AlignToHugePagesFrom = 8L << 20;

    // A block that many buffers share lives as long as one of them: not too large, and huge pages all the same.
    private const int SharedByteCount = 32 << 20;

    /// <summary>A fresh buffer, not zeroed.</summary>
    /// <exception cref="NotSupportedException">More bytes are asked for than one array can hold.</exception>
    public static TensorBuffer Allocate(long byteCount, BufferPool? pool, int capacity = 0)
    {
        if (byteCount > Array.MaxLength - Alignment)
            throw new NotSupportedException($"A tensor of {byteCount:N0} bytes is larger than one buffer can be ({Array.MaxLength - Alignment:N0} bytes).");
        int length = Math.Max((int)byteCount, capacity);
        if (length < PinFrom)
            return new TensorBuffer(GC.AllocateUninitializedArray<byte>(length), 0, (int)byteCount, pool);

        (byte[] array, int offset) = Pinned(length);
        return new TensorBuffer(array, offset, (int)byteCount, pool);
    }

    /// <summary>Fresh buffers, not zeroed, small ones next to each other in shared blocks.</summary>
    /// <exception cref="NotSupportedException">One of them is larger than an array can be.</exception>
    public static TensorBuffer[] AllocateMany(IReadOnlyList<long> byteCounts)
    {
        var buffers = new TensorBuffer[byteCounts.Count];
        var block = new List<int>();
        int blockByteCount = 0;
        for (int i = 0; i < buffers.Length; i++)
        {
            if (byteCounts[i] >= AlignToHugePagesFrom)
            {
                buffers[i] = Allocate(byteCounts[i], pool: null);
                continue;
            }

            int slot = Aligned((int)byteCounts[i]);
            if (blockByteCount + slot > SharedByteCount)
                Share();
            block.Add(i);
            blockByteCount += slot;
        }

        Share();
        return buffers;

        void Share()
        {
            if (block.Count == 0)
                return;
            (byte[] array, int offset) = Pinned(blockByteCount);
            foreach (int i in block)
            {
                buffers[i] = new TensorBuffer(array, offset, (int)byteCounts[i]);
                offset += Aligned((int)byteCounts[i]);
            }

            block.Clear();
            blockByteCount = 0;
        }
    }

    private static int Aligned(int byteCount) => (byteCount + Alignment - 1) / Alignment * Alignment;

    // Pinned arrays never move, so that an alignment chosen once stays.
    private static unsafe (byte[] Array, int Offset) Pinned(int length)
    {
        // The collector writes an array's header, and so touches its first page before any advice can be given. Elements that start at
        // the next huge page, and whose last one is all the array's, never share one with small pages.
        bool wholePages = length >= AlignToHugePagesFrom && length < Array.MaxLength - (2 * HugePageByteCount) && OperatingSystem.IsLinux();
        int alignment = wholePages ? HugePageByteCount : Alignment;
        int rounded = wholePages ? (length + HugePageByteCount - 1) / HugePageByteCount * HugePageByteCount : length;
        byte[] array = GC.AllocateUninitializedArray<byte>(rounded + alignment, pinned: true);
        nuint start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        int offset = (int)(((nuint)alignment - (start % (nuint)alignment)) % (nuint)alignment);
        if (wholePages)
            AdviseHuge(start + (nuint)offset, (nuint)rounded);
        else if (length >= HugePageFrom && OperatingSystem.IsLinux())
            AdviseHuge(start, (nuint)array.Length);
        return (array, offset);
    }

    // A first touch of fresh 4-KiB pages costs about 11 us each on virtual machines, twenty times more than huge pages do.
    // The advice is only a hint: where the system refuses it, everything still works.
    private static void AdviseHuge(nuint start, nuint length)
    {
        const nuint page = 4096;
        nuint first = (start + page - 1) & ~(page - 1);
        nuint end = (start + length) & ~(page - 1);
        if (end > first)
            _ = Madvise(first, end - first, AdviseHugePages);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(nuint address, nuint length, int advice);
}
