using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Bundles;

/// <summary>Joins the V2 checkpoints that the devices of a sharded saver wrote: one index over all their data files.</summary>
/// <remarks>
/// No value is read or written: the data files get new names, or are copied where the file system has no links. The index is
/// TensorFlow's byte for byte. Of an input without tensors TensorFlow counts a data file in the header that it leaves behind, and
/// so writes a checkpoint that it cannot read; here that file comes along.
/// Thread safety: calls for different destinations may run concurrently.
/// </remarks>
public static class BundleMerger
{
    /// <summary>Joins checkpoints; the inputs are gone afterwards.</summary>
    /// <param name="prefixes">The inputs in the order of their numbers.</param>
    /// <param name="destination">Prefix of the joined checkpoint; one that is there is replaced when the new one is complete.</param>
    /// <param name="deleteOldFolders">Whether folders of inputs that become empty are removed.</param>
    /// <param name="cancellation">Checked between inputs; the inputs stay.</param>
    /// <exception cref="FileNotFoundException">An input, or one of its data files, is missing.</exception>
    /// <exception cref="CheckpointFormatException">An index is damaged, or two inputs hold the same tensor or disagree about one.</exception>
    /// <exception cref="IOException">A file cannot be moved; a checkpoint that was at the destination is unchanged.</exception>
    public static void Merge(IReadOnlyList<string> prefixes, string destination, bool deleteOldFolders = true, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prefixes);
        ArgumentException.ThrowIfNullOrEmpty(destination);
        if (prefixes.Count == 0)
            throw new ArgumentException("There are no checkpoints to merge.", nameof(prefixes));
        if (prefixes.Contains(destination, StringComparer.Ordinal))
            throw new ArgumentException($"The checkpoint '{destination}' cannot be merged into itself.", nameof(destination));
        List<Input> inputs = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string prefix in prefixes.Where(seen.Add))
        {
            cancellation.ThrowIfCancellationRequested();
            inputs.Add(Input.Read(prefix));
        }

        RequireMergeable(inputs);
        Join(inputs, destination, cancellation);
        foreach (Input input in inputs)
            Delete(input, destination, deleteOldFolders);
    }

    private static void RequireMergeable(List<Input> inputs)
    {
        Dictionary<string, BundleEntryProto> merged = new(StringComparer.Ordinal);
        foreach (Input input in inputs)
        {
            // What is written here is low byte first.
            if (input.IsBigEndian)
            {
                throw Fault(
                    input,
                    inputs.TrueForAll(static i => i.IsBigEndian)
                        ? "Merging bundles with the high byte first is not supported; read and save them instead"
                        : "Merging bundles with conflicting endianness; inputs corrupted?");
            }

            foreach (Item item in input.Items)
            {
                if (merged.TryAdd(TensorName.Decode(item.Key), item.Stored))
                    continue;
                string shown = item.Part is { } part ? $"{item.Name}' slice '{part.Slice}" : item.Name;
                throw Fault(input, $"Duplicate tensor keyed by '{shown}' encountered, when merging prefix: {input.Prefix}");
            }

            foreach ((string name, BundleEntryProto whole) in input.Wholes)
            {
                if (merged.TryAdd(name, whole))
                    continue;
                BundleEntryProto known = merged[name];
                if (known.Slices.Count == 0)
                    throw Fault(input, $"Duplicate tensor keyed by '{name}' encountered, when merging prefix: {input.Prefix}");
                if (known.Dtype != whole.Dtype || !known.Shape.Equals(whole.Shape))
                    throw Fault(input, $"the parts of tensor '{name}' disagree about its type or shape when merging prefix: {input.Prefix}");
            }
        }
    }

    private static void Join(List<Input> inputs, string destination, CancellationToken cancellation)
    {
        // Data files are numbered in the order in which entries tell of them, those without any entry last.
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        foreach (Input input in inputs)
        {
            foreach (Item item in input.Items.OrderBy(static i => i.Key, ByteOrder.Instance))
                numbers.TryAdd(input.DataPath(item.Stored.ShardId), numbers.Count);
        }

        using BundleWriter writer = BundleWriter.CreateSharded(destination, inputs.Sum(static i => i.ShardCount));
        foreach ((string file, int number) in numbers)
        {
            cancellation.ThrowIfCancellationRequested();
            writer.LinkShard(number, file);
        }

        foreach (Input input in inputs)
        {
            foreach (Item item in input.Items)
                writer.AddLinked(numbers[input.DataPath(item.Stored.ShardId)], item.Name, item.Part, item.Stored);
        }

        writer.Finish();
    }

    private static void Delete(Input input, string destination, bool withFolder)
    {
        Disk.Delete(input.Prefix + ".index");
        for (int i = 0; i < input.ShardCount; i++)
            Disk.Delete(input.DataPath(i));
        string folder = Path.GetDirectoryName(Path.GetFullPath(input.Prefix))!; // A file has a folder.
        if (withFolder && folder != Path.GetDirectoryName(Path.GetFullPath(destination)) && Directory.Exists(folder)
            && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Disk.DeleteFolder(folder);
        }
    }

    private static CheckpointFormatException Fault(Input input, string problem)
        => new($"Cannot merge '{input.Prefix}': {problem}.", CheckpointFault.BadStructure, input.Prefix + ".index");

    // A tensor or a part of one: what has bytes of its own.
    private sealed record Item(byte[] Key, string Name, (Shape FullShape, TensorSlice Slice)? Part, BundleEntryProto Stored);

    // One checkpoint: what has bytes, parts in the order of their list, and the entries of partitioned tensors.
    private sealed record Input(string Prefix, int ShardCount, bool IsBigEndian, IReadOnlyList<Item> Items, IReadOnlyList<(string Name, BundleEntryProto Stored)> Wholes)
    {
        public static Input Read(string prefix)
        {
            using BundleReader reader = BundleReader.Open(prefix);
            List<Item> items = [];
            List<(string, BundleEntryProto)> wholes = [];
            foreach (CheckpointEntry entry in reader.Entries)
            {
                byte[] name = TensorName.Encode(entry.Name);
                BundleEntryProto stored = reader.Stored(entry.Name);
                if (!entry.IsPartitioned)
                {
                    items.Add(new Item(name, entry.Name, null, stored));
                    continue;
                }

                wholes.Add((entry.Name, stored));
                foreach (TensorSlice slice in entry.Slices)
                {
                    byte[] key = SliceKey.Encode(name, slice);
                    items.Add(new Item(key, entry.Name, (entry.Shape, slice), reader.Stored(TensorName.Decode(key))));
                }
            }

            return new Input(prefix, reader.ShardCount, reader.IsBigEndian, items, wholes);
        }

        public string DataPath(int shard) => CheckpointPath.DataPath(Prefix, shard, ShardCount);
    }
}
