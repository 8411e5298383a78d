using System.Runtime.ExceptionServices;
using NotebookPersist.Formats.Bundles;

namespace NotebookPersist.Persistence;

/// <summary>Writes the values of a save plan as one V2 checkpoint, data files at the same time.</summary>
internal sealed class BundleSave(string prefix, SavePlan plan, IReadOnlyList<Tensor> values, SaveOptions options)
{
    /// <summary>Writes everything, or nothing that is seen.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write(UnchangedTensors? unchanged, CancellationToken cancellation)
    {
        int[][] shards = Distribute(unchanged);
        IReadOnlyList<UnchangedTensors.File> linked = unchanged?.Files ?? [];
        Action<long>? written = options.Progress is null ? null : Report(shards.SelectMany(static s => s).Sum(i => values[i].ByteCount));
        using BundleWriter writer = BundleWriter.CreateSharded(prefix, shards.Length + linked.Count, options.Durable, written);
        for (int i = 0; i < linked.Count; i++)
            Link(writer, shards.Length + i, linked[i]);
        try
        {
            Parallel.For(0, shards.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, shard =>
            {
                writer.StartShard(shard, shards[shard].Sum(i => values[i].ByteCount));
                foreach (int i in shards[shard])
                    Add(writer, shard, plan.Items[i], values[i], cancellation);
            });
        }
        catch (AggregateException several)
        {
            // One full disk fails every data file; the first failure tells it.
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        writer.Finish();
    }

    private static void Add(BundleWriter writer, int shard, SavePlan.Item item, Tensor value, CancellationToken cancellation)
    {
        if (item.Part() is var (fullShape, slice))
            writer.Add(shard, item.Name, fullShape, slice, value, cancellation);
        else
            writer.Add(shard, item.Name, value, cancellation);
    }

    private void Link(BundleWriter writer, int shard, UnchangedTensors.File file)
    {
        writer.LinkShard(shard, file.Path);
        foreach (UnchangedTensors.Stored stored in file.Tensors)
        {
            SavePlan.Item item = plan.Items[stored.Item];
            writer.AddLinked(shard, item.Name, item.Part(), stored.Entry);
        }
    }

    private int[][] Distribute(UnchangedTensors? unchanged)
    {
        if (unchanged is null || unchanged.Files.Count == 0)
            return [.. Enumerable.Range(0, plan.ShardCount).Select(shard => Indexes(i => plan.Items[i].Shard == shard))];

        // What changed goes to one file: next to the linked ones the devices of the saver mean nothing.
        int[] changed = Indexes(i => !unchanged.Contains(i));
        return changed.Length > 0 ? [changed] : [];
    }

    private int[] Indexes(Func<int, bool> wanted) => [.. Enumerable.Range(0, plan.Items.Count).Where(wanted)];

    private Action<long> Report(long total)
    {
        long done = 0;
        return count => options.Progress!.Report(new SaveProgress(prefix, Interlocked.Add(ref done, count), total)); // Asked for only where there is one.
    }
}
