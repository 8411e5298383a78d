using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

/// <summary>Gives elements in random order: each time one of those that wait in a buffer.</summary>
/// <remarks>With the same seeds the order is TensorFlow's.</remarks>
internal abstract class ShufflingDatasetOp(string signature) : DatasetOp(signature)
{
    protected static (long Seed, long Seed2) Seeds(KernelContext c)
    {
        (long seed, long seed2) = (Long(c, 2), Long(c, 3));
        return seed == 0 && seed2 == 0 ? (Random.Shared.NextInt64(), Random.Shared.NextInt64()) : (seed, seed2);
    }

    protected static int BufferSize(KernelContext c) => Long(c, 1) is > 0 and long size
        ? (int)Math.Min(size, int.MaxValue)
        : throw c.InvalidArgument("buffer_size must be greater than zero.");

    /// <summary>One order of the elements of some readings of a dataset.</summary>
    protected static Func<Tensor[]?> Shuffle(DatasetRun run, Dataset input, int size, long count, Samples samples)
    {
        var buffer = new Dictionary<long, Tensor[]>();
        // Elements of different readings do not mix.
        var readings = new Queue<long>();
        (long start, long end, long epoch) = (0, 0, 0);
        Func<Tensor[]?>? next = count == 0 ? null : input.Open(run);
        return () =>
        {
            while (next is not null && buffer.Count < size && readings.Count < 2)
            {
                run.Cancellation.ThrowIfCancellationRequested();
                if (next() is { } element)
                {
                    buffer[end++] = element;
                    continue;
                }

                epoch++;
                bool isEmpty = end == (readings.Count > 0 ? readings.Last() : start) && epoch == 1;
                readings.Enqueue(end);
                next = isEmpty || (count >= 0 && epoch >= count) ? null : input.Open(run);
            }

            while (readings.Count > 0 && readings.Peek() == start)
                readings.Dequeue();
            if (buffer.Count == 0)
                return null;
            long last = readings.Count > 0 ? readings.Peek() : end;
            long at = start + (samples.Next() % (last - start));
            Tensor[] taken = buffer[at];
            buffer[at] = buffer[start];
            buffer.Remove(start++);
            return taken;
        };
    }

    /// <summary>The 32-bit numbers of a generator one by one.</summary>
    protected sealed class Samples((long Seed, long Seed2) seeds)
    {
        private Philox _generator = new((ulong)seeds.Seed, (ulong)seeds.Seed2);
        private PhiloxBlock _block;
        private int _used = 4;

        public uint Next()
        {
            if (_used == 4)
                (_block, _used) = (_generator.Next(), 0);
            return _used++ switch { 0 => _block.X, 1 => _block.Y, 2 => _block.Z, _ => _block.W };
        }
    }
}

internal sealed class ShuffleDatasetOp() : ShufflingDatasetOp(
    $"ShuffleDataset(input_dataset: variant, buffer_size: int64, seed: int64, seed2: int64) -> (handle: variant) where reshuffle_each_iteration: bool = true, {Element}")
{
    protected override Dataset Make(KernelContext c)
    {
        Dataset input = Dataset.Of(c, 0);
        (int size, (long Seed, long Seed2) seeds) = (BufferSize(c), Seeds(c));
        if (!c.Attributes.Bool("reshuffle_each_iteration"))
            return new Dataset(run => Shuffle(run, input, size, 1, new Samples(seeds)));
        // Each reading of the dataset by an iterator takes the next two numbers as its seeds.
        var ofRuns = new System.Runtime.CompilerServices.ConditionalWeakTable<DatasetRun, Samples>();
        return new Dataset(run =>
        {
            Samples parent = ofRuns.GetValue(run, _ => new Samples(seeds));
            return Shuffle(run, input, size, 1, new Samples((parent.Next(), parent.Next())));
        });
    }
}

internal sealed class ShuffleAndRepeatDatasetOp() : ShufflingDatasetOp(
    $"ShuffleAndRepeatDataset(input_dataset: variant, buffer_size: int64, seed: int64, seed2: int64, count: int64) -> (handle: variant) where {Element}")
{
    protected override Dataset Make(KernelContext c)
    {
        Dataset input = Dataset.Of(c, 0);
        (int size, (long Seed, long Seed2) seeds, long count) = (BufferSize(c), Seeds(c), Long(c, 4));
        return new Dataset(run => Shuffle(run, input, size, count, new Samples(seeds)));
    }
}
