using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NotebookPersist.Memory;

/// <summary>Allocates the arrays behind tensors: aligned for vectors, on huge pages where they are large.</summary>
internal static partial class LargeArrays
{
    private const int Alignment = 64;
    private const int PinFrom = 4096;
    private const long HugePageFrom = 4L << 20;
    private const int AdviseHugePages = 14;

    /// <summary>A fresh buffer, not zeroed.</summary>
    /// <exception cref="NotSupportedException">More bytes are asked for than one array can hold.</exception>
    public static unsafe TensorBuffer Allocate(long byteCount, BufferPool? pool, int capacity = 0)
    {
        if (byteCount > Array.MaxLength - Alignment)
            throw new NotSupportedException($"A tensor of {byteCount:N0} bytes is larger than one buffer can be ({Array.MaxLength - Alignment:N0} bytes).");
        int length = Math.Max((int)byteCount, capacity);
        if (length < PinFrom)
            return new TensorBuffer(GC.AllocateUninitializedArray<byte>(length), 0, (int)byteCount, pool);

        // Pinned arrays never move, so that an alignment chosen once stays.
        byte[] array = GC.AllocateUninitializedArray<byte>(length + Alignment, pinned: true);
        nuint start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        int offset = (int)((Alignment - (start % Alignment)) % Alignment);
        if (length >= HugePageFrom && OperatingSystem.IsLinux())
            AdviseHuge(start, (nuint)array.Length);
        return new TensorBuffer(array, offset, (int)byteCount, pool);
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
