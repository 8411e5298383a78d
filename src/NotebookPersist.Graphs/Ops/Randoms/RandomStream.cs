using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

/// <summary>The stream that one node of a session draws from, run after run.</summary>
/// <remarks>Thread safety: reservations may be made from any thread.</remarks>
internal sealed class RandomStream
{
    private readonly Lock _gate = new();
    private Philox _generator;

    private RandomStream(long seed, long seed2) => _generator = new Philox((ulong)seed, (ulong)seed2);

    /// <summary>The stream of the node that is run; two seeds of 0 give another stream in each session.</summary>
    public static RandomStream Of(KernelContext c) => c.State(() => Make(c));

    /// <summary>A new stream for the node that is run, where the node keeps more than a stream.</summary>
    public static RandomStream Make(KernelContext c)
    {
        (long seed, long seed2) = (c.Attributes.Int("seed"), c.Attributes.Int("seed2"));
        return seed == 0 && seed2 == 0
            ? new RandomStream(Random.Shared.NextInt64(long.MinValue, long.MaxValue), Random.Shared.NextInt64(long.MinValue, long.MaxValue))
            : new RandomStream(seed, seed2);
    }

    /// <summary>The stream from where it is now; the next reservation starts behind this one.</summary>
    /// <param name="steps">Unit: blocks of four numbers.</param>
    public Philox Reserve(long steps)
    {
        lock (_gate)
        {
            Philox reserved = _generator;
            _generator.Skip((ulong)steps);
            return reserved;
        }
    }

    /// <summary>The stream from where it is now, with room for a number of elements, whatever it takes to draw them.</summary>
    public Philox ReserveOutputs(long count) => Reserve(count * 256);
}
