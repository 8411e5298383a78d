using System.Diagnostics;
using System.Runtime.ExceptionServices;
using NotebookPersist.Formats;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Persistence;

namespace NotebookPersist;

public sealed partial class Saver
{
    /// <summary>What the last restore did; null before.</summary>
    public RestorePlan? LastRestore { get; private set; }

    /// <summary>Gives the saver's variables the values of a checkpoint, all of them under their own names.</summary>
    /// <inheritdoc cref="Restore(Session, string, RestoreOptions, CancellationToken)"/>
    public RestorePlan Restore(Session session, string savePath, CancellationToken cancellation = default) => Restore(session, savePath, RestoreOptions.Default, cancellation);

    /// <summary>Gives the saver's variables the values of a checkpoint.</summary>
    /// <param name="session">Takes the values; needs no initialisation.</param>
    /// <param name="savePath">A prefix, any of its files, or a folder, whose newest checkpoint is meant.</param>
    /// <param name="options">What variables are called in the checkpoint, and which keep their values.</param>
    /// <param name="cancellation">Stops the restore.</param>
    /// <returns>What was compared and read.</returns>
    /// <remarks>
    /// A checkpoint that TensorFlow 2 wrote from objects is asked for the variables' names, a key or a name of <see cref="Checkpoint.NameMap"/>.
    /// Source: TensorFlow's <c>Saver.restore</c> and <c>saver_from_object_based_checkpoint</c>.
    /// </remarks>
    /// <exception cref="FileNotFoundException">There is no such checkpoint.</exception>
    /// <exception cref="RestoreException">Variables are missing or differ, or a mapped name does not exist; all are told, and no variable is changed.</exception>
    /// <exception cref="CheckpointFormatException">A file is damaged; no variable is changed.</exception>
    /// <exception cref="ArgumentException">A pattern is no regular expression, or takes too long; no variable is changed.</exception>
    public RestorePlan Restore(Session session, string savePath, RestoreOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(options);
        RequireSavePath(savePath);
        RequireSameGraph(session);
        long start = Stopwatch.GetTimestamp();
        if (IsEmpty)
            return LastRestore = new RestorePlan(savePath, []) { Options = options, Elapsed = Stopwatch.GetElapsedTime(start) };
        using Checkpoint checkpoint = Checkpoint.Open(savePath);
        RestorePlan plan = PlanRestore(checkpoint, options, cancellation);
        if (!plan.CanRestore)
        {
            throw new RestoreException(
                $"Restoring from checkpoint '{plan.Path}' failed: the graph and the checkpoint do not agree. No variable was changed.\n{plan.Explain()}", plan);
        }

        if (plan.Restored.Any())
            Assign(session, checkpoint, plan, cancellation);
        return LastRestore = plan with { Elapsed = Stopwatch.GetElapsedTime(start) };
    }

    /// <summary>Tells what a restore would do; reads the checkpoint's index, and changes nothing.</summary>
    /// <param name="savePath">A prefix, any of its files, or a folder, whose newest checkpoint is meant.</param>
    /// <param name="options">What variables are called in the checkpoint, and which keep their values; null for all under their own names.</param>
    /// <param name="cancellation">Stops the comparison.</param>
    /// <exception cref="FileNotFoundException">There is no such checkpoint.</exception>
    /// <exception cref="CheckpointFormatException">The index is damaged.</exception>
    /// <exception cref="ArgumentException">A pattern is no regular expression, or takes too long.</exception>
    public RestorePlan PlanRestore(string savePath, RestoreOptions? options = null, CancellationToken cancellation = default)
    {
        RequireSavePath(savePath);
        options ??= RestoreOptions.Default;
        if (IsEmpty)
            return new RestorePlan(savePath, []) { Options = options };
        using Checkpoint checkpoint = Checkpoint.Open(savePath);
        return PlanRestore(checkpoint, options, cancellation);
    }

    private RestorePlan PlanRestore(Checkpoint checkpoint, RestoreOptions options, CancellationToken cancellation) =>
        RestorePlanner.Plan(checkpoint.RestoreSource, RestoreTargets.Of(Graph, Definition), options, cancellation);

    /// <summary>Assigns by running the saver's nodes.</summary>
    /// <remarks>All is read before the first variable changes, whatever order the nodes of an old graph have; the assignments then cannot be stopped half-way.</remarks>
    internal void AssignByNodes(Session session, RestorePlan plan, CancellationToken cancellation)
    {
        Dictionary<string, RestoreItem> restored = plan.Restored.ToDictionary(static i => i.Name, StringComparer.Ordinal);
        var feeds = new FeedDict { [Definition.FilenameTensorName] = plan.Path };
        var nodes = RestoringNodes.Of(Graph, Definition);
        if (nodes.Function is not null)
        {
            AssignByFunction(session, plan, feeds, nodes.Function, cancellation);
            return;
        }

        var known = new HashSet<Output>();
        var left = new HashSet<Output>();
        using (Checkpoint checkpoint = Checkpoint.Open(plan.Path))
        {
            foreach (RestoreRead read in RestoreTargets.Reads(nodes))
            {
                if (read.Name is null)
                    continue; // Computed names are read by the nodes themselves.
                if (!restored.TryGetValue(read.Name, out RestoreItem? item))
                {
                    left.Add(read.Value);
                    continue;
                }

                feeds[read.Value] = Value(checkpoint, item, read.Slice, cancellation);
                known.Add(read.Value);
            }
        }

        (Operation Assign, IReadOnlyList<Output> Reads)[] all = [.. RestoreTargets.Assignments(nodes)];
        Operation[] wanted = [.. all.Where(a => !a.Reads.Any(left.Contains)).Select(static a => a.Assign)];
        FeedComputed(session, [.. wanted.Select(static a => a.Inputs[1]).Where(v => !known.Contains(v)).Distinct()], feeds, cancellation);

        // Nodes of others may do more than assign; they are left out only with what they belong to.
        Fetch[] fetches = wanted.Length == all.Length ? [Graph.GetOperationByName(Definition.RestoreOpName)] : [.. wanted.Select(static a => (Fetch)a)];
        CancellationToken ambient = Session.AmbientCancellation;
        Session.AmbientCancellation = CancellationToken.None;
        try
        {
            session.Run(fetches, feeds, CancellationToken.None);
        }
        finally
        {
            Session.AmbientCancellation = ambient;
        }
    }

    // What a function does besides assigning cannot be taken apart.
    private void AssignByFunction(Session session, RestorePlan plan, FeedDict feeds, string function, CancellationToken cancellation)
    {
        if (plan.Items.FirstOrDefault(static i => i.Outcome is RestoreOutcome.Skipped or RestoreOutcome.Renamed || i.IsWanting) is { } special)
            throw new RestoreException($"Function '{function}' restores all its variables, each under its own name: '{special.Name}' cannot be left out or renamed. No variable was changed. Restore without options.", plan);
        session.Run([Graph.GetOperationByName(Definition.RestoreOpName.Split(':')[0])], feeds, cancellation);
    }

    private static Tensor Value(Checkpoint checkpoint, RestoreItem item, string slice, CancellationToken cancellation)
    {
        string key = item.Source!; // What is restored has a key.
        CheckpointEntry? entry = checkpoint.Find(key);
        if (entry is null || new TensorSpec(entry.DType, entry.Shape) != item.Found)
            throw new IOException($"Checkpoint '{checkpoint.Prefix}' changed while it was being restored: '{key}' was {item.Found}. No variable was changed. Restore again.");
        return checkpoint.ReadSlice(key, slice, cancellation);
    }

    // What savers that reshape assign, and what nodes with computed names read.
    private static void FeedComputed(Session session, Output[] values, FeedDict feeds, CancellationToken cancellation)
    {
        try
        {
            Tensor?[] computed = session.Run([.. values.Select(static v => (Fetch)v)], feeds, cancellation);
            for (int i = 0; i < values.Length; i++)
                feeds[values[i]] = computed[i]!; // Values, unlike operations, are never null.
        }
        catch (RunException failed) when (failed.InnerException is KernelException { InnerException: IOException damage })
        {
            ExceptionDispatchInfo.Throw(damage);
            throw;
        }
    }

    private static void RequireSavePath(string? savePath)
    {
        if (savePath is null)
        {
            throw new ArgumentNullException(
                nameof(savePath),
                "Can't load save_path when it is None. LatestCheckpoint gives none where it found no checkpoint: the folder, or the state file 'checkpoint' in it, is not there, or what that names is gone.");
        }

        ArgumentException.ThrowIfNullOrEmpty(savePath);
    }
}
