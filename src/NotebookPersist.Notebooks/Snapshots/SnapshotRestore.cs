using System.Diagnostics;
using Google.Protobuf;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Notebooks.Hosting;
using NotebookPersist.Notebooks.Magics;
using NotebookPersist.Protos;

namespace NotebookPersist.Notebooks.Snapshots;

/// <summary>Goes on with a notebook where a snapshot was taken.</summary>
/// <remarks>Everything is read and made first; a snapshot that is damaged changes nothing.</remarks>
internal static class SnapshotRestore
{
    /// <summary>Makes graphs, sessions and variables anew.</summary>
    /// <param name="workspace">A notebook whose default graph is empty, or was restored by this.</param>
    /// <param name="host">Declares the variables.</param>
    /// <param name="folder">The folder of the snapshot.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="MagicException">There is no snapshot, or the default graph is in use.</exception>
    /// <exception cref="Formats.CheckpointFormatException">The snapshot is damaged.</exception>
    public static MagicReport Run(Workspace workspace, ICellHost host, string folder, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        string path = Path.Combine(folder, SnapshotManifest.FileName);
        if (!File.Exists(path))
            throw new MagicException($"There is no snapshot of a session in '{folder}': it has no '{SnapshotManifest.FileName}'. '#!save --session {folder}' makes one.");
        if (Graph.Default.Operations.Count > 0 && !workspace.IsRestored(Graph.Default))
        {
            throw new MagicException(
                $"'#!restore --session' starts from an empty default graph, and this one has {Graph.Default.Operations.Count} operations. Run '#!reset' in a cell of its own first, or restart the kernel.");
        }

        SnapshotManifest manifest = SnapshotManifest.Read(path);
        string state = SessionSnapshot.GenerationFolder(folder, manifest.Generation);
        var notes = new List<string>();
        var sessions = new List<Session>();
        bool restored = false;
        try
        {
            Graph[] graphs = [.. manifest.Graphs.Select((g, i) => Load(g, Path.Combine(state, SessionSnapshot.GraphName(i)), notes))];
            foreach (SnapshotSession stored in manifest.Sessions)
            {
                string prefix = Path.Combine(state, SessionSnapshot.SessionName(sessions.Count));
                sessions.Add(new Session(graphs[stored.Graph]));
                Fill(sessions[^1], stored, prefix, cancellation);
            }

            CellVariable[] variables = Load(manifest, new SnapshotCodec(graphs, sessions), Path.Combine(state, SessionSnapshot.ValuesName), path);
            Saver[][] savers = [.. manifest.Graphs.Select((g, i) => g.Savers.Select(s => new Saver(SaverDef.Parser.ParseFrom(s.Definition), graphs[i])).ToArray())];

            host.Declare(variables);
            host.Precede(manifest.Cells);
            for (int i = 0; i < graphs.Length; i++)
                workspace.Adopt(graphs[i], manifest.Graphs[i].IsDefault, manifest.Graphs[i].Savers.Select(static s => s.Variables).Zip(savers[i]));
            restored = true;
        }
        catch (Exception fault) when (fault is FormatException or OverflowException or KeyNotFoundException or ArgumentException or InvalidProtocolBufferException or GraphException)
        {
            throw SnapshotManifest.Fault(path, fault.Message);
        }
        finally
        {
            foreach (Session session in restored ? [] : sessions)
                session.Dispose();
        }

        return SnapshotReport.Of("Session restored", folder, manifest, Stopwatch.GetElapsedTime(start), notes);
    }

    private static Graph Load(SnapshotGraph stored, string path, List<string> notes)
    {
        var graph = new Graph { UseResourceVariables = stored.UsesResourceVariables };
        notes.AddRange(MetaGraphs.Import(graph, MessageFile.Read<MetaGraphDef>(path)).Warnings);
        graph.Seed = stored.Seed;
        graph.AssignCells(stored.Cells);
        return graph;
    }

    private static void Fill(Session session, SnapshotSession stored, string prefix, CancellationToken cancellation)
    {
        if (stored.Values.Count == 0)
            return;
        using Checkpoint checkpoint = Checkpoint.Open(prefix);
        for (int i = 0; i < stored.Values.Count; i++)
        {
            Tensor value = checkpoint.Read(SessionSnapshot.ValueKey(i), cancellation);
            session.Variables.Get(stored.Values[i].Container, stored.Values[i].Name, value.DType, value.Shape).Adopt(value);
        }
    }

    private static CellVariable[] Load(SnapshotManifest manifest, SnapshotCodec codec, string prefix, string path)
    {
        using Checkpoint? values = File.Exists(prefix + ".index") ? Checkpoint.Open(prefix) : null;
        return [.. manifest.Variables.Select(v => Decode(v))];

        CellVariable Decode(SnapshotVariable variable)
        {
            try
            {
                return codec.Decode(variable, name => values?.Read(name) ?? throw new FormatException("no value is stored for it"));
            }
            catch (Exception fault) when (fault is FormatException or OverflowException or KeyNotFoundException or ArgumentException)
            {
                throw SnapshotManifest.Fault(path, $"variable '{variable.Name}': {fault.Message}");
            }
        }
    }
}
