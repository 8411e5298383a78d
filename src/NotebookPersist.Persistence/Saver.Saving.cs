using System.Globalization;
using NotebookPersist.Execution;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

public sealed partial class Saver : IDisposable
{
    // Long enough for another process to finish its save of a large model.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly PendingSaves _pending = new();

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="session">Holds the values.</param>
    /// <param name="savePath">Prefix of the files; its folder is made where it is missing.</param>
    /// <param name="globalStep">Appended to the prefix after a dash; 0 is a step like any other.</param>
    /// <param name="latestFilename">Name of the state file; by default <c>checkpoint</c>.</param>
    /// <param name="metaGraphSuffix">Suffix of the meta graph's file.</param>
    /// <param name="writeMetaGraph">Whether the graph is written beside.</param>
    /// <param name="writeState">Whether the state file is written and old checkpoints are deleted.</param>
    /// <param name="stripDefaultAttrs">Whether the meta graph leaves out attributes at their defaults, so that older readers can follow.</param>
    /// <param name="options">Whether it is incremental and durable, and who is told of its progress.</param>
    /// <param name="saveDebugInfo">Whether where each node was made is written beside the meta graph, as <c>.debug</c>.</param>
    /// <param name="cancellation">Stops the save; the earlier checkpoint stays.</param>
    /// <returns>Prefix of the files written; of the shards of a V1 checkpoint a pattern; empty for a saver without variables, which writes the graph only.</returns>
    /// <remarks>An asynchronous save that is still being written is waited for.</remarks>
    /// <exception cref="ArgumentException">The path or the name of the state file cannot be.</exception>
    /// <exception cref="InvalidOperationException">The saver is not built yet.</exception>
    /// <exception cref="RunException">A variable has no value.</exception>
    /// <exception cref="GraphException">The graph is larger than 2 GiB.</exception>
    /// <exception cref="IOException">A file cannot be written; nothing is left behind.</exception>
    public string Save(
        Session session,
        string savePath,
        GlobalStep? globalStep = null,
        string? latestFilename = null,
        string metaGraphSuffix = "meta",
        bool writeMetaGraph = true,
        bool writeState = true,
        bool stripDefaultAttrs = false,
        SaveOptions? options = null,
        bool saveDebugInfo = false,
        CancellationToken cancellation = default)
    {
        SaveRequest request = Prepare(session, savePath, globalStep, latestFilename, metaGraphSuffix, writeMetaGraph, writeState, stripDefaultAttrs, saveDebugInfo, options);
        _pending.Wait(cancellation);
        WarnOfFailures();
        using VariableSnapshot snapshot = session.Snapshot(request.Values, cancellation);
        return Write(request, snapshot.Values, cancellation);
    }

    /// <summary>Writes a checkpoint in the background; returns when the values are noted down.</summary>
    /// <inheritdoc cref="Save"/>
    /// <returns>Ends with the prefix when the files are complete.</returns>
    /// <remarks>
    /// Training can go on at once: updates leave the noted values alone. An error is thrown by the task. As nobody may await that, the next save
    /// or <see cref="Dispose"/> tells it on standard error too, and refuses nothing. The process does not end before the files are written.
    /// </remarks>
    public Task<string> SaveAsync(
        Session session,
        string savePath,
        GlobalStep? globalStep = null,
        string? latestFilename = null,
        string metaGraphSuffix = "meta",
        bool writeMetaGraph = true,
        bool writeState = true,
        bool stripDefaultAttrs = false,
        SaveOptions? options = null,
        bool saveDebugInfo = false,
        CancellationToken cancellation = default)
    {
        SaveRequest request = Prepare(session, savePath, globalStep, latestFilename, metaGraphSuffix, writeMetaGraph, writeState, stripDefaultAttrs, saveDebugInfo, options);
        WarnOfFailures();
        VariableSnapshot snapshot = session.Snapshot(request.Values, cancellation);
        return _pending.Add(
            request.Options.Overlap,
            () =>
            {
                using (snapshot)
                    return Write(request, snapshot.Values, cancellation);
            },
            snapshot);
    }

    /// <summary>Waits for asynchronous saves; errors of theirs that were not told yet are told on standard error.</summary>
    /// <exception cref="IOException">A value of a lazy restore was found damaged.</exception>
    public void Dispose()
    {
        _pending.Wait(CancellationToken.None);
        WarnOfFailures();
        _promised?.ThrowIfFailed();
    }

    /// <summary>Waits until asynchronous saves are written, or have failed.</summary>
    /// <param name="cancellation">Stops the waiting, not the saves.</param>
    public void WaitForSaves(CancellationToken cancellation = default) => _pending.Wait(cancellation);

    /// <summary>Messages of asynchronous saves that failed since this was last asked, or since the last save; none is told twice.</summary>
    public IReadOnlyList<string> TakeFailures() => [.. _pending.TakeFailures().Select(static f => f.Message)];

    // Whoever awaited the task knows already, and nobody can tell: a word too many does less harm than an error nobody sees.
    private void WarnOfFailures()
    {
        foreach (string failure in TakeFailures())
            Console.Error.WriteLine($"warning: An earlier save in the background failed: {failure}");
    }

    private SaveRequest Prepare(
        Session session,
        string savePath,
        GlobalStep? globalStep,
        string? latestFilename,
        string metaGraphSuffix,
        bool writeMetaGraph,
        bool writeState,
        bool stripDefaultAttrs,
        bool saveDebugInfo,
        SaveOptions? options)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentException.ThrowIfNullOrEmpty(savePath);
        RequireSameGraph(session);
        if (latestFilename is not null && Path.GetFileName(latestFilename) != latestFilename)
            throw new ArgumentException($"'latestFilename' must not contain path components; '{latestFilename}' was given.", nameof(latestFilename));
        string state = latestFilename ?? "checkpoint";
        string prefix = globalStep is { } step ? $"{savePath}-{step.Evaluate(session).ToString(_padStepNumber ? "D8" : "D", CultureInfo.InvariantCulture)}" : savePath;
        if (Path.GetFileName(prefix) is { Length: 0 })
            throw new ArgumentException(CheckpointStates.NamesFolder(savePath), nameof(savePath));
        if (Path.GetFileName(prefix) == state)
            throw new ArgumentException($"'latestFilename' collides with 'savePath': '{state}' and '{savePath}'.", nameof(savePath));
        string folder = Path.GetDirectoryName(prefix) is { Length: > 0 } parent ? parent : ".";
        for (string? above = folder; above is { Length: > 0 }; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above))
                throw new IOException($"Parent directory of '{prefix}' doesn't exist, can't save: '{above}' is a file.");
        }

        // The graph is noted down now: cells that run before the files are written may change it.
        MetaGraphDef? metaGraph = writeMetaGraph ? MetaGraphFiles.Storable(Graph, AsSaverDef(), stripDefaultAttrs: stripDefaultAttrs) : null;
        GraphDebugInfo? debugInfo = metaGraph is not null && saveDebugInfo ? MetaGraphFiles.DebugInfo(Graph, metaGraph) : null;
        string? family = globalStep is null ? null : savePath;
        if (IsEmpty)
            return new SaveRequest(session, prefix, family, folder, state, metaGraphSuffix, metaGraph, debugInfo, WriteState: false, null, [], options ?? SaveOptions.Default);
        SavePlan? plan = SavePlan.Of(Graph, Definition.SaveTensorName);
        IReadOnlyList<Output> values = plan is null ? SavePlan.ValuesOf(Graph, Definition.SaveTensorName) : [.. plan.Items.Select(static i => i.Value)];
        return new SaveRequest(session, prefix, family, folder, state, metaGraphSuffix, metaGraph, debugInfo, writeState, plan, values, options ?? SaveOptions.Default);
    }

    private string Write(SaveRequest request, IReadOnlyList<Tensor> values, CancellationToken cancellation)
    {
        try
        {
            using FolderLock alone = FolderLock.Take(request.Folder, Patience, cancellation);
            bool isNew = CheckpointPath.TryResolve(request.Prefix) is null;
            string metaGraphPath = CheckpointStates.MetaGraphPath(request.Prefix, request.MetaGraphSuffix);

            // Written first, seen last: where the disk has no room for the graph, nothing has changed.
            using AtomicFile? graph = request.MetaGraph is { } metaGraph ? MessageFile.Prepare(metaGraphPath, metaGraph, request.Options.Durable) : null;
            using AtomicFile? debugInfo = request.DebugInfo is { } info ? MessageFile.Prepare(MetaGraphFiles.DebugInfoPath(metaGraphPath), info, request.Options.Durable) : null;
            IReadOnlyList<string> leaving = [];
            string saved = IsEmpty ? "" : request.Plan is { } plan ? WriteBundle(request, plan, values, cancellation) : RunNodes(request, values, cancellation);
            try
            {
                graph?.Commit();
                debugInfo?.Commit();
                if (request.WriteState)
                    leaving = WriteState(saved, request);
            }
            catch (IOException) when (isNew && saved.Length > 0)
            {
                // A checkpoint without its graph is half of one, and one that no state names is never found.
                CheckpointPath.Delete(saved, metaGraphPath);
                throw;
            }

            if (request.WriteState)
                CleanUp(leaving, request);
            return saved;
        }
        catch (Exception failed) when (failed is UnauthorizedAccessException or DirectoryNotFoundException or FileNotFoundException)
        {
            throw new IOException($"Cannot save to '{request.Prefix}': {failed.Message} Choose a folder that may be written to.", failed);
        }
    }

    private string WriteBundle(SaveRequest request, SavePlan plan, IReadOnlyList<Tensor> values, CancellationToken cancellation)
    {
        UnchangedTensors? unchanged = request.Options.Incremental && Newest(request) is { } newest
            ? UnchangedTensors.Since(newest, plan, values, cancellation)
            : null;
        new BundleSave(request.Prefix, plan, values, request.Options).Write(unchanged, cancellation);
        return request.Prefix;
    }

    private string? Newest(SaveRequest request)
    {
        try
        {
            return LastCheckpoints.Count > 0 ? LastCheckpoints[^1] : CheckpointStates.Latest(request.Folder, request.State);
        }
        catch (CheckpointFormatException)
        {
            return null; // A broken state file is about to be replaced.
        }
    }

    // Nodes of other formats, or made by others, write for themselves.
    private string RunNodes(SaveRequest request, IReadOnlyList<Tensor> values, CancellationToken cancellation)
    {
        var feeds = new FeedDict { [Definition.FilenameTensorName] = request.Prefix };
        foreach ((Output output, Tensor value) in request.Values.Zip(values))
            feeds[output] = value;
        try
        {
            return (string)request.Session.Run(Graph.GetTensorByName(Definition.SaveTensorName), feeds, cancellation);
        }
        catch (RunException failed) when (failed.InnerException is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot save to '{request.Prefix}': {failed.InnerException.Message}", failed.InnerException);
        }
    }

    // Gives the checkpoints that the state no longer names and that are to be deleted.
    private IReadOnlyList<string> WriteState(string saved, SaveRequest request)
    {
        if (_resumeCheckpoints)
            TakeOver(request);
        Retention.State before = _retention.Current;
        IReadOnlyList<string> leaving = _retention.Add(saved, _time.GetUtcNow(), request.Options.DeletesToLimit);
        DateTimeOffset? period = _resumeCheckpoints && _retention.IsLimited && _keepsForGood ? _retention.PeriodStart : null;
        try
        {
            CheckpointStates.Update(request.Folder, saved, LastCheckpoints, request.State, _saveRelativePaths, lastPreserved: period);
        }
        catch (IOException)
        {
            _retention.Return(before);
            throw;
        }

        return leaving;
    }

    private static void CleanUp(IReadOnlyList<string> leaving, SaveRequest request)
    {
        LeftoverFiles.Sweep(Path.Combine(request.Folder, request.State));
        foreach (string old in leaving)
            CheckpointPath.Delete(old, CheckpointStates.MetaGraphPath(old, request.MetaGraphSuffix));
    }

    // The first save of a series to a folder goes on where the saver of an earlier process stopped.
    private void TakeOver(SaveRequest request)
    {
        if (_setByCaller || !_retention.IsLimited || request.Family is null || !_resumed.Add(Path.GetFullPath(Path.Combine(request.Folder, request.State))))
            return;
        LeftoverFiles.SweepDeleted(request.Family);
        if (EarlierCheckpoints.Of(request.Folder, request.State, request.Family) is not { } earlier)
            return;
        _retention.Precede(earlier.Checkpoints);
        if (earlier.LastPreserved is { } preserved && _keepsForGood && preserved < _retention.PeriodStart)
            _retention.PeriodStart = preserved;
    }

    /// <summary>All that a save needs to know, noted down when it is asked for.</summary>
    private sealed record SaveRequest(
        Session Session,
        string Prefix,
        string? Family,
        string Folder,
        string State,
        string MetaGraphSuffix,
        MetaGraphDef? MetaGraph,
        GraphDebugInfo? DebugInfo,
        bool WriteState,
        SavePlan? Plan,
        IReadOnlyList<Output> Values,
        SaveOptions Options);
}
