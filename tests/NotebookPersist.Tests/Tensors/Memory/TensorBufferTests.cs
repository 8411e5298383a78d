using System.Runtime.InteropServices;
using NotebookPersist.Memory;
using Xunit;

namespace NotebookPersist.Tests.Tensors.Memory;

public sealed class TensorBufferTests
{
    [Fact]
    public void Buffers_that_share_a_block_do_not_overlap_and_are_aligned()
    {
        long[] sizes = [0, 1, 63, 64, 65, 4097, 1 << 20, 9 << 20, 30 << 20, 31 << 20, 8 << 20, 3];
        TensorBuffer[] buffers = TensorBuffer.AllocateMany(sizes);
        Assert.Equal(sizes, buffers.Select(static b => (long)b.ByteCount));
        for (int i = 0; i < buffers.Length; i++)
            buffers[i].Bytes.Fill((byte)(i + 1));
        for (int i = 0; i < buffers.Length; i++)
            Assert.Equal(-1, buffers[i].Bytes.IndexOfAnyExcept((byte)(i + 1)));
        Assert.All(buffers, static b => Assert.Equal(0, Address(b) % 64));
    }

    [Fact]
    public void Large_buffers_start_at_a_huge_page()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Assert.Equal(0, Address(TensorBuffer.Allocate((8 << 20) + 1)) % (2 << 20));
        Assert.Equal(0, Address(TensorBuffer.AllocateMany([10, 20 << 20])[1]) % (2 << 20));
    }

    private static long Address(TensorBuffer buffer) => Marshal.UnsafeAddrOfPinnedArrayElement(buffer.Array, buffer.Offset);
}
