using System.Diagnostics;
using System.Runtime.ExceptionServices;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Persistence;

namespace NotebookPersist;

public sealed partial class Saver
{
    private PromisedValues? _promised;

    /// <summary>Ends when all values of the last lazy restore are read and verified, with an exception where one is damaged; at once where there was none.</summary>
    public Task Verification => _promised?.Completion ?? Task.CompletedTask;

    /// <summary>What the last restore did; null before.</summary>
    public RestoreReport? LastRestore { get; private set; }

    /// <summary>Gives the saver's variables the values of a checkpoint.</summary>
    /// <param name="session">Takes the values; needs no initialisation.</param>
    /// <param name="savePath">A prefix, any of its files, or a folder, whose newest checkpoint is meant.</param>
    /// <param name="cancellation">Stops the restore.</param>
    /// <returns>What was compared and read.</returns>
    /// <exception cref="FileNotFoundException">There is no such checkpoint.</exception>
    /// <exception cref="RestoreException">Variables are missing or differ; all are told, and no variable is changed.</exception>
    /// <exception cref="CheckpointFormatException">A file is damaged.</exception>
    public RestoreReport Restore(Session session, string savePath, CancellationToken cancellation = default) =>
        Restore(session, savePath, RestoreOptions.Default, cancellation);

    /// <summary>Gives the saver's variables the values of a checkpoint, at once or at first use.</summary>
    /// <inheritdoc cref="Restore(Session, string, CancellationToken)"/>
    /// <param name="session">Takes the values; needs no initialisation.</param>
    /// <param name="savePath">A prefix, any of its files, or a folder, whose newest checkpoint is meant.</param>
    /// <param name="options">Whether values are read at once or at first use.</param>
    /// <param name="cancellation">Stops the restore.</param>
    public RestoreReport Restore(Session session, string savePath, RestoreOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentException.ThrowIfNullOrEmpty(savePath);
        RequireSameGraph(session);
        if (IsEmpty)
            return LastRestore = new RestoreReport(savePath, []);
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

        Assign(session, found.Prefix, options.Lazy, cancellation);
        return LastRestore = report with { Elapsed = Stopwatch.GetElapsedTime(start) };
    }

    // All is read before the first variable changes; the assignments then cannot fail or be stopped half-way.
    private void Assign(Session session, string prefix, bool lazy, CancellationToken cancellation)
    {
        if (DirectRestore.Of(Graph, Definition) is { } direct)
        {
            CheckpointReader reader = CheckpointReader.Open(prefix);
            bool keepOpen = false;
            try
            {
                if (lazy && direct.TryDefer(session, reader, static name => name) is { } cells)
                {
                    keepOpen = true;
                    _promised = PromisedValues.ReadInBackground(cells, reader);
                    return;
                }

                if (direct.TryRun(session, reader, static name => name, cancellation))
                    return;
            }
            finally
            {
                if (!keepOpen)
                    reader.Dispose();
            }
        }

        RestoreByNodes(session, prefix, cancellation);
    }

    // Whatever order the nodes of an old graph have, reading comes first.
    internal void RestoreByNodes(Session session, string prefix, CancellationToken cancellation)
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
}
