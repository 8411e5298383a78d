using System.Diagnostics;
using System.Security.Cryptography;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Notebooks.Hosting;
using NotebookPersist.Notebooks.Magics;

namespace NotebookPersist.Notebooks.Snapshots;

/// <summary>Writes a notebook's graphs, sessions and variables to a folder, to go on with in a fresh kernel.</summary>
/// <remarks>
/// The folder holds <c>session.json</c> and beside it a folder for each generation, of which one is there but for moments. A new snapshot is
/// written whole beside the old one; the renaming of <c>session.json</c> makes it the one that counts. Meta graphs and values are TensorFlow's own files.
/// Thread safety: one cell at a time.
/// </remarks>
internal static class SessionSnapshot
{
    public const string ValuesName = "values";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static string GraphName(int index) => FormattableString.Invariant($"graph-{index}.meta");

    public static string SessionName(int index) => FormattableString.Invariant($"session-{index}");

    public static string ValueKey(int index) => FormattableString.Invariant($"v{index}");

    public static string GenerationFolder(string folder, int generation) => Path.Combine(folder, FormattableString.Invariant($"state-{generation}"));

    /// <summary>The variables of a graph as sessions know them, in the order of their making, each with the first operation that stands for it.</summary>
    public static OrderedDictionary<SnapshotValue, Operation> VariablesOf(Graph graph)
    {
        var variables = new OrderedDictionary<SnapshotValue, Operation>();
        foreach (Operation operation in graph.Operations.Where(static o => o.Type is "VariableV2" or "Variable" or "VarHandleOp"))
        {
            string shared = operation.Attributes.String("shared_name");
            variables.TryAdd(new SnapshotValue(operation.Attributes.String("container"), shared.Length > 0 ? shared : operation.Name), operation);
        }

        return variables;
    }

    /// <summary>Writes a snapshot, in the place of an earlier one if there is.</summary>
    /// <exception cref="MagicException">The folder holds something else.</exception>
    /// <exception cref="IOException">It cannot be written; an earlier snapshot is unchanged.</exception>
    public static MagicReport Save(Workspace workspace, string folder, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        RequireOwn(folder);
        using FolderLock alone = FolderLock.Take(folder, Patience, cancellation);
        int generation = Generations(folder).Select(static g => g.Number).DefaultIfEmpty(0).Max() + 1;
        string state = GenerationFolder(folder, generation);
        try
        {
            Directory.CreateDirectory(state);
            (SnapshotManifest manifest, List<string> notes) = Write(workspace, state, generation, cancellation);
            AtomicFile.WriteAllBytes(Path.Combine(folder, SnapshotManifest.FileName), manifest.ToBytes());
            RemoveOthers(folder, generation, notes);
            return SnapshotReport.Of("Session saved", folder, manifest, Stopwatch.GetElapsedTime(start), notes);
        }
        catch
        {
            Abandon(folder, state, generation);
            throw;
        }
    }

    private static void Abandon(string folder, string state, int generation)
    {
        try
        {
            // Not where it already counts: what failed then was only the cleaning up.
            if (Directory.Exists(state) && Current(folder) != generation)
                Directory.Delete(state, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // What failed before says more; the next save removes what is left.
        }
    }

    private static (SnapshotManifest Manifest, List<string> Notes) Write(Workspace workspace, string state, int generation, CancellationToken cancellation)
    {
        var notes = new List<string>();
        KeyValuePair<string, object?>[] variables = [.. workspace.CSharpVariables.Reverse().DistinctBy(static v => v.Key).OrderBy(static v => v.Key, StringComparer.Ordinal)];
        IReadOnlyList<Graph> graphs = workspace.Graphs;
        Session[] sessions = [.. variables.Select(static v => v.Value).OfType<Session>().Where(static s => !s.IsClosed).Distinct()];
        var storedGraphs = new List<SnapshotGraph>();
        foreach (Graph graph in graphs)
        {
            string path = Path.Combine(state, GraphName(storedGraphs.Count));
            MessageFile.Write(path, MetaGraphs.Export(graph, warnings: notes));
            storedGraphs.Add(new SnapshotGraph(graph == Graph.Default, graph.UseResourceVariables, CellsOf(graph), workspace.StoredSavers(graph), graph.Seed, DigestOf(path)));
        }

        var storedSessions = new List<SnapshotSession>();
        foreach (Session session in sessions)
        {
            cancellation.ThrowIfCancellationRequested();
            storedSessions.Add(Write(session, graphs.ToList().IndexOf(session.Graph), Path.Combine(state, SessionName(storedSessions.Count)), cancellation));
        }

        var codec = new SnapshotCodec(graphs, sessions);
        var (stored, omitted, values) = (new List<SnapshotVariable>(), new List<SnapshotOmission>(), new List<KeyValuePair<string, Tensor>>());
        foreach ((string name, object? value) in variables)
        {
            Type type = workspace.Host?.TypeOf(name) ?? value?.GetType() ?? typeof(object);
            if (codec.TryEncode(name, type, value, out Tensor? tensor) is { } entry)
                stored.Add(entry);
            else
                omitted.Add(new SnapshotOmission(name, VariableList.TypeName(value?.GetType() ?? type)));
            if (tensor is not null)
                values.Add(KeyValuePair.Create(name, tensor));
        }

        foreach ((string language, IReadOnlyList<CellVariable> others) in VariableList.Others(workspace))
            omitted.AddRange(others.Select(v => new SnapshotOmission($"{language}: {v.Name}", VariableList.TypeName(v.Value?.GetType() ?? v.Type))));
        Write(Path.Combine(state, ValuesName), values, cancellation);
        return (new SnapshotManifest(SnapshotManifest.PresentFormat, generation, storedGraphs, storedSessions, stored, omitted, workspace.Host?.Runs ?? []), notes);
    }

    // Of what was just written, piece by piece: a graph with large constants is not to be in memory once more.
    private static string DigestOf(string path)
    {
        using FileStream file = RegularFile.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static SnapshotSession Write(Session session, int graph, string prefix, CancellationToken cancellation)
    {
        var names = new List<SnapshotValue>();
        var values = new List<KeyValuePair<string, Tensor>>();
        foreach (SnapshotValue name in VariablesOf(session.Graph).Keys)
        {
            if (session.Variables.Find(name.Name, name.Container)?.Value is not { } value)
                continue;
            values.Add(KeyValuePair.Create(ValueKey(names.Count), value));
            names.Add(name);
        }

        Write(prefix, values, cancellation);
        return new SnapshotSession(graph, names);
    }

    private static void Write(string prefix, List<KeyValuePair<string, Tensor>> values, CancellationToken cancellation)
    {
        if (values.Count == 0)
            return;
        using var writer = BundleWriter.Create(prefix);
        foreach ((string name, Tensor value) in values)
            writer.Add(name, value, cancellation);
        writer.Finish();
    }

    private static Dictionary<string, IReadOnlyList<string>> CellsOf(Graph graph) => graph.Operations
        .Where(static o => o.Cell is not null)
        .GroupBy(static o => o.Cell!) // Looked at above.
        .ToDictionary(static g => g.Key, static g => (IReadOnlyList<string>)[.. g.Select(static o => o.Name)]);

    // Whoever names a folder of models by mistake must not find anything in it changed.
    private static void RequireOwn(string folder)
    {
        if (File.Exists(folder))
            throw new MagicException($"Cannot save the session to '{folder}': it is a file. Name a folder.");
        if (Directory.Exists(folder) && !File.Exists(Path.Combine(folder, SnapshotManifest.FileName)) && Directory.EnumerateFileSystemEntries(folder).Any(e => NumberOf(e) is null))
            throw new MagicException($"Cannot save the session to '{folder}': the folder holds other files. Name an empty or a new one.");
    }

    private static int? Current(string folder)
    {
        try
        {
            return SnapshotManifest.Read(Path.Combine(folder, SnapshotManifest.FileName)).Generation;
        }
        catch (IOException)
        {
            return null; // There is none yet, or none that can be read.
        }
    }

    private static void RemoveOthers(string folder, int generation, List<string> notes)
    {
        foreach ((string path, int number) in Generations(folder))
        {
            if (number == generation)
                continue;
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                notes.Add($"An earlier state could not be removed and takes up space: {fault.Message}");
            }
        }
    }

    private static IEnumerable<(string Path, int Number)> Generations(string folder) =>
        Directory.GetDirectories(folder).Select(static p => (Path: p, Number: NumberOf(p))).Where(static g => g.Number is not null).Select(static g => (g.Path, g.Number!.Value));

    private static int? NumberOf(string path) => Path.GetFileName(path) is ['s', 't', 'a', 't', 'e', '-', .. string digits]
        && int.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) ? number : null;
}
