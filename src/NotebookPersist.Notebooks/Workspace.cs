using Google.Protobuf;
using NotebookPersist.Notebooks.Hosting;
using NotebookPersist.Notebooks.Snapshots;
using NotebookPersist.Protos;

namespace NotebookPersist.Notebooks;

/// <summary>What a notebook has made: its variables as the host knows them, and with them its graphs, sessions and savers.</summary>
/// <remarks>
/// Knows when cells start and end, so that running a cell again first takes away the operations that its last run made.
/// Thread safety: one cell at a time.
/// </remarks>
public sealed class Workspace
{
    // As many as TensorFlow's saver keeps.
    private const int DefaultMaxToKeep = 5;

    // Unit: hours.
    private const float NeverForGood = 10000;

    private readonly Func<IEnumerable<KeyValuePair<string, object?>>> _variables;
    // Savers of the magics: one for the nodes of each list of variables, and one for each series of checkpoints, which share those nodes.
    private readonly Dictionary<(Graph Graph, string Variables), Saver> _savers = [];
    private readonly Dictionary<(Graph Graph, string Variables, string Path), Saver> _series = [];
    private readonly List<Task> _background = [];
    private readonly HashSet<Graph> _restored = [];

    /// <summary>A workspace over the variables of a host.</summary>
    /// <param name="variables">Names and values of the notebook's variables, the latest last.</param>
    public Workspace(Func<IEnumerable<KeyValuePair<string, object?>>> variables) => _variables = variables;

    /// <summary>What only the program that runs the cells can do; null where it has such magics itself.</summary>
    public ICellHost? Host { get; init; }

    /// <summary>Names and values of the notebook's variables, the latest last.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Variables => _variables();

    /// <summary>Those that are of C#: names, and values.</summary>
    internal IEnumerable<KeyValuePair<string, object?>> CSharpVariables =>
        Host is { Languages.Count: > 1 } ? Host.VariablesOf(Host.Languages[0]).Select(static v => KeyValuePair.Create(v.Name, v.Value)) : Variables;

    /// <summary>The folder of the snapshot that is written when a cell is interrupted and when the kernel ends; null for none.</summary>
    public string? AutomaticSnapshot { get; internal set; }

    /// <summary>The graphs that the notebook can reach: the default one and those of its variables.</summary>
    public IReadOnlyList<Graph> Graphs =>
    [
        .. Variables.Select(static v => v.Value switch
        {
            Graph graph => graph,
            Session session => session.Graph,
            Output output => output.Graph,
            Variable variable => variable.Graph,
            _ => null,
        }).OfType<Graph>().Prepend(Graph.Default).Distinct(),
    ];

    /// <summary>A cell is about to run: what its last run made goes, and what is made now belongs to it.</summary>
    /// <returns>A warning naming operations of other cells that had to go as well; null where there are none.</returns>
    public string? BeginCell(string cell)
    {
        var gone = new List<Operation>();
        foreach (Graph graph in Graphs)
        {
            gone.AddRange(graph.RemoveCell(cell));
            graph.CurrentCell = cell;
        }

        return gone.Count == 0 ? null : Warning(gone);
    }

    /// <summary>The cell has run.</summary>
    public void EndCell()
    {
        foreach (Graph graph in Graphs)
            graph.CurrentCell = null;
    }

    /// <summary>Writes the snapshot that was asked for whenever the notebook is interrupted or ends.</summary>
    /// <returns>What became of it, in a sentence; null where none was asked for.</returns>
    public SnapshotOutcome? SaveAutomatically()
    {
        if (AutomaticSnapshot is not { } folder)
            return null;
        try
        {
            SessionSnapshot.Save(this, folder, CancellationToken.None);
            return new SnapshotOutcome(true, $"The session was saved to '{folder}'.");
        }
        catch (Exception fault)
        {
            // Also where a cell that does not stop changes what is being written: the outputs of the others must not be lost with it.
            return new SnapshotOutcome(false, $"The session was not saved to '{folder}': {PlainMessages.Of(fault)}");
        }
    }

    /// <summary>Waits for work that cells left running, such as saves in the background, and writes the snapshot that was asked for.</summary>
    /// <returns>One message for each that failed; each is told once.</returns>
    public Task<IReadOnlyList<string>> FinishAsync() => FinishAsync(isCellRunning: false);

    /// <summary>The same, also where a cell could not be stopped.</summary>
    /// <param name="isCellRunning">Whether a cell goes on: what it changes meanwhile must not be taken for the session's state, so that no snapshot is written.</param>
    /// <returns>One message for each that failed; each is told once.</returns>
    public async Task<IReadOnlyList<string>> FinishAsync(bool isCellRunning)
    {
        var failures = new List<string>();
        foreach (Task task in TakeBackground())
        {
            try
            {
                await task.ConfigureAwait(false);
            }
            catch (Exception fault)
            {
                failures.Add($"A save in the background failed: {fault.Message}");
            }
        }

        // Savers that cells made are told of only where no later save was.
        foreach (Saver saver in Variables.Select(static v => v.Value).OfType<Saver>().Distinct().ToArray())
        {
            await Task.Run(() => saver.WaitForSaves()).ConfigureAwait(false);
            failures.AddRange(saver.TakeFailures().Select(static f => $"A save in the background failed: {f}"));
        }

        if (isCellRunning && AutomaticSnapshot is { } folder)
            failures.Add($"The session was not saved to '{folder}': a cell still runs. What was saved there before is as it was.");
        else if (SaveAutomatically() is { IsSaved: false } outcome)
            failures.Add(outcome.Message);
        return [.. failures.Distinct()];
    }

    /// <summary>Whether a graph came from a snapshot, so that the snapshot may be restored again in its place.</summary>
    internal bool IsRestored(Graph graph) => _restored.Contains(graph);

    /// <summary>The savers that the magics made for a graph, as a snapshot holds them.</summary>
    internal IReadOnlyList<SnapshotSaver> StoredSavers(Graph graph) =>
        [.. _savers.Where(s => s.Key.Graph == graph && Lives(s.Value)).Select(static s => new SnapshotSaver(s.Key.Variables, s.Value.Definition.ToByteArray()))];

    /// <summary>Takes over a graph of a snapshot.</summary>
    internal void Adopt(Graph graph, bool isDefault, IEnumerable<(string Variables, Saver Saver)> savers)
    {
        if (isDefault)
            graph.MakeDefault();
        else
            graph.CurrentCell = Graph.Default.CurrentCell;
        _restored.Add(graph);
        foreach ((string variables, Saver saver) in savers)
            _savers[(graph, variables)] = saver;
    }

    /// <summary>Lets work go on after its cell has ended.</summary>
    internal void RunInBackground(Task task)
    {
        lock (_background)
        {
            // What failed is kept: somebody has to learn of it in the end.
            _background.RemoveAll(static t => t.IsCompletedSuccessfully);
            _background.Add(task);
        }
    }

    /// <summary>The session that a magic works on.</summary>
    /// <param name="name">Name of a variable; null for the only session, or the latest over the default graph.</param>
    /// <exception cref="MagicException">There is no such session.</exception>
    public Session FindSession(string? name)
    {
        if (name is not null)
            return Find<Session>(name);
        Session[] open = [.. Variables.Select(static v => v.Value).OfType<Session>().Where(static s => !s.IsClosed).Distinct()];
        return open.LastOrDefault(static s => s.Graph == Graph.Default)
            ?? open.LastOrDefault()
            ?? throw new MagicException("There is no open session. Make one first: 'var session = new Session();', or name one with --session.");
    }

    /// <summary>The value of a variable that a magic names.</summary>
    /// <exception cref="MagicException">There is no such variable, or it holds something else.</exception>
    public T Find<T>(string name)
    {
        KeyValuePair<string, object?>[] all = [.. Variables];
        KeyValuePair<string, object?> found = all.LastOrDefault(v => v.Key == name);
        if (found.Value is T value)
            return value;
        string[] fitting = [.. all.Where(static v => v.Value is T).Select(static v => v.Key).Distinct()];
        string known = fitting.Length == 0 ? $"No variable holds a {typeof(T).Name}" : $"Variables that hold a {typeof(T).Name}: {string.Join(", ", fitting)}";
        throw new MagicException(found.Key is null
            ? $"There is no variable '{name}'. {known}."
            : $"Variable '{name}' holds {(found.Value is null ? "nothing" : "a " + found.Value.GetType().Name)}. {known}.");
    }

    /// <summary>Waits until no saver of the notebook writes in the background any more.</summary>
    /// <param name="cancellation">Stops the waiting, not the saves.</param>
    public void WaitForSaves(CancellationToken cancellation)
    {
        foreach (Saver saver in Variables.Select(static v => v.Value).OfType<Saver>().Concat(_savers.Values).Concat(_series.Values).ToArray())
            saver.WaitForSaves(cancellation);
    }

    /// <summary>The saver that magics use for a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="names">Names of the variables to save; null for all.</param>
    /// <param name="maxToKeep">How many checkpoints to keep; null for as many as before, or 5.</param>
    /// <param name="savePath">The series that is saved to, without a step: each keeps a list of its own. Null for restoring, which keeps none.</param>
    /// <returns>One that never deletes checkpoints of other series, nor follows the limit of a saver that a cell made.</returns>
    /// <exception cref="MagicException">The graph has no such variables.</exception>
    public Saver SaverFor(Graph graph, IReadOnlyList<string>? names, int? maxToKeep, string? savePath = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Variable[] variables = Chosen(graph, names);
        string listed = string.Join('|', variables.Select(static v => v.Name));
        Saver nodes = NodesFor(graph, variables, listed);
        if (savePath is null)
            return nodes;
        (Graph, string, string) key = (graph, listed, Path.GetFullPath(savePath));
        _series.TryGetValue(key, out Saver? known);
        SaverDef definition = nodes.Definition.Clone();
        definition.KeepCheckpointEveryNHours = NeverForGood;
        definition.MaxToKeep = maxToKeep ?? known?.Definition.MaxToKeep ?? DefaultMaxToKeep;
        if (known is not null && definition.Equals(known.Definition))
            return known;

        // With another limit the list goes on: the state file has it.
        known?.Dispose();
        return _series[key] = new Saver(definition, graph);
    }

    private Saver NodesFor(Graph graph, Variable[] variables, string listed)
    {
        if (OwnSaver(graph, variables) is { } own)
            return own;
        if (_savers.TryGetValue((graph, listed), out Saver? known) && Lives(known))
            return known;
        return _savers[(graph, listed)] = new Saver(variables, graph: graph);
    }

    // A saver of a part, such as that of an imported model, would silently leave out what was built on it.
    private Saver? OwnSaver(Graph graph, Variable[] all)
    {
        HashSet<string> names = [.. all.Select(static v => v.Slice?.FullName ?? v.OperationName)];
        return Variables.Select(static v => v.Value).OfType<Saver>().LastOrDefault(s => s.Graph == graph
            && s.IsBuilt
            && Lives(s)
            && s.Definition is { Version: SaverDef.Types.CheckpointFormatVersion.V2, Sharded: false }
            && names.SetEquals(s.Names));
    }

    private Task[] TakeBackground()
    {
        lock (_background)
        {
            Task[] tasks = [.. _background];
            _background.Clear();
            return tasks;
        }
    }

    private static Variable[] Chosen(Graph graph, IReadOnlyList<string>? names)
    {
        IReadOnlyList<Variable> all = graph.GetCollection<Variable>(GraphKeys.GlobalVariables);
        if (all.Count == 0)
            throw new MagicException("The graph has no variables to save or restore.");
        if (names is null)
            return [.. all];
        return [.. names.Select(name => all.FirstOrDefault(v => v.OperationName == name || v.Name == name) ?? throw new MagicException(Unknown(name, all)))];
    }

    private static string Unknown(string name, IReadOnlyList<Variable> all) =>
        $"The graph has no variable '{name}'.{NearNames.HintOrList(name, [.. all.Select(static v => v.OperationName)])}";

    // The saver's nodes go when a cell they were built on is run again.
    private static bool Lives(Saver saver) => saver.Graph.TryGetOperation(saver.Definition.RestoreOpName, out _);

    private static string Warning(List<Operation> gone)
    {
        string names = string.Join(", ", gone.Take(8).Select(static o => o.Name));
        string more = gone.Count > 8 ? $" and {gone.Count - 8} more" : "";
        string[] cells = [.. gone.Select(static o => o.Cell).OfType<string>().Distinct()];
        return $"This cell was run again, so that what other cells had built on its operations was removed: {names}{more}. "
            + (cells.Length == 1 ? "Run the cell that made them again." : $"Run the {cells.Length} cells that made them again.");
    }
}

/// <summary>What became of a snapshot that is written by itself.</summary>
/// <param name="IsSaved">Whether it was written.</param>
/// <param name="Message">That, in a sentence.</param>
public sealed record SnapshotOutcome(bool IsSaved, string Message);
