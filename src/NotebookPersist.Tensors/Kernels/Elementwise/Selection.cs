using System.Runtime.InteropServices;

namespace NotebookPersist.Kernels.Elementwise;

/// <summary>Takes each element from one of two tensors.</summary>
/// <remarks>Works on elements of any fixed size by their bits. Thread safety: pure functions but for the output they fill.</remarks>
public static class Selection
{
    /// <summary>Chooses blocks of elements: one truth value for each block.</summary>
    /// <param name="condition">As many as there are blocks.</param>
    /// <param name="t">Where true. DType: any of fixed size.</param>
    /// <param name="e">Where false. DType and shape: those of <paramref name="t"/>.</param>
    /// <param name="z">The result. Aliasing: can share its bytes with either.</param>
    public static void Blocks(ReadOnlySpan<bool> condition, Tensor t, Tensor e, Tensor z)
    {
        ArgumentNullException.ThrowIfNull(t);
        ArgumentNullException.ThrowIfNull(e);
        ArgumentNullException.ThrowIfNull(z);
        Span<byte> to = z.MutableBytes;
        if (condition.Length == z.Count)
        {
            switch (z.DType.Size())
            {
                case 1:
                    Elements<byte>(condition, t.Bytes, e.Bytes, to);
                    return;
                case 2:
                    Elements<ushort>(condition, t.Bytes, e.Bytes, to);
                    return;
                case 4:
                    Elements<uint>(condition, t.Bytes, e.Bytes, to);
                    return;
                case 8:
                    Elements<ulong>(condition, t.Bytes, e.Bytes, to);
                    return;
                default:
                    break;
            }
        }

        if (condition.Length == 0)
            return;
        int block = to.Length / condition.Length;
        for (int i = 0; i < condition.Length; i++)
        {
            Interruption.Check(i);
            (condition[i] ? t : e).Bytes.Slice(i * block, block).CopyTo(to[(i * block)..]);
        }
    }

    private static void Elements<T>(ReadOnlySpan<bool> condition, ReadOnlySpan<byte> t, ReadOnlySpan<byte> e, Span<byte> z)
        where T : unmanaged
    {
        ReadOnlySpan<T> ts = MemoryMarshal.Cast<byte, T>(t);
        ReadOnlySpan<T> es = MemoryMarshal.Cast<byte, T>(e);
        Span<T> zs = MemoryMarshal.Cast<byte, T>(z);
        for (int i = 0; i < condition.Length; i++)
        {
            Interruption.Check(i);
            zs[i] = condition[i] ? ts[i] : es[i];
        }
    }
}
