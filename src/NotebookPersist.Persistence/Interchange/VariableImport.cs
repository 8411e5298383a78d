using System.Diagnostics;
using NotebookPersist.Formats;
using NotebookPersist.Persistence;

namespace NotebookPersist;

/// <summary>Gives a session's variables values from any file of tensors.</summary>
/// <remarks>No nodes are added to the graph. Thread safety: no other run of the session may change the variables meanwhile.</remarks>
public static class VariableImport
{
    /// <summary>Compares what is there with what the variables want, without changing anything.</summary>
    /// <param name="graph">Holds the variables.</param>
    /// <param name="source">The tensors.</param>
    /// <param name="names">Names of the variables that are to get values, with <c>*</c> and <c>?</c>; null for all.</param>
    /// <param name="map">Names of variables by the names of the source's tensors, where they differ.</param>
    /// <exception cref="ArgumentException">A name is in neither, or two tensors are meant for one variable.</exception>
    public static RestorePlan Compare(Graph graph, TensorSource source, IReadOnlyList<string>? names = null, IReadOnlyDictionary<string, string>? map = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(source);
        return Compare(Wanted(graph, names), source, Sources(graph, source, map));
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
    public static RestorePlan Run(
        Session session, TensorSource source, IReadOnlyList<string>? names = null, IReadOnlyDictionary<string, string>? map = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(source);
        long start = Stopwatch.GetTimestamp();
        Dictionary<string, Variable> wanted = Wanted(session.Graph, names);
        RestorePlan plan = Compare(wanted, source, Sources(session.Graph, source, map));
        if (!plan.Fits)
            throw new RestoreException($"Importing from '{source.Path}' failed: the graph and the file do not agree. No variable was changed.\n{plan.Explain()}", plan);
        (Operation Assign, Tensor Value)[] all = [.. plan.Restored.Select(i => (AssignmentOf(wanted[i.Name]), source.Read(i.Source!, cancellation)))]; // What is restored has a key.

        // One by one: several variables may take their initial value from one node, which can be fed with one value only.
        foreach ((Operation assign, Tensor value) in all)
            session.Run(assign, new FeedDict { [assign.Inputs[1]] = value }, CancellationToken.None);
        return plan with { Elapsed = Stopwatch.GetElapsedTime(start) };
    }

    private static Dictionary<string, Variable> Wanted(Graph graph, IReadOnlyList<string>? names)
    {
        KeyValuePair<string, Variable>[] all = [.. TensorSource.Variables(graph)];
        return NamePattern.Choose(all, static v => v.Key, names, "the graph").ToDictionary(StringComparer.Ordinal);
    }

    // Names in the file by the names of variables.
    private static Dictionary<string, string> Sources(Graph graph, TensorSource source, IReadOnlyDictionary<string, string>? map)
    {
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        HashSet<string> known = [.. source.Entries.Select(static e => e.Name)];
        HashSet<string> variables = [.. TensorSource.Variables(graph).Select(static v => v.Key)];
        foreach ((string tensor, string variable) in map ?? sources)
        {
            if (!known.Contains(tensor))
                throw new ArgumentException($"'{tensor}' is to be renamed but is not in '{source.Path}'.{NearNames.Hint(tensor, known)}", nameof(map));
            if (!variables.Contains(variable))
                throw new ArgumentException($"'{tensor}' is meant for '{variable}', which is no variable of the graph.{NearNames.Hint(variable, variables)}", nameof(map));
            if (!sources.TryAdd(variable, tensor))
                throw new ArgumentException($"'{sources[variable]}' and '{tensor}' are both meant for variable '{variable}'.", nameof(map));
        }

        return sources;
    }

    private static RestorePlan Compare(Dictionary<string, Variable> wanted, TensorSource source, Dictionary<string, string> sources)
    {
        var options = new RestoreOptions { Map = sources.Where(s => wanted.ContainsKey(s.Key)).ToDictionary(StringComparer.Ordinal) };
        Dictionary<string, RestoreTarget> targets = wanted.ToDictionary(static w => w.Key, static w => new RestoreTarget(new TensorSpec(w.Value.DType, w.Value.Shape)), StringComparer.Ordinal);
        HashSet<string> known = [.. source.Entries.Select(static e => e.Name)];
        var there = new RestoreSource(source.Path, source.Entries, new Dictionary<string, string>(), n => known.Contains(n) ? n : null);

        RestorePlan plan = RestorePlanner.Plan(there, targets, options, CancellationToken.None);

        // Options of a restore are none of an import.
        return plan with
        {
            Suggestion = null,
            Import = ImportSuggestion.Of(plan, better => RestorePlanner.Plan(there, targets, better, CancellationToken.None)),
            IsImport = true,
            SourceNoun = source.Noun,
        };
    }

    private static Operation AssignmentOf(Variable variable) => variable.Initializer is { Type: "Assign" or "AssignVariableOp" } assign
        ? assign
        : throw new GraphException($"Variable '{variable.OperationName}' is initialised by a node of type '{variable.Initializer.Type}', through which no value can be assigned.", variable.OperationName);
}
