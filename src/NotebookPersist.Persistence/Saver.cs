using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Writes variables to checkpoints and reads them back.</summary>
/// <remarks>
/// Makes the nodes that TensorFlow 1.15's Saver makes, so that its meta graphs are TensorFlow's. A save is atomic: files are written
/// beside, flushed to disk and renamed, the state file last. Thread safety: one save or restore at a time.
/// Source: TensorFlow's <c>tf.train.Saver</c>.
/// </remarks>
public sealed partial class Saver
{
    private readonly TimeProvider _time;
    private readonly Retention _retention;

    /// <summary>A saver of all global variables, or of those listed.</summary>
    /// <param name="varList">Variables, each stored under its own name; null for all global ones.</param>
    /// <param name="maxToKeep">How many checkpoints are kept; 0 keeps all and lists only the newest.</param>
    /// <param name="keepCheckpointEveryNHours">Unit: hours. One checkpoint of each such period is kept for good.</param>
    /// <param name="name">Name scope of its nodes; by default "save".</param>
    /// <param name="filename">Default of the file name that its nodes are fed with; by default "model".</param>
    /// <param name="graph">The graph; by default that of the variables, or the default one.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">There are no variables, or two have one name.</exception>
    public Saver(
        IEnumerable<Variable>? varList = null,
        int maxToKeep = 5,
        double keepCheckpointEveryNHours = 10000.0,
        string? name = null,
        string? filename = null,
        Graph? graph = null,
        TimeProvider? time = null)
        : this(ByName(varList ?? (graph ?? Graph.Default).GetCollection<Variable>(GraphKeys.GlobalVariables)), maxToKeep, keepCheckpointEveryNHours, name, filename, graph, time)
    {
    }

    /// <summary>A saver of variables under names of one's own choice.</summary>
    /// <param name="varList">Variables by their names in the checkpoint.</param>
    /// <param name="maxToKeep">How many checkpoints are kept; 0 keeps all and lists only the newest.</param>
    /// <param name="keepCheckpointEveryNHours">Unit: hours. One checkpoint of each such period is kept for good.</param>
    /// <param name="name">Name scope of its nodes; by default "save".</param>
    /// <param name="filename">Default of the file name that its nodes are fed with; by default "model".</param>
    /// <param name="graph">The graph; by default that of the variables.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">There are no variables, or one is listed under two names.</exception>
    public Saver(
        IReadOnlyDictionary<string, Variable> varList,
        int maxToKeep = 5,
        double keepCheckpointEveryNHours = 10000.0,
        string? name = null,
        string? filename = null,
        Graph? graph = null,
        TimeProvider? time = null)
        : this(Named(varList), maxToKeep, keepCheckpointEveryNHours, name, filename, graph, time)
    {
    }

    /// <summary>A saver over nodes that a graph already has, such as those of an imported meta graph.</summary>
    /// <param name="definition">Names of the nodes.</param>
    /// <param name="graph">The graph; by default the default one.</param>
    /// <param name="scope">Scope that the graph was imported under; empty for none.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="KeyNotFoundException">The graph has no such nodes.</exception>
    public Saver(SaverDef definition, Graph? graph = null, string scope = "", TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Graph = graph ?? Graph.Default;
        Definition = definition.Clone();
        if (!string.IsNullOrEmpty(scope))
        {
            string prefix = scope.TrimEnd('/') + "/";
            Definition.FilenameTensorName = prefix + Definition.FilenameTensorName;
            Definition.SaveTensorName = prefix + Definition.SaveTensorName;
            Definition.RestoreOpName = prefix + Definition.RestoreOpName;
        }

        Graph.GetTensorByName(Definition.FilenameTensorName);
        Graph.GetTensorByName(Definition.SaveTensorName);
        Graph.GetOperationByName(Definition.RestoreOpName);
        _time = time ?? TimeProvider.System;
        _retention = new Retention(Definition.MaxToKeep, Definition.KeepCheckpointEveryNHours, _time.GetUtcNow());
    }

    private Saver(
        List<(string Name, Variable Variable)> varList, int maxToKeep, double keepCheckpointEveryNHours, string? name, string? filename, Graph? graph, TimeProvider? time)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxToKeep);
        ArgumentOutOfRangeException.ThrowIfNegative(keepCheckpointEveryNHours);
        if (varList.Count == 0)
            throw new ArgumentException("No variables to save. Make a variable first, or list those to save.", nameof(varList));
        Graph = graph ?? varList[0].Variable.Graph;
        Definition = SaverNodes.Build(Graph, varList, name, filename, maxToKeep, keepCheckpointEveryNHours);
        _time = time ?? TimeProvider.System;
        _retention = new Retention(maxToKeep, keepCheckpointEveryNHours, _time.GetUtcNow());
    }

    /// <summary>The graph of its nodes.</summary>
    public Graph Graph { get; }

    /// <summary>Names of its nodes and how many checkpoints it keeps, as meta graphs store it.</summary>
    public SaverDef Definition { get; }

    /// <summary>Names in the checkpoint of what it saves and restores.</summary>
    public IReadOnlyCollection<string> Names => [.. RestoreTargets.Of(Graph, Definition).Keys];

    /// <summary>Prefixes of the checkpoints it keeps, oldest first.</summary>
    public IReadOnlyList<string> LastCheckpoints => [.. _retention.Checkpoints.Select(static c => c.Path)];

    /// <summary>Writes the saver's graph.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void ExportMetaGraph(string path) => MetaGraphFiles.Export(path, Graph, Definition);

    // Parts of a partitioned variable are stored under the name of the whole one.
    private static List<(string Name, Variable Variable)> ByName(IEnumerable<Variable> varList)
    {
        List<(string Name, Variable Variable)> named = [.. varList.Distinct().Select(static v => (v.Slice?.FullName ?? v.OperationName, v))];
        if (named.GroupBy(static v => v.Name, StringComparer.Ordinal).FirstOrDefault(static g => g.Count() > 1 && g.Any(static v => v.Variable.Slice is null)) is { } twice)
            throw new ArgumentException($"At least two variables have the same name: '{twice.Key}'.", nameof(varList));
        return named;
    }

    private static List<(string Name, Variable Variable)> Named(IReadOnlyDictionary<string, Variable> varList)
    {
        ArgumentNullException.ThrowIfNull(varList);
        if (varList.GroupBy(static v => v.Value, static v => v.Key).FirstOrDefault(static g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The same saveable will be restored with two names: {string.Join(", ", twice.Select(static n => $"'{n}'"))}.", nameof(varList));
        return [.. varList.Select(static v => (v.Key, v.Value))];
    }

    private void RequireSameGraph(Session session)
    {
        if (session.Graph != Graph)
            throw new ArgumentException("The session runs another graph than the saver's. Make the saver and the session over one graph.", nameof(session));
    }
}
