using System.Security.Cryptography;
using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Notebooks.Hosting;
using NotebookPersist.Protos;

namespace NotebookPersist.Notebooks.Snapshots;

/// <summary>All that a snapshot holds, read and made anew; nothing of the notebook has changed yet.</summary>
/// <remarks>Owns the sessions until they are kept. Thread safety: one thread at a time.</remarks>
internal sealed class LoadedSnapshot : IDisposable
{
    private readonly List<Session> _sessions = [];
    private readonly List<string> _notes = [];
    private bool _isKept;

    private LoadedSnapshot(SnapshotManifest manifest) => Manifest = manifest;

    public SnapshotManifest Manifest { get; }

    /// <summary>In the order of the manifest, as the savers of each.</summary>
    public IReadOnlyList<Graph> Graphs { get; private set; } = [];

    public IReadOnlyList<IReadOnlyList<Saver>> Savers { get; private set; } = [];

    public IReadOnlyList<CellVariable> Variables { get; private set; } = [];

    /// <summary>What could not be made as it was.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Reads a snapshot.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="CheckpointFormatException">It is damaged, or of another version.</exception>
    /// <exception cref="FileNotFoundException">A file of it is missing.</exception>
    public static LoadedSnapshot Read(string folder, CancellationToken cancellation)
    {
        string path = Path.Combine(folder, SnapshotManifest.FileName);
        var snapshot = new LoadedSnapshot(SnapshotManifest.Read(path));
        try
        {
            snapshot.Read(SessionSnapshot.GenerationFolder(folder, snapshot.Manifest.Generation), path, cancellation);
            return snapshot;
        }
        catch (Exception fault)
        {
            snapshot.Dispose();
            if (IsOfContent(fault))
                throw SnapshotManifest.Fault(path, fault.Message);
            throw;
        }
    }

    /// <summary>Leaves the sessions to the notebook.</summary>
    public void Keep() => _isKept = true;

    public void Dispose()
    {
        foreach (Session session in _isKept ? [] : _sessions)
            session.Dispose();
    }

    /// <summary>Whether an error is about what a file says, in words that only its format knows.</summary>
    internal static bool IsOfContent(Exception fault) =>
        fault is FormatException or OverflowException or KeyNotFoundException or ArgumentException or InvalidProtocolBufferException or GraphException;

    private void Read(string state, string path, CancellationToken cancellation)
    {
        if (!Directory.Exists(state))
            throw new FormatException($"the folder '{Path.GetFileName(state)}' that it names is not there");
        Graph[] graphs = [.. Manifest.Graphs.Select((g, i) => Load(g, Path.Combine(state, SessionSnapshot.GraphName(i))))];
        Graphs = graphs;
        foreach (SnapshotSession stored in Manifest.Sessions)
        {
            string prefix = Path.Combine(state, SessionSnapshot.SessionName(_sessions.Count));
            _sessions.Add(new Session(graphs[stored.Graph]));
            Fill(_sessions[^1], stored, prefix, cancellation);
        }

        Variables = Load(new SnapshotCodec(graphs, _sessions), Path.Combine(state, SessionSnapshot.ValuesName), path);
        Savers = [.. Manifest.Graphs.Select((g, i) => g.Savers.Select(s => new Saver(SaverDef.Parser.ParseFrom(s.Definition), graphs[i])).ToArray())];
    }

    private Graph Load(SnapshotGraph stored, string path)
    {
        byte[] bytes = RegularFile.ReadAllBytes(path);
        if (stored.Digest is { } expected && Convert.ToHexStringLower(SHA256.HashData(bytes)) is var computed && computed != expected)
            throw new CheckpointFormatException($"'{path}' is damaged, or of another snapshot: its SHA-256 is {computed}, expected {expected}. Save it again with '#!save --session'.", CheckpointFault.ChecksumMismatch, path);

        var graph = new Graph { UseResourceVariables = stored.UsesResourceVariables };
        _notes.AddRange(MetaGraphs.Import(graph, MessageFile.Parse<MetaGraphDef>(bytes, path)).Warnings);
        graph.Seed = stored.Seed;
        graph.AssignCells(stored.Cells);
        return graph;
    }

    private static void Fill(Session session, SnapshotSession stored, string prefix, CancellationToken cancellation)
    {
        if (stored.Values.Count == 0)
            return;
        OrderedDictionary<SnapshotValue, Operation> variables = SessionSnapshot.VariablesOf(session.Graph);
        using Checkpoint checkpoint = Checkpoint.Open(prefix);
        for (int i = 0; i < stored.Values.Count; i++)
        {
            SnapshotValue name = stored.Values[i];
            if (!variables.TryGetValue(name, out Operation? variable))
                throw new FormatException($"a session has a value of '{name.Name}', which is no variable of its graph");
            Tensor value = checkpoint.Read(SessionSnapshot.ValueKey(i), cancellation);
            if (variable.Attributes.Type("dtype") is var expected && expected != value.DType)
                throw new FormatException($"variable '{name.Name}' of a graph is {expected}, and the value of a session is {value.DType}");
            session.Variables.Get(name.Container, name.Name, value.DType, value.Shape).Adopt(value);
        }
    }

    private CellVariable[] Load(SnapshotCodec codec, string prefix, string path)
    {
        using Checkpoint? values = File.Exists(prefix + ".index") ? Checkpoint.Open(prefix) : null;
        return [.. Manifest.Variables.Select(v => Decode(v))];

        CellVariable Decode(SnapshotVariable variable)
        {
            try
            {
                return codec.Decode(variable, name => values?.Read(name) ?? throw new FormatException("no value is stored for it"));
            }
            catch (Exception fault) when (IsOfContent(fault))
            {
                throw SnapshotManifest.Fault(path, $"variable '{variable.Name}': {fault.Message}");
            }
        }
    }
}
