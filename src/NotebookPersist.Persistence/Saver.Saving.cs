using System.Globalization;
using System.Text.RegularExpressions;
using NotebookPersist.Formats.Files;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Persistence;

namespace NotebookPersist;

public sealed partial class Saver
{
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

    private void Keep(string saved, string folder, string state, string metaGraphSuffix)
    {
        string? leaving = _retention.Add(saved, _time.GetUtcNow(), out bool keep);
        CheckpointStates.Update(folder, saved, LastCheckpoints, state);
        if (leaving is not null && !keep)
            Delete(leaving, metaGraphSuffix);
    }
}
