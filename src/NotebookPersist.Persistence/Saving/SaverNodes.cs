using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>Builds the nodes of a saver: one bulk write, one bulk read, an assignment a variable.</summary>
/// <remarks>Source: TensorFlow 1.15's BulkSaverBuilder, V2, one shard; names, attributes and devices are its.</remarks>
internal static class SaverNodes
{
    private const string RestoreDevice = "/device:CPU:0";

    public static SaverDef Build(Graph graph, IReadOnlyList<(string Name, Variable Variable)> variables, string? name, string? filename, int maxToKeep, double keepEveryHours)
    {
        (string Name, Variable Variable)[] saved = [.. variables.OrderBy(static v => v.Name, StringComparer.Ordinal)];
        string[] names = [.. saved.Select(static v => v.Name)];
        string[] slices = [.. saved.Select(static v => SliceOf(v.Variable))];
        using NameScope scope = graph.NameScope(name ?? "save");
        using IDisposable independent = graph.ClearControlDependencies();

        Output given = graph.PlaceholderWithDefault(filename ?? "model", Shape.Scalar, "filename");
        Output path = graph.PlaceholderWithDefault(given, Shape.Scalar, "Const");
        Operation save = graph.SaveV2(path, names, slices, [.. saved.Select(static v => ValueToSave(v.Variable))]);
        Output done;
        using (graph.ControlDependencies(save))
        using (graph.ColocateWith(path.Operation))
            done = graph.Identity(path, "control_dependency");

        Operation restore;
        using (graph.Device(RestoreDevice))
            restore = graph.RestoreV2(path, names, slices, [.. saved.Select(static v => v.Variable.DType)]);
        Operation[] assigns = [.. saved.Select((v, i) => AssignRestored(graph, v.Variable, restore.Outputs[i]))];
        Operation all = graph.Group(assigns, "restore_all");

        return new SaverDef
        {
            FilenameTensorName = path.Name,
            SaveTensorName = done.Name,
            RestoreOpName = all.Name,
            MaxToKeep = maxToKeep,
            KeepCheckpointEveryNHours = (float)keepEveryHours,
            Version = SaverDef.Types.CheckpointFormatVersion.V2,
        };
    }

    private static Output ValueToSave(Variable variable) => variable.IsResource ? variable.Value : variable.Reference;

    private static Operation AssignRestored(Graph graph, Variable variable, Output restored)
    {
        if (!variable.IsResource)
            return graph.Assign(variable.Reference, restored, validateShape: variable.Shape.IsFullyKnown).Operation;
        return graph.AddOperation("AssignVariableOp", null, null, variable.Reference, graph.Identity(restored));
    }

    // A part of a partitioned variable is stored under the whole one's name, with where it lies.
    private static string SliceOf(Variable variable)
    {
        if (variable.Slice is not { } slice)
            return "";
        IEnumerable<string> extents = slice.VarOffset.Zip(slice.VarShape, static (start, length) => $"{start},{length}");
        return $"{string.Join(' ', slice.FullShape)} {string.Join(':', extents)}";
    }
}
