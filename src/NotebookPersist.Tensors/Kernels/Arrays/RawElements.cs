using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NotebookPersist.Kernels;

/// <summary>A loop that only moves or compares elements, so that their size is all it needs to know.</summary>
public interface IElementLoop
{
    /// <summary>Runs the loop over elements seen as <typeparamref name="T"/>: an unsigned integer of their size, or <c>byte[]</c> for strings.</summary>
    void Run<T>();
}

/// <summary>Elements as opaque blocks: one loop serves all types of one size, strings included.</summary>
public static class RawElements
{
    /// <summary>The elements as blocks, to be written by whoever made the tensor.</summary>
    /// <remarks>Aliasing: tensors can share their bytes; only write to a tensor that nobody else has seen.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<T> Raw<T>(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (typeof(T) == typeof(byte[]))
        {
            ReadOnlySpan<byte[]> strings = tensor.Strings;
            return MemoryMarshal.CreateSpan(ref Unsafe.As<byte[], T>(ref MemoryMarshal.GetReference(strings)), strings.Length);
        }

        Span<byte> bytes = tensor.MutableBytes;
        return MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(bytes)), bytes.Length / Unsafe.SizeOf<T>());
    }

    /// <summary>Runs a loop with the block type of an element type.</summary>
    /// <exception cref="NotSupportedException">Elements of this type cannot be moved: resources and variants.</exception>
    public static void Run<TLoop>(DType dtype, TLoop loop)
        where TLoop : IElementLoop
    {
        if (dtype == DType.String)
        {
            loop.Run<byte[]>();
            return;
        }

        switch (dtype.Size())
        {
            case 1:
                loop.Run<byte>();
                break;
            case 2:
                loop.Run<ushort>();
                break;
            case 4:
                loop.Run<uint>();
                break;
            case 8:
                loop.Run<ulong>();
                break;
            case 16:
                loop.Run<UInt128>();
                break;
            default:
                throw new NotSupportedException($"Elements of type '{dtype.Name()}' cannot be moved one by one.");
        }
    }
}
