using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>Builds the nodes of a saver: bulk writes, bulk reads, an assignment a variable.</summary>
/// <remarks>Source: TensorFlow 1.15's BulkSaverBuilder; names, attributes, devices and order are its.</remarks>
internal sealed class SaverNodes
{
    private readonly Graph _graph;
    private readonly SaverLayout _layout;
    private readonly IReadOnlyList<Saveable> _saveables;

    private SaverNodes(Graph graph, IReadOnlyList<Saveable> saveables, SaverLayout layout) => (_graph, _saveables, _layout) = (graph, saveables, layout);

    /// <summary>Makes the nodes.</summary>
    /// <returns>Their names; how many checkpoints are kept is left to the caller.</returns>
    public static SaverDef Build(Graph graph, IReadOnlyList<Saveable> saveables, SaverLayout layout) => new SaverNodes(graph, saveables, layout).Build();

    private SaverDef Build()
    {
        using NameScope scope = _graph.NameScope(_layout.Name ?? "save");
        using IDisposable independent = _graph.ClearControlDependencies();

        Output given = _graph.PlaceholderWithDefault(_layout.Filename ?? "model", Shape.Scalar, "filename");
        Output path = _graph.PlaceholderWithDefault(given, Shape.Scalar, "Const");
        Output saved;
        Operation restored;
        if (_layout.Sharded)
        {
            (string Device, Saveable[] Saveables)[] devices = GroupByDevice();
            saved = new ShardedSaverNodes(_graph, path, devices.Length).Save(devices, AddSave, _layout.Version);
            restored = RestoreShards(path, devices);
        }
        else
        {
            saved = AddSave(path, _saveables);
            restored = Restore(path, _saveables, "restore_all");
        }

        return new SaverDef
        {
            FilenameTensorName = path.Name,
            SaveTensorName = saved.Name,
            RestoreOpName = restored.Name,
            Sharded = _layout.Sharded,
            Version = _layout.Version,
        };
    }

    private (string Device, Saveable[] Saveables)[] GroupByDevice() =>
    [
        // To learn the device of a part, TensorFlow reads it.
        .. _saveables.GroupBy(s => Canonical(s.Value().Operation.Device), StringComparer.Ordinal)
            .OrderBy(static g => g.Key, StringComparer.Ordinal)
            .Select(static g => (g.Key, (Saveable[])[.. g])),
    ];

    private string Canonical(string device)
    {
        using (_graph.Device(null))
        using (_graph.Device(device))
            return _graph.CurrentDevice;
    }

    private Output AddSave(Output path, IReadOnlyList<Saveable> saveables)
    {
        Output[] values = [.. saveables.Select(static s => s.Value())];
        Operation save = _layout.Version == SaverDef.Types.CheckpointFormatVersion.V1
            ? _graph.AddOperation("SaveSlices", "save", null, [path, Names(saveables), Slices(saveables), .. values.Select(static v => (Operand)v)])
            : _graph.SaveV2(path, Names(saveables), Slices(saveables), values);
        using (_graph.ControlDependencies(save))
        using (_graph.ColocateWith(path.Operation))
            return _graph.Identity(path, "control_dependency");
    }

    private Operation RestoreShards(Output path, IEnumerable<(string Device, Saveable[] Saveables)> devices)
    {
        var shards = new List<Operation>();
        foreach ((string device, Saveable[] saveables) in devices)
        {
            using (_graph.Device(device))
                shards.Add(Restore(path, saveables, "restore_shard"));
        }

        return _graph.Group([.. shards], "restore_all");
    }

    // Each read is as good as sequential, so that TensorFlow's bulk builder passes over restore_sequentially as well.
    private Operation Restore(Output path, IReadOnlyList<Saveable> saveables, string name)
    {
        Operation restore;
        using (_graph.Device("cpu:0"))
            restore = _graph.RestoreV2(path, Names(saveables), Slices(saveables), [.. saveables.Select(static s => s.Variable.DType)]);
        var assigns = new Operation[saveables.Count];
        for (int i = 0; i < assigns.Length; i++)
            assigns[i] = saveables[i].Assign(restore.Outputs[i], _layout.Reshape ? ShapeOf(saveables[i].Value()) : default(Operand?));
        return _graph.Group(assigns, name);
    }

    private Operand ShapeOf(Output value) => value.Shape.IsFullyKnown
        ? (Operand)Array.ConvertAll(value.Shape.ToArray(), static d => checked((int)d))
        : _graph.AddOperation("Shape", null, null, value)[0];

    private static string[] Names(IReadOnlyList<Saveable> saveables) => [.. saveables.Select(static s => s.Name)];

    private static string[] Slices(IReadOnlyList<Saveable> saveables) => [.. saveables.Select(static s => s.Slice)];
}
