using NotebookPersist.Kernels;
using Xunit;

namespace NotebookPersist.Tests.Kernels;

public sealed class WorkersTests
{
    [Theory]
    [InlineData(1, 10, 3)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 1000, 1)]
    [InlineData(3, 100_003, 7)]
    [InlineData(8, 5, 1000)]
    public void Each_position_is_done_once(int threads, int length, int grain)
    {
        int[] done = new int[length];
        new Workers(threads, CancellationToken.None).For(length, grain, (start, end) =>
        {
            for (int i = start; i < end; i++)
                Interlocked.Increment(ref done[i]);
        });
        Assert.All(done, static d => Assert.Equal(1, d));
    }

    [Fact]
    public void A_body_may_share_work_of_its_own()
    {
        int[] done = new int[64 * 1000];
        var workers = new Workers(4, CancellationToken.None);
        workers.For(64, 1, (start, end) =>
        {
            for (int i = start; i < end; i++)
            {
                int row = i;
                workers.For(1000, 10, (from, to) =>
                {
                    for (int k = from; k < to; k++)
                        Interlocked.Increment(ref done[(row * 1000) + k]);
                });
            }
        });
        Assert.All(done, static d => Assert.Equal(1, d));
    }

    [Fact]
    public void Many_threads_may_share_work_at_once()
    {
        long total = 0;
        Thread[] threads = [.. Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            for (int round = 0; round < 200; round++)
                new Workers(2, CancellationToken.None).For(100, 1, (start, end) => Interlocked.Add(ref total, end - start));
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(6 * 200 * 100, total);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void What_a_body_throws_comes_out_as_it_is(int threads)
    {
        var workers = new Workers(threads, CancellationToken.None);
        FormatException fault = Assert.Throws<FormatException>(() => workers.For(1000, 1, static (start, _) =>
        {
            if (start >= 500)
                throw new FormatException("here");
        }));
        Assert.Equal("here", fault.Message);
        // The pool is as good as before.
        int count = 0;
        workers.For(1000, 1, (start, end) => Interlocked.Add(ref count, end - start));
        Assert.Equal(1000, count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_cancelled_loop_stops_at_the_next_piece(int threads)
    {
        using var source = new CancellationTokenSource();
        int pieces = 0;
        Assert.Throws<OperationCanceledException>(() => new Workers(threads, source.Token).For(10_000, 10, (_, _) =>
        {
            Interlocked.Increment(ref pieces);
            source.Cancel();
        }));
        Assert.InRange(pieces, 1, threads);
    }

    // A kernel of some seconds must stop within 50 ms: no piece is more than a hundredth of it.
    [Theory]
    [InlineData(1, 1_000_000, 100)]
    [InlineData(2, 1_000_000, 100)]
    [InlineData(2, 1000, 1)]
    [InlineData(4, 7_000_000, 1)]
    public void Pieces_are_small_against_the_whole(int threads, int length, int grain)
    {
        int largest = 0;
        object gate = new();
        new Workers(threads, CancellationToken.None).For(length, grain, (start, end) =>
        {
            lock (gate)
                largest = Math.Max(largest, end - start);
        });
        Assert.InRange(largest, grain, Math.Max(grain, length / 100));
    }

    [Fact]
    public void Sharing_work_allocates_nothing_once_it_is_warm()
    {
        var workers = new Workers(2, CancellationToken.None);
        float[] values = new float[1 << 12];
        var body = new Doubling(values);
        for (int i = 0; i < 200; i++)
            workers.For(values.Length, 64, body);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            workers.For(values.Length, 64, body);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private readonly struct Doubling(float[] values) : IRangeBody
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
                values[i] += values[i];
        }
    }
}
