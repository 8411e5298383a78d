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

    /// <summary>What the last restore did; null before.</summary>
    public RestoreReport? LastRestore { get; private set; }

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="session">Holds the values.</param>
    /// <param name="savePath">Prefix of the files; its folder is made where it is missing.</param>
    /// <param name="globalStep">Appended to the prefix after a dash; 0 is a step like any other.</param>
    /// <param name="latestFilename">Name of the state file; by default <c>checkpoint</c>.</param>
    /// <param name="metaGraphSuffix">Suffix of the meta graph's file.</param>
    /// <param name="writeMetaGraph">Whether the graph is written beside.</param>
    /// <param name="writeState">Whether the state file is written and old checkpoints are deleted.</param>
    /// <param name="cancellation">Stops the save; the earlier checkpoint stays.</param>
    /// <returns>Prefix of the files written.</returns>
    /// <exception cref="ArgumentException">The path or the name of the state file cannot be.</exception>
    /// <exception cref="RunException">A variable has no value.</exception>
    /// <exception cref="GraphException">The saver is one of an old graph that writes V1 checkpoints, or the graph is larger than 2 GiB.</exception>
    /// <exception cref="IOException">A file cannot be written; nothing is left behind.</exception>
    public string Save(
        Session session,
        string savePath,
        GlobalStep? globalStep = null,
        string? latestFilename = null,
        string metaGraphSuffix = "meta",
        bool writeMetaGraph = true,
        bool writeState = true,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentException.ThrowIfNullOrEmpty(savePath);
        RequireSameGraph(session);
        if (latestFilename is not null && Path.GetFileName(latestFilename) != latestFilename)
            throw new ArgumentException($"'latestFilename' must not contain path components; '{latestFilename}' was given.", nameof(latestFilename));
        string state = latestFilename ?? "checkpoint";
        string prefix = globalStep is { } step ? string.Create(CultureInfo.InvariantCulture, $"{savePath}-{step.Evaluate(session)}") : savePath;
        if (Path.GetFileName(prefix) is { Length: 0 })
            throw new ArgumentException($"The save path '{savePath}' names a folder. Add a file name to it, such as '{savePath}model.ckpt'.", nameof(savePath));
        if (Path.GetFileName(prefix) == state)
            throw new ArgumentException($"'latestFilename' collides with 'savePath': '{state}' and '{savePath}'.", nameof(savePath));

        string folder = Path.GetDirectoryName(prefix) is { Length: > 0 } parent ? parent : ".";
        if (File.Exists(folder))
            throw new IOException($"Parent directory of '{prefix}' doesn't exist, can't save: '{folder}' is a file.");
        string saved = Write(session, prefix, cancellation);
        if (writeMetaGraph)
            MetaGraphFiles.Export(MetaGraphPath(saved, metaGraphSuffix), Graph, Definition);
        if (writeState)
            Keep(saved, folder, state, metaGraphSuffix);
        return saved;
    }

    /// <summary>Gives the saver's variables the values of a checkpoint.</summary>
    /// <param name="session">Takes the values; needs no initialisation.</param>
    /// <param name="savePath">A prefix, any of its files, or a folder, whose newest checkpoint is meant.</param>
    /// <param name="cancellation">Stops the restore.</param>
    /// <returns>What was compared and read.</returns>
    /// <exception cref="FileNotFoundException">There is no such checkpoint.</exception>
    /// <exception cref="RestoreException">Variables are missing or differ; all are told, and no variable is changed.</exception>
    /// <exception cref="CheckpointFormatException">A file is damaged.</exception>
    public RestoreReport Restore(Session session, string savePath, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentException.ThrowIfNullOrEmpty(savePath);
        RequireSameGraph(session);
        long start = Stopwatch.GetTimestamp();
        CheckpointPath found = CheckpointStates.Resolve(savePath);
        IReadOnlyDictionary<string, TensorSpec> wanted = RestoreTargets.Of(Graph, Definition);
        RestoreReport report;
        using (Checkpoint checkpoint = Checkpoint.Open(found.Prefix))
        {
            report = checkpoint.Compare(wanted) with
            {
                ByteCount = checkpoint.Tensors.Where(t => wanted.ContainsKey(t.Name)).Sum(static t => t.ByteCount),
            };
        }

        if (!report.Fits)
        {
            throw new RestoreException(
                $"Restoring from checkpoint '{found.Prefix}' failed: the graph and the checkpoint do not agree. No variable was changed.\n{report.Explain()}",
                report);
        }

        Assign(session, found.Prefix, cancellation);
        return LastRestore = report with { Elapsed = Stopwatch.GetElapsedTime(start) };
    }

    /// <summary>Goes on with the checkpoints that an earlier process left, as listed by a state file.</summary>
    /// <remarks>Checkpoints that are gone are passed over.</remarks>
    public void RecoverLastCheckpoints(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _retention.Recover(paths
            .Select(static p => CheckpointPath.TryResolve(p))
            .OfType<CheckpointPath>()
            .Select(static p => (p.Prefix, (DateTimeOffset)File.GetLastWriteTimeUtc(File.Exists(p.IndexPath) ? p.IndexPath : p.Prefix))));
    }

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

    // The shards of an old checkpoint share one meta graph.
    private static string MetaGraphPath(string prefix, string suffix) => $"{ShardSuffix().Replace(prefix, "")}.{suffix}";

    [GeneratedRegex(@"-[\d?]+-of-\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex ShardSuffix();

    private static void Delete(string prefix, string metaGraphSuffix)
    {
        string folder = Path.GetDirectoryName(prefix) is { Length: > 0 } parent ? parent : ".";
        string name = Path.GetFileName(prefix);
        if (!Directory.Exists(folder))
            return;

        // The index goes first: without it the rest is no checkpoint that somebody could half read.
        File.Delete(prefix + ".index");
        foreach (string data in Directory.EnumerateFiles(folder, name + ".data-*"))
        {
            if (DataFile().IsMatch(Path.GetFileName(data)[name.Length..]))
                File.Delete(data);
        }

        File.Delete(MetaGraphPath(prefix, metaGraphSuffix));
    }

    [GeneratedRegex(@"^\.data-\d{5}-of-\d{5}$", RegexOptions.CultureInvariant)]
    private static partial Regex DataFile();

    private string Write(Session session, string prefix, CancellationToken cancellation)
    {
        try
        {
            return (string)session.Run(Graph.GetTensorByName(Definition.SaveTensorName), new FeedDict { [Definition.FilenameTensorName] = prefix }, cancellation);
        }
        catch (RunException failed) when (failed is { Code: RunErrorCode.Unimplemented, OpName: "Save" or "SaveSlices" })
        {
            throw new GraphException(
                $"Cannot save to '{prefix}': the saver of this graph writes V1 checkpoints, which are only read here. Make a new Saver of the graph's variables, which writes V2.",
                failed.NodeName,
                failed.OpName,
                failed);
        }
        catch (RunException failed) when (failed.InnerException is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot save to '{prefix}': {failed.InnerException.Message} Choose a folder that may be written to.", failed.InnerException);
        }
    }

    // All is read before the first variable changes, whatever order the nodes of an old graph have; the assignments then cannot be stopped half-way.
    private void Assign(Session session, string prefix, CancellationToken cancellation)
    {
        IReadOnlyList<Output> values = RestoreTargets.AssignedValues(Graph, Definition);
        Tensor?[] read;
        try
        {
            read = session.Run([.. values.Select(static v => (Fetch)v)], new FeedDict { [Definition.FilenameTensorName] = prefix }, cancellation);
        }
        catch (RunException failed) when (failed.InnerException is KernelException { InnerException: IOException damage })
        {
            ExceptionDispatchInfo.Throw(damage);
            throw;
        }

        var feeds = new FeedDict { [Definition.FilenameTensorName] = prefix };
        for (int i = 0; i < read.Length; i++)
            feeds[values[i]] = read[i]!; // Values, unlike operations, are never null.
        CancellationToken ambient = Session.AmbientCancellation;
        Session.AmbientCancellation = CancellationToken.None;
        try
        {
            session.Run(Graph.GetOperationByName(Definition.RestoreOpName), feeds, CancellationToken.None);
        }
        finally
        {
            Session.AmbientCancellation = ambient;
        }
    }

    private void Keep(string saved, string folder, string state, string metaGraphSuffix)
    {
        string? leaving = _retention.Add(saved, _time.GetUtcNow(), out bool keep);
        CheckpointStates.Update(folder, saved, LastCheckpoints, state);
        if (leaving is not null && !keep)
            Delete(leaving, metaGraphSuffix);
    }

    private void RequireSameGraph(Session session)
    {
        if (session.Graph != Graph)
            throw new ArgumentException("The session runs another graph than the saver's. Make the saver and the session over one graph.", nameof(session));
    }
}
