using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>The saving nodes of a saver that writes a file a device.</summary>
/// <remarks>Source: TensorFlow 1.15's BaseSaverBuilder: V2 files are merged into one checkpoint, V1 files stay side by side.</remarks>
internal sealed class ShardedSaverNodes(Graph graph, Output path, int shardCount)
{
    // Of the machine that the variables are on.
    private const string Cpu = "/device:CPU:0";

    /// <summary>Adds the nodes that save.</summary>
    /// <param name="devices">What each device holds.</param>
    /// <param name="save">Writes some variables to a path; gives the path when that is done.</param>
    /// <param name="version">Format of the files.</param>
    /// <returns>The path of the checkpoint, when it is written.</returns>
    public Output Save(
        IReadOnlyList<(string Device, Saveable[] Saveables)> devices,
        Func<Output, IReadOnlyList<Saveable>, Output> save,
        SaverDef.Types.CheckpointFormatVersion version) => version == SaverDef.Types.CheckpointFormatVersion.V1 ? SaveV1(devices, save) : SaveV2(devices, save);

    private Output SaveV1(IReadOnlyList<(string Device, Saveable[] Saveables)> devices, Func<Output, IReadOnlyList<Saveable>, Output> save)
    {
        Output count = graph.Constant(shardCount, name: "num_shards");
        var saves = new Operation[shardCount];
        for (int shard = 0; shard < shardCount; shard++)
        {
            using (graph.Device(devices[shard].Device))
                saves[shard] = save(graph.ShardedFilename(path, shard, count), devices[shard].Saveables).Operation;
        }

        using (graph.ControlDependencies(saves))
            return graph.AddOperation("ShardedFilespec", null, null, path, count)[0];
    }

    private Output SaveV2(IReadOnlyList<(string Device, Saveable[] Saveables)> devices, Func<Output, IReadOnlyList<Saveable>, Output> save)
    {
        // Two processes may save under one prefix: each has a temporary folder of its own.
        Output temporary = graph.StringJoin([path, $"_temp_{Guid.NewGuid():N}/part"]);
        Output count = graph.Constant(shardCount, name: "num_shards");
        var saves = new Operation[shardCount];
        var prefixes = new Operand[shardCount];
        for (int shard = 0; shard < shardCount; shard++)
        {
            using (graph.Device(devices[shard].Device))
            using (graph.Device(Cpu))
            {
                Output filename = graph.ShardedFilename(temporary, shard, count);
                prefixes[shard] = filename;
                saves[shard] = save(filename, devices[shard].Saveables).Operation;
            }
        }

        using (graph.ControlDependencies(saves))
        using (graph.Device(devices[^1].Device))
        using (graph.Device(Cpu))
        {
            using (graph.ControlDependencies(Merge(prefixes)))
                return graph.Identity(path);
        }
    }

    private Operation Merge(Operand[] prefixes)
    {
        using NameScope scope = graph.NameScope("MergeV2Checkpoints");
        Output all = graph.Stack(prefixes, name: "checkpoint_prefixes");
        return graph.AddOperation("MergeV2Checkpoints", scope.Name, null, all, path);
    }
}
