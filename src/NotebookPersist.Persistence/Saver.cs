using System.Runtime.CompilerServices;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Writes variables to checkpoints and reads them back.</summary>
/// <remarks>
/// Makes the nodes that TensorFlow 1.15's Saver makes, so that its meta graphs are TensorFlow's. A save is atomic: files are written
/// beside, flushed to disk and renamed, the state file last. Thread safety: one save or restore at a time.
/// Source: TensorFlow's <c>tf.train.Saver</c>; it takes all its arguments but <c>builder</c>, which would need other classes of nodes.
/// </remarks>
public sealed partial class Saver
{
    private const double NeverForGood = 10000.0;

    private readonly TimeProvider _time;
    private readonly bool _padStepNumber;
    private readonly bool _saveRelativePaths;
    private readonly bool _resumeCheckpoints;
    private readonly bool _keepsForGood;
    private readonly HashSet<string> _resumed = new(StringComparer.Ordinal);
    private Retention _retention;
    private SaverDef? _definition;
    private Action? _build;
    private bool _setByCaller;

    /// <summary>A saver of all global variables, or of those listed.</summary>
    /// <param name="varList">
    /// Variables, each stored under its own name, parts of a partitioned one under that of the whole; in a dictionary each, or its parts, under the name given. Null for all global ones.
    /// </param>
    /// <param name="reshape">Whether a checkpoint's tensors may have other shapes than the variables, of as many elements.</param>
    /// <param name="sharded">Whether the variables of each device go to a file of their own.</param>
    /// <param name="maxToKeep">How many checkpoints are kept; null or 0 keeps all and lists only the newest.</param>
    /// <param name="keepCheckpointEveryNHours">Unit: hours. One checkpoint of each such period is kept for good.</param>
    /// <param name="name">Name scope of its nodes; by default "save".</param>
    /// <param name="restoreSequentially">Changes nothing, as in TensorFlow: its nodes read one tensor after the other in any case.</param>
    /// <param name="deferBuild">Whether its nodes are made later, by <see cref="Build()"/>, of the variables that there are then.</param>
    /// <param name="allowEmpty">Whether there may be no variables; saving then writes the graph only, and restoring does nothing.</param>
    /// <param name="writeVersion">Format of its checkpoints; both are read.</param>
    /// <param name="padStepNumber">Whether steps in names have at least 8 digits.</param>
    /// <param name="saveRelativePaths">Whether the state file names checkpoints relative to itself, so that its folder can be moved; false writes them as they are given.</param>
    /// <param name="filename">Default of the file name that its nodes are fed with; by default "model".</param>
    /// <param name="resumeCheckpoints">Whether the first save to a folder takes over the checkpoints that an earlier process left there, as its state file lists them.</param>
    /// <param name="graph">The graph; by default that of the variables, or the default one.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">There are no variables, or two have one name, or variables are listed of a saver whose building is put off.</exception>
    public Saver(
        IEnumerable<Variable>? varList = null,
        bool reshape = false,
        bool sharded = false,
        int? maxToKeep = 5,
        double keepCheckpointEveryNHours = NeverForGood,
        string? name = null,
        bool restoreSequentially = false,
        bool deferBuild = false,
        bool allowEmpty = false,
        SaverDef.Types.CheckpointFormatVersion writeVersion = SaverDef.Types.CheckpointFormatVersion.V2,
        bool padStepNumber = false,
        bool saveRelativePaths = true,
        string? filename = null,
        bool resumeCheckpoints = true,
        Graph? graph = null,
        TimeProvider? time = null)
        : this(graph ?? varList?.FirstOrDefault()?.Graph, maxToKeep, keepCheckpointEveryNHours, padStepNumber, saveRelativePaths, resumeCheckpoints, time)
    {
        if (deferBuild && varList is not null)
            throw new ArgumentException("Where 'varList' is given, building cannot be put off. Leave out either 'deferBuild' or 'varList'.", nameof(varList));
        var layout = new SaverLayout(name, filename, reshape, sharded, Known(writeVersion));
        Variable[]? listed = varList is null ? null : [.. varList];
        _build = () => Build(Saveable.FromList(listed ?? Graph.GetCollection<Variable>(GraphKeys.GlobalVariables)), layout, maxToKeep, keepCheckpointEveryNHours, allowEmpty);
        if (!deferBuild)
            Build();
    }

    /// <summary>A saver of variables under names of one's own choice.</summary>
    /// <inheritdoc cref="Saver(IEnumerable{Variable}, bool, bool, int?, double, string, bool, bool, bool, SaverDef.Types.CheckpointFormatVersion, bool, bool, string, bool, Graph, TimeProvider)"/>
    /// <exception cref="ArgumentException">There are no variables, or one is listed under two names.</exception>
    public Saver(
        IReadOnlyDictionary<string, Variable> varList,
        bool reshape = false,
        bool sharded = false,
        int? maxToKeep = 5,
        double keepCheckpointEveryNHours = NeverForGood,
        string? name = null,
        bool restoreSequentially = false,
        bool allowEmpty = false,
        SaverDef.Types.CheckpointFormatVersion writeVersion = SaverDef.Types.CheckpointFormatVersion.V2,
        bool padStepNumber = false,
        bool saveRelativePaths = true,
        string? filename = null,
        bool resumeCheckpoints = true,
        Graph? graph = null,
        TimeProvider? time = null)
        : this(graph ?? varList?.Values.FirstOrDefault()?.Graph, maxToKeep, keepCheckpointEveryNHours, padStepNumber, saveRelativePaths, resumeCheckpoints, time)
    {
        ArgumentNullException.ThrowIfNull(varList);
        Build(Saveable.FromNames(varList), new SaverLayout(name, filename, reshape, sharded, Known(writeVersion)), maxToKeep, keepCheckpointEveryNHours, allowEmpty);
    }

    /// <summary>A saver of variables under names of one's own choice, written as <c>new Saver(new() { ["weights"] = w })</c>.</summary>
    /// <inheritdoc cref="Saver(IReadOnlyDictionary{string, Variable}, bool, bool, int?, double, string, bool, bool, SaverDef.Types.CheckpointFormatVersion, bool, bool, string, bool, Graph, TimeProvider)"/>
    [OverloadResolutionPriority(1)]
    public Saver(
        Dictionary<string, Variable> varList,
        bool reshape = false,
        bool sharded = false,
        int? maxToKeep = 5,
        double keepCheckpointEveryNHours = NeverForGood,
        string? name = null,
        bool restoreSequentially = false,
        bool allowEmpty = false,
        SaverDef.Types.CheckpointFormatVersion writeVersion = SaverDef.Types.CheckpointFormatVersion.V2,
        bool padStepNumber = false,
        bool saveRelativePaths = true,
        string? filename = null,
        bool resumeCheckpoints = true,
        Graph? graph = null,
        TimeProvider? time = null)
        : this(
            (IReadOnlyDictionary<string, Variable>)varList, reshape, sharded, maxToKeep, keepCheckpointEveryNHours, name, restoreSequentially, allowEmpty, writeVersion,
            padStepNumber, saveRelativePaths, filename, resumeCheckpoints, graph, time)
    {
    }

    /// <summary>A saver of partitioned variables under names of one's own choice.</summary>
    /// <inheritdoc cref="Saver(IReadOnlyDictionary{string, Variable}, bool, bool, int?, double, string, bool, bool, SaverDef.Types.CheckpointFormatVersion, bool, bool, string, bool, Graph, TimeProvider)"/>
    /// <exception cref="ArgumentException">There are no variables, one is listed under two names, or what is under one name is not of one variable.</exception>
    public Saver(
        IReadOnlyDictionary<string, IReadOnlyList<Variable>> varList,
        bool reshape = false,
        bool sharded = false,
        int? maxToKeep = 5,
        double keepCheckpointEveryNHours = NeverForGood,
        string? name = null,
        bool restoreSequentially = false,
        bool allowEmpty = false,
        SaverDef.Types.CheckpointFormatVersion writeVersion = SaverDef.Types.CheckpointFormatVersion.V2,
        bool padStepNumber = false,
        bool saveRelativePaths = true,
        string? filename = null,
        bool resumeCheckpoints = true,
        Graph? graph = null,
        TimeProvider? time = null)
        : this(graph ?? varList?.Values.SelectMany(static v => v).FirstOrDefault()?.Graph, maxToKeep, keepCheckpointEveryNHours, padStepNumber, saveRelativePaths, resumeCheckpoints, time)
    {
        ArgumentNullException.ThrowIfNull(varList);
        Build(Saveable.FromNames(varList), new SaverLayout(name, filename, reshape, sharded, Known(writeVersion)), maxToKeep, keepCheckpointEveryNHours, allowEmpty);
    }

    /// <summary>A saver over nodes that a graph already has, such as those of an imported meta graph.</summary>
    /// <param name="definition">Names of the nodes, and how many checkpoints are kept.</param>
    /// <param name="graph">The graph; by default the default one.</param>
    /// <param name="scope">Scope that the graph was imported under; empty for none.</param>
    /// <param name="padStepNumber">Whether steps in names have at least 8 digits.</param>
    /// <param name="saveRelativePaths">Whether the state file names checkpoints relative to itself; false writes them as they are given.</param>
    /// <param name="resumeCheckpoints">Whether the first save to a folder takes over the checkpoints that an earlier process left there.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">The definition names no node that saves, or none that restores.</exception>
    /// <exception cref="KeyNotFoundException">The graph has no such nodes.</exception>
    public Saver(
        SaverDef definition,
        Graph? graph = null,
        string scope = "",
        bool padStepNumber = false,
        bool saveRelativePaths = true,
        bool resumeCheckpoints = true,
        TimeProvider? time = null)
        : this(graph, definition?.MaxToKeep, definition?.KeepCheckpointEveryNHours ?? NeverForGood, padStepNumber, saveRelativePaths, resumeCheckpoints, time)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (definition.SaveTensorName.Length == 0 || definition.RestoreOpName.Length == 0)
        {
            throw new ArgumentException(
                $"The saver definition names no node that {(definition.SaveTensorName.Length == 0 ? "saves (save_tensor_name)" : "restores (restore_op_name)")}.", nameof(definition));
        }

        _definition = definition.Clone();
        if (!string.IsNullOrEmpty(scope))
        {
            string prefix = scope.TrimEnd('/') + "/";
            _definition.FilenameTensorName = prefix + _definition.FilenameTensorName;
            _definition.SaveTensorName = prefix + _definition.SaveTensorName;
            _definition.RestoreOpName = prefix + _definition.RestoreOpName;
        }

        Graph.GetTensorByName(_definition.FilenameTensorName);
        Graph.GetTensorByName(_definition.SaveTensorName);
        Graph.GetOperationByName(_definition.RestoreOpName);
    }

    private Saver(Graph? graph, int? maxToKeep, double keepCheckpointEveryNHours, bool padStepNumber, bool saveRelativePaths, bool resumeCheckpoints, TimeProvider? time)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxToKeep ?? 0, nameof(maxToKeep));
        ArgumentOutOfRangeException.ThrowIfNegative(keepCheckpointEveryNHours);
        Graph = graph ?? Graph.Default;
        _time = time ?? TimeProvider.System;
        (_padStepNumber, _saveRelativePaths, _resumeCheckpoints) = (padStepNumber, saveRelativePaths, resumeCheckpoints);
        _keepsForGood = keepCheckpointEveryNHours < NeverForGood;
        _retention = new Retention(maxToKeep ?? 0, keepCheckpointEveryNHours, _time.GetUtcNow());
    }

    /// <summary>The graph of its nodes.</summary>
    public Graph Graph { get; }

    /// <summary>Names of its nodes and how many checkpoints it keeps, as meta graphs store it.</summary>
    /// <exception cref="InvalidOperationException">It is not built yet, or has no variables.</exception>
    public SaverDef Definition => _definition ?? throw new InvalidOperationException(
        IsEmpty ? "The saver has no variables, and so no nodes." : "The saver has no nodes yet, as their building was put off. Call Build() first.");

    /// <summary>True where it was made without variables, as it was allowed to.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>True where it has its nodes; false for one without variables, or whose building was put off.</summary>
    public bool IsBuilt => _definition is not null;

    /// <summary>Names in the checkpoint of what it saves and restores.</summary>
    public IReadOnlyCollection<string> Names => IsEmpty ? [] : [.. RestoreTargets.Of(Graph, Definition).Keys];

    /// <summary>Prefixes of the checkpoints it keeps, oldest first.</summary>
    public IReadOnlyList<string> LastCheckpoints => [.. _retention.Checkpoints.Select(static c => c.Path)];

    /// <summary>Makes the nodes, where that was put off; else does nothing.</summary>
    /// <exception cref="ArgumentException">There are no variables, or two have one name.</exception>
    public void Build()
    {
        _build?.Invoke();
        _build = null;
    }

    /// <summary>The definition as meta graphs store it, a copy; null for a saver without variables.</summary>
    /// <exception cref="InvalidOperationException">It is not built yet.</exception>
    public SaverDef? AsSaverDef() => IsEmpty ? null : Definition.Clone();

    /// <summary>The definition for a meta graph of one name scope.</summary>
    /// <param name="exportScope">The scope, whose name is left out; null for the whole graph.</param>
    /// <returns>Null for a saver without variables, or whose nodes are not all in the scope.</returns>
    /// <exception cref="InvalidOperationException">It is not built yet.</exception>
    public SaverDef? ToProto(string? exportScope = null)
    {
        SaverDef? definition = AsSaverDef();
        if (definition is null || string.IsNullOrEmpty(exportScope))
            return definition;
        string prefix = exportScope.TrimEnd('/') + "/";
        string[] names = [definition.FilenameTensorName, definition.SaveTensorName, definition.RestoreOpName];
        if (!names.All(n => n.StartsWith(prefix, StringComparison.Ordinal)))
            return null;
        (definition.FilenameTensorName, definition.SaveTensorName, definition.RestoreOpName) = (names[0][prefix.Length..], names[1][prefix.Length..], names[2][prefix.Length..]);
        return definition;
    }

    /// <summary>A saver over nodes that a graph already has.</summary>
    /// <param name="saverDef">Names of the nodes, and how many checkpoints are kept.</param>
    /// <param name="importScope">Scope that the graph was imported under; null for none.</param>
    /// <param name="graph">The graph; by default the default one.</param>
    /// <exception cref="ArgumentException">The definition names no node that saves, or none that restores.</exception>
    /// <exception cref="KeyNotFoundException">The graph has no such nodes.</exception>
    public static Saver FromProto(SaverDef saverDef, string? importScope = null, Graph? graph = null) => new(saverDef, graph, importScope ?? "");

    /// <summary>Goes on with the checkpoints that an earlier process left, as listed by a state file.</summary>
    /// <param name="checkpointPaths">Their prefixes, oldest first; those that are gone are passed over.</param>
    /// <remarks>Their time is that of their files. A save does this by itself unless <c>resumeCheckpoints</c> is false.</remarks>
    public void RecoverLastCheckpoints(IEnumerable<string> checkpointPaths)
    {
        ArgumentNullException.ThrowIfNull(checkpointPaths);
        SetLastCheckpointsWithTime(checkpointPaths.Select(static p => (Path: p, Time: CheckpointStates.TimeOf(p))).Where(static c => c.Time is not null).Select(static c => (c.Path, c.Time!.Value)));
    }

    /// <summary>Replaces the list of checkpoints to keep.</summary>
    /// <param name="lastCheckpoints">Prefixes, oldest first.</param>
    /// <remarks>As their times are not known they leave the list in turn, but are never deleted; give times to have them deleted.</remarks>
    public void SetLastCheckpoints(IEnumerable<string> lastCheckpoints)
    {
        ArgumentNullException.ThrowIfNull(lastCheckpoints);
        SetLastCheckpointsWithTime(lastCheckpoints.Select(static p => (p, DateTimeOffset.MaxValue)));
    }

    /// <summary>Replaces the list of checkpoints to keep.</summary>
    /// <param name="lastCheckpointsWithTime">Prefixes, oldest first, and when they were written.</param>
    public void SetLastCheckpointsWithTime(IEnumerable<(string Path, DateTimeOffset Time)> lastCheckpointsWithTime)
    {
        ArgumentNullException.ThrowIfNull(lastCheckpointsWithTime);
        _retention.Replace(lastCheckpointsWithTime);
        _setByCaller = true;
    }

    /// <summary>Writes the saver's graph.</summary>
    /// <inheritdoc cref="MetaGraphFiles.Export"/>
    public MetaGraphDef ExportMetaGraph(
        string? filename = null,
        IEnumerable<string>? collectionList = null,
        bool asText = false,
        string? exportScope = null,
        bool clearDevices = false,
        bool clearExtraneousSavers = false,
        bool stripDefaultAttrs = false,
        bool saveDebugInfo = false) =>
        MetaGraphFiles.Export(filename, Graph, AsSaverDef(), asText, clearDevices, collectionList, exportScope, clearExtraneousSavers, stripDefaultAttrs, saveDebugInfo);

    private static SaverDef.Types.CheckpointFormatVersion Known(SaverDef.Types.CheckpointFormatVersion version) =>
        version is SaverDef.Types.CheckpointFormatVersion.V1 or SaverDef.Types.CheckpointFormatVersion.V2
            ? version
            : throw new ArgumentOutOfRangeException(nameof(version), version, "Checkpoints are written as V1 or V2.");

    private void Build(IReadOnlyList<Saveable> saveables, SaverLayout layout, int? maxToKeep, double keepCheckpointEveryNHours, bool allowEmpty)
    {
        if (saveables.Count == 0)
        {
            if (!allowEmpty)
                throw new ArgumentException("No variables to save. Make a variable first, or list those to save.", nameof(saveables));
            IsEmpty = true;
            return;
        }

        SaverDef definition = SaverNodes.Build(Graph, saveables, layout);
        definition.MaxToKeep = maxToKeep ?? 0;
        definition.KeepCheckpointEveryNHours = (float)keepCheckpointEveryNHours;
        _definition = definition;

        // Periods of checkpoints that are kept for good begin when the saver is built.
        _retention = new Retention(definition.MaxToKeep, keepCheckpointEveryNHours, _time.GetUtcNow());
    }

    private void RequireSameGraph(Session session)
    {
        if (session.Graph != Graph)
            throw new ArgumentException("The session runs another graph than the saver's. Make the saver and the session over one graph.", nameof(session));
    }
}
