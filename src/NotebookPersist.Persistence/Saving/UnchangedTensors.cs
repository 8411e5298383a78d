using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Files;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>The tensors of a save that an earlier checkpoint holds bit for bit, and the data files they are in.</summary>
internal sealed class UnchangedTensors
{
    // A reader opens every data file; more of them than this are put together again.
    private const int MostFiles = 16;

    private readonly HashSet<int> _items;

    private UnchangedTensors(IReadOnlyList<File> files)
    {
        Files = files;
        _items = [.. files.SelectMany(static f => f.Tensors).Select(static t => t.Item)];
    }

    /// <summary>Data files worth keeping, with what is taken from each.</summary>
    public IReadOnlyList<File> Files { get; }

    /// <summary>Compares the values of a save with an earlier checkpoint, byte by byte.</summary>
    /// <returns>Null where nothing can be taken over, also because the earlier checkpoint is damaged or gone.</returns>
    public static UnchangedTensors? Since(string prefix, SavePlan plan, IReadOnlyList<Tensor> values, CancellationToken cancellation)
    {
        try
        {
            return Compare(prefix, plan, values, cancellation);
        }
        catch (Exception failed) when (IsUnreadable(failed))
        {
            // The new checkpoint then holds everything; a save must not fail because an older one is lost.
            return null;
        }
        catch (AggregateException several) when (several.InnerExceptions.All(IsUnreadable))
        {
            return null;
        }
    }

    /// <summary>True for an item that need not be written.</summary>
    public bool Contains(int item) => _items.Contains(item);

    private static bool IsUnreadable(Exception failed) => failed is IOException or UnauthorizedAccessException;

    private static UnchangedTensors? Compare(string prefix, SavePlan plan, IReadOnlyList<Tensor> values, CancellationToken cancellation)
    {
        if (CheckpointPath.TryResolve(prefix) is not { Kind: CheckpointKind.Bundle } found)
            return null;
        using BundleReader reader = BundleReader.Open(found.Prefix);
        var stored = new Stored?[plan.Items.Count];
        Parallel.For(0, stored.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            SavePlan.Item item = plan.Items[i];
            if (reader.HoldsSameBytes(item.Name, item.Part(), values[i], cancellation) is { } entry)
                stored[i] = new Stored(i, entry);
        });

        // A file is kept while at least half of it is still in use: what is not would stay on disk for ever.
        File[] files =
        [
            .. stored.OfType<Stored>()
                .GroupBy(static s => s.Entry.ShardId)
                .Select(shard => new File(CheckpointPath.DataPath(found.Prefix, shard.Key, reader.ShardCount), [.. shard]))
                .Where(static f => 2 * f.Tensors.Sum(static t => t.Entry.Size) >= new FileInfo(f.Path).Length)
                .OrderByDescending(static f => f.Tensors.Sum(static t => t.Entry.Size))
                .Take(MostFiles),
        ];
        return files.Length > 0 ? new UnchangedTensors(files) : null;
    }

    /// <summary>A data file of the earlier checkpoint.</summary>
    /// <param name="Path">Where it is.</param>
    /// <param name="Tensors">What is taken from it.</param>
    public sealed record File(string Path, IReadOnlyList<Stored> Tensors);

    /// <summary>An item of the plan and where the file holds it.</summary>
    /// <param name="Item">Number in the plan.</param>
    /// <param name="Entry">Range and checksum.</param>
    public sealed record Stored(int Item, BundleEntryProto Entry);
}
