using System.Diagnostics;
using NotebookPersist.Formats;
using NotebookPersist.Persistence;

namespace NotebookPersist;

/// <summary>Gives a session's variables values from any file of tensors.</summary>
/// <remarks>No nodes are added to the graph. Thread safety: no other run of the session may change the variables meanwhile.</remarks>
public static class VariableImport
{
    private const int NearCount = 3;

    /// <summary>Compares what is there with what the variables want, without changing anything.</summary>
    /// <param name="graph">Holds the variables.</param>
    /// <param name="source">The tensors.</param>
    /// <param name="names">Names of the variables that are to get values, with <c>*</c> and <c>?</c>; null for all.</param>
    /// <param name="map">Names of variables by the names of the source's tensors, where they differ.</param>
    /// <exception cref="ArgumentException">A name is in neither, or two tensors are meant for one variable.</exception>
    public static RestoreReport Compare(Graph graph, TensorSource source, IReadOnlyList<string>? names = null, IReadOnlyDictionary<string, string>? map = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(source);
        return Compare(Wanted(graph, names), source, Renamed(source, map));
    }

    /// <summary>Reads all values that the variables want, then assigns them: every variable gets its value, or none does.</summary>
    /// <param name="session">Takes the values; needs no initialisation.</param>
    /// <param name="source">The tensors; stays open.</param>
    /// <param name="names">Names of the variables that are to get values, with <c>*</c> and <c>?</c>; null for all.</param>
    /// <param name="map">Names of variables by the names of the source's tensors, where they differ.</param>
    /// <param name="cancellation">Stops the reading; no variable is changed.</param>
    /// <returns>What was compared and read.</returns>
    /// <exception cref="RestoreException">Variables are missing or differ; all are told, and no variable is changed.</exception>
    /// <exception cref="CheckpointFormatException">A value is damaged; no variable is changed.</exception>
    /// <exception cref="ArgumentException">A name is in neither, or two tensors are meant for one variable.</exception>
    public static RestoreReport Run(
        Session session, TensorSource source, IReadOnlyList<string>? names = null, IReadOnlyDictionary<string, string>? map = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(source);
        long start = Stopwatch.GetTimestamp();
        Dictionary<string, CheckpointEntry> there = Renamed(source, map);
        Dictionary<string, Variable> wanted = Wanted(session.Graph, names);
        RestoreReport report = Compare(wanted, source, there);
        if (!report.Fits)
            throw new RestoreException($"Importing from '{source.Path}' failed: the graph and the file do not agree. No variable was changed.\n{report.Explain()}", report);
        (Operation Assign, Tensor Value)[] all = [.. wanted.Select(v => (AssignmentOf(v.Value), source.Read(there[v.Key].Name, cancellation)))];

        // One by one: several variables may take their initial value from one node, which can be fed with one value only.
        foreach ((Operation assign, Tensor value) in all)
            session.Run(assign, new FeedDict { [assign.Inputs[1]] = value }, CancellationToken.None);
        return report with { ByteCount = all.Sum(static a => a.Value.ByteCount), Elapsed = Stopwatch.GetElapsedTime(start) };
    }

    private static Dictionary<string, Variable> Wanted(Graph graph, IReadOnlyList<string>? names)
    {
        KeyValuePair<string, Variable>[] all = [.. TensorSource.Variables(graph)];
        return NamePattern.Choose(all, static v => v.Key, names, "the graph").ToDictionary(StringComparer.Ordinal);
    }

    private static Dictionary<string, CheckpointEntry> Renamed(TensorSource source, IReadOnlyDictionary<string, string>? map)
    {
        map ??= new Dictionary<string, string>();
        HashSet<string> known = [.. source.Entries.Select(static e => e.Name)];
        if (map.Keys.FirstOrDefault(k => !known.Contains(k)) is { } unknown)
            throw new ArgumentException($"'{unknown}' is to be renamed but is not in '{source.Path}'.{NearNames.Hint(unknown, known)}", nameof(map));
        var renamed = new Dictionary<string, CheckpointEntry>(StringComparer.Ordinal);

        // What is renamed goes before what happens to have the name.
        foreach (CheckpointEntry entry in source.Entries.OrderBy(e => map.ContainsKey(e.Name) ? 0 : 1))
        {
            bool isMapped = map.TryGetValue(entry.Name, out string? name);
            if (!renamed.TryAdd(name ?? entry.Name, entry) && isMapped)
                throw new ArgumentException($"'{renamed[name!].Name}' and '{entry.Name}' are both meant for variable '{name}'.", nameof(map)); // It is mapped to a name.
        }

        return renamed;
    }

    private static RestoreReport Compare(Dictionary<string, Variable> wanted, TensorSource source, Dictionary<string, CheckpointEntry> there)
    {
        string[] spare = [.. there.Keys.Where(n => !wanted.ContainsKey(n))];
        var items = new List<RestoreItem>();
        foreach ((string name, Variable variable) in wanted)
        {
            var expected = new TensorSpec(variable.DType, variable.Shape);
            if (!there.TryGetValue(name, out CheckpointEntry? entry))
            {
                items.Add(new RestoreItem(name, RestoreOutcome.Missing, expected, null, NearNames.Of(name, spare, NearCount)));
                continue;
            }

            RestoreOutcome outcome = entry.DType != expected.DType ? RestoreOutcome.DTypeDiffers
                : !expected.Shape.IsCompatibleWith(entry.Shape) ? RestoreOutcome.ShapeDiffers
                : RestoreOutcome.Match;
            items.Add(new RestoreItem(name, outcome, expected, new TensorSpec(entry.DType, entry.Shape), []));
        }

        items.AddRange(spare.Select(n => new RestoreItem(n, RestoreOutcome.Extra, null, new TensorSpec(there[n].DType, there[n].Shape), [])));
        return new RestoreReport(source.Path, items);
    }

    private static Operation AssignmentOf(Variable variable) => variable.Initializer is { Type: "Assign" or "AssignVariableOp" } assign
        ? assign
        : throw new GraphException($"Variable '{variable.OperationName}' is initialised by a node of type '{variable.Initializer.Type}', through which no value can be assigned.", variable.OperationName);
}
