using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>The elements several times over; -1 without end.</summary>
internal sealed class RepeatDatasetOp() : DatasetOp($"RepeatDataset(input_dataset: variant, count: int64) -> (handle: variant) where {Element}")
{
    protected override Dataset Make(KernelContext c)
    {
        Dataset input = Dataset.Of(c, 0);
        long count = Long(c, 1);
        return new Dataset(run =>
        {
            Func<Tensor[]?>? next = null;
            long begun = 0;
            bool isOver = false;
            return () =>
            {
                while (!isOver)
                {
                    bool fresh = next is null;
                    if (fresh && count >= 0 && begun >= count)
                        break;
                    if (fresh)
                    {
                        next = input.Open(run);
                        begun++;
                    }

                    if (next!() is { } element) // Opened above.
                        return element;
                    next = null;
                    // Nothing repeated without end is nothing.
                    isOver = fresh && count < 0;
                }

                isOver = true;
                return null;
            };
        });
    }
}

internal sealed class TakeDatasetOp() : DatasetOp($"TakeDataset(input_dataset: variant, count: int64) -> (handle: variant) where {Element}")
{
    protected override Dataset Make(KernelContext c)
    {
        Dataset input = Dataset.Of(c, 0);
        long count = Long(c, 1);
        return count < 0 ? input : new Dataset(run =>
        {
            Func<Tensor[]?> next = input.Open(run);
            long given = 0;
            return () => given++ < count ? next() : null;
        });
    }
}

internal sealed class SkipDatasetOp() : DatasetOp($"SkipDataset(input_dataset: variant, count: int64) -> (handle: variant) where {Element}")
{
    protected override Dataset Make(KernelContext c)
    {
        Dataset input = Dataset.Of(c, 0);
        long count = Long(c, 1);
        return new Dataset(run =>
        {
            Func<Tensor[]?> next = input.Open(run);
            long skipped = 0;
            return () =>
            {
                if (count < 0)
                    return null;
                for (; skipped < count; skipped++)
                {
                    run.Cancellation.ThrowIfCancellationRequested();
                    if (next() is null)
                        return null;
                }

                return next();
            };
        });
    }
}

/// <summary>Every so-many-th element.</summary>
internal sealed class ShardDatasetOp() : DatasetOp($"ShardDataset(input_dataset: variant, num_shards: int64, index: int64) -> (handle: variant) where require_non_empty: bool = false, {Element}")
{
    protected override Dataset Make(KernelContext c)
    {
        Dataset input = Dataset.Of(c, 0);
        (long shards, long index) = (Long(c, 1), Long(c, 2));
        if (shards <= 0)
            throw c.InvalidArgument($"Number of shards must be greater than zero (currently num_shards = {shards}).");
        if (index < 0 || index >= shards)
            throw c.InvalidArgument($"Index must be between 0 and {shards - 1} (currently index = {index}, num_shards = {shards}).");
        return new Dataset(run =>
        {
            Func<Tensor[]?> next = input.Open(run);
            long at = -1;
            return () =>
            {
                while (next() is { } element)
                {
                    run.Cancellation.ThrowIfCancellationRequested();
                    if (++at % shards == index)
                        return element;
                }

                return null;
            };
        });
    }
}

/// <summary>The elements of one dataset, then those of another.</summary>
internal sealed class ConcatenateDatasetOp() : DatasetOp($"ConcatenateDataset(input_dataset: variant, another_dataset: variant) -> (handle: variant) where {Element}")
{
    protected override Dataset Make(KernelContext c)
    {
        (Dataset first, Dataset second) = (Dataset.Of(c, 0), Dataset.Of(c, 1));
        return new Dataset(run =>
        {
            Func<Tensor[]?> next = first.Open(run);
            bool isSecond = false;
            return () =>
            {
                Tensor[]? element = next();
                if (element is not null || isSecond)
                    return element;
                isSecond = true;
                next = second.Open(run);
                return next();
            };
        });
    }
}

/// <summary>The elements of several datasets side by side, as long as all have some.</summary>
internal sealed class ZipDatasetOp() : DatasetOp($"ZipDataset(input_datasets: N * variant) -> (handle: variant) where {Element}, N: int >= 1")
{
    protected override Dataset Make(KernelContext c)
    {
        Dataset[] inputs = [.. Enumerable.Range(0, c.InputCount).Select(i => Dataset.Of(c, i))];
        return new Dataset(run =>
        {
            Func<Tensor[]?>[] next = Array.ConvertAll(inputs, i => i.Open(run));
            return () =>
            {
                var element = new List<Tensor>();
                foreach (Func<Tensor[]?> part in next)
                {
                    if (part() is not { } components)
                        return null;
                    element.AddRange(components);
                }

                return [.. element];
            };
        });
    }
}

/// <summary>The elements, computed at the first reading only.</summary>
internal sealed class CacheDatasetOp() : DatasetOp($"CacheDataset(input_dataset: variant, filename: string) -> (handle: variant) where {Element}")
{
    protected override Dataset Make(KernelContext c)
    {
        Dataset input = Dataset.Of(c, 0);
        if (c.Input(1).Strings[0].Length > 0)
            throw new KernelException(RunErrorCode.Unimplemented, "CacheDataset keeps elements in memory only; leave the file name empty.");
        List<Tensor[]>? kept = null;
        return new Dataset(run =>
        {
            List<Tensor[]>? known = kept;
            int at = 0;
            if (known is not null)
                return () => at < known.Count ? known[at++] : null;
            Func<Tensor[]?> next = input.Open(run);
            var fresh = new List<Tensor[]>();
            return () =>
            {
                if (next() is { } element)
                {
                    fresh.Add(element);
                    return element;
                }

                kept = fresh; // Complete only now.
                return null;
            };
        });
    }
}

/// <summary>The rows of each element one by one.</summary>
internal abstract class UnbatchBase(string name) : DatasetOp($"{name}(input_dataset: variant) -> (handle: variant) where {Element}")
{
    protected override Dataset Make(KernelContext c)
    {
        Dataset input = Dataset.Of(c, 0);
        return new Dataset(run =>
        {
            Func<Tensor[]?> next = input.Open(run);
            Tensor[]? batch = null;
            int row = 0;
            return () =>
            {
                while (batch is null || row >= batch[0].Shape[0])
                {
                    batch = next();
                    row = 0;
                    if (batch is null)
                        return null;
                    if (Array.Exists(batch, t => t.Rank == 0 || t.Shape[0] != batch[0].Shape[0]))
                        throw new KernelException(RunErrorCode.InvalidArgument, "Input element must have the same batch size in each component.");
                }

                Tensor[] element = Array.ConvertAll(batch, t => DatasetElements.Row(t, row));
                row++;
                return element;
            };
        });
    }
}

internal sealed class UnbatchDatasetOp() : UnbatchBase("UnbatchDataset");

internal sealed class ExperimentalUnbatchDatasetOp() : UnbatchBase("ExperimentalUnbatchDataset");
