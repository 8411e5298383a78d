using System.Buffers;
using System.Runtime.InteropServices;

namespace NotebookPersist.Kernels;

/// <summary>Working memory of one kernel call, aligned for vectors; comes from the shared array pool and goes back to it.</summary>
internal unsafe struct AlignedScratch<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 64;

    private byte[]? _array;
    private GCHandle _pin;

    public AlignedScratch(nint count)
    {
        _array = ArrayPool<byte>.Shared.Rent(checked((int)((count * sizeof(T)) + Alignment)));
        _pin = GCHandle.Alloc(_array, GCHandleType.Pinned);
        Pointer = (T*)(((nuint)_pin.AddrOfPinnedObject() + Alignment - 1) & ~(nuint)(Alignment - 1));
    }

    public T* Pointer { get; }

    public void Dispose()
    {
        if (_array is null)
            return;
        _pin.Free();
        ArrayPool<byte>.Shared.Return(_array);
        _array = null;
    }
}
