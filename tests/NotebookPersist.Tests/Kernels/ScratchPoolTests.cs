using NotebookPersist.Kernels;
using Xunit;

namespace NotebookPersist.Tests.Kernels;

public sealed class ScratchPoolTests
{
    // No kernel of the other tests asks for as much.
    private const long Size = 93L << 20;

    [Fact]
    public void A_block_is_taken_again_until_nobody_has_asked_for_it_for_long()
    {
        ScratchPool.Block block = ScratchPool.Rent(Size);
        long before = Environment.TickCount64;
        ScratchPool.Return(block);
        ScratchPool.Trim(before);
        Assert.Same(block, ScratchPool.Rent(Size));

        ScratchPool.Return(block);
        ScratchPool.Trim(long.MaxValue);
        Assert.NotSame(block, ScratchPool.Rent(Size));
    }
}
