using System.Diagnostics;
using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Persistence;

namespace NotebookPersist;

public sealed partial class Saver
{
    /// <summary>Gives the saver's variables the values of a checkpoint that TensorFlow 2 wrote from objects, found by the variables' names.</summary>
    /// <param name="session">Takes the values; needs no initialisation.</param>
    /// <param name="savePath">A prefix, any of its files, or a folder, whose newest checkpoint is meant.</param>
    /// <param name="map">What the checkpoint calls variables that have other names there: a key or a name of <see cref="Checkpoint.NameMap"/>.</param>
    /// <param name="cancellation">Stops the restore.</param>
    /// <returns>What was compared and read.</returns>
    /// <exception cref="FileNotFoundException">There is no such checkpoint.</exception>
    /// <exception cref="RestoreException">Variables are missing or differ; all are told, and no variable is changed.</exception>
    /// <exception cref="CheckpointFormatException">A file is damaged.</exception>
    /// <remarks>Source: TensorFlow's <c>saver_from_object_based_checkpoint</c>. Checkpoints of TensorFlow 1 are restored as well.</remarks>
    public RestoreReport RestoreObjects(Session session, string savePath, IReadOnlyDictionary<string, string>? map = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentException.ThrowIfNullOrEmpty(savePath);
        RequireSameGraph(session);
        long start = Stopwatch.GetTimestamp();
        using Checkpoint checkpoint = Checkpoint.Open(savePath);
        IReadOnlyDictionary<string, TensorSpec> wanted = RestoreTargets.Of(Graph, Definition);
        Dictionary<string, string> keys = wanted.Keys
            .Select(n => (Name: n, Key: checkpoint.FindKey(map?.GetValueOrDefault(n) ?? n)))
            .Where(static n => n.Key is not null)
            .ToDictionary(static n => n.Name, static n => n.Key!, StringComparer.Ordinal); // Those without were left out.
        RestoreReport report = CompareObjects(checkpoint, wanted, keys);
        if (!report.Fits)
        {
            throw new RestoreException(
                $"Restoring from object-based checkpoint '{checkpoint.Prefix}' failed: the graph and the checkpoint do not agree. No variable was changed.\n{report.Explain()}",
                report);
        }

        var feeds = new FeedDict { [Definition.FilenameTensorName] = checkpoint.Prefix };
        foreach ((Output read, string name, string slice) in ReadOutputs())
        {
            if (keys.TryGetValue(name, out string? key))
                feeds[read] = checkpoint.ReadSlice(key, slice, cancellation);
        }

        // Once the first variable changes, all must.
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

        return LastRestore = report with { Elapsed = Stopwatch.GetElapsedTime(start) };
    }

    private static RestoreReport CompareObjects(Checkpoint checkpoint, IReadOnlyDictionary<string, TensorSpec> wanted, Dictionary<string, string> keys)
    {
        Dictionary<string, CheckpointEntry> stored = checkpoint.Tensors.ToDictionary(static t => t.Name, StringComparer.Ordinal);
        HashSet<string> used = [.. keys.Values];
        var items = new List<RestoreItem>();
        foreach ((string name, TensorSpec expected) in wanted.OrderBy(static w => w.Key, StringComparer.Ordinal))
        {
            if (!keys.TryGetValue(name, out string? key))
            {
                IReadOnlyList<string> near = NearNames.Of(name, checkpoint.NameMap().Where(n => !used.Contains(n.Value)).Select(static n => n.Key), 3);
                items.Add(new RestoreItem(name, RestoreOutcome.Missing, expected, null, near));
                continue;
            }

            CheckpointEntry entry = stored[key];
            RestoreOutcome outcome = entry.DType != expected.DType ? RestoreOutcome.DTypeDiffers
                : !expected.Shape.IsCompatibleWith(entry.Shape) ? RestoreOutcome.ShapeDiffers
                : RestoreOutcome.Match;
            items.Add(new RestoreItem(name, outcome, expected, new TensorSpec(entry.DType, entry.Shape), []));
        }

        items.AddRange(checkpoint.Tensors.Where(t => !used.Contains(t.Name) && t.Name != ObjectGraph.Key)
            .Select(t => new RestoreItem(checkpoint.FriendlyName(t.Name) ?? t.Name, RestoreOutcome.Extra, null, new TensorSpec(t.DType, t.Shape), [])));
        return new RestoreReport(checkpoint.Prefix, items) { ByteCount = used.Sum(k => stored[k].ByteCount) };
    }

    // Names and slices are constants; what is computed from other values cannot be told before the run.
    private IEnumerable<(Output Read, string Name, string Slice)> ReadOutputs()
    {
        foreach (Operation restore in Graph.Operations.Where(static o => o.Type is "RestoreV2" or "Restore" or "RestoreSlice"))
        {
            for (int i = 0; i < restore.Outputs.Count; i++)
            {
                if (ConstantText(restore, 1, i) is { } name)
                    yield return (restore.Outputs[i], name, ConstantText(restore, 2, i) ?? "");
            }
        }
    }

    private static string? ConstantText(Operation operation, int input, int index)
    {
        if (input >= operation.Inputs.Count || operation.Inputs[input].Operation is not { Type: "Const" } constant || constant[0].DType != DType.String)
            return null;
        Tensor value = constant.Attributes.Tensor("value");
        return index < value.Count ? Encoding.UTF8.GetString(value.Strings[index]) : null;
    }
}
