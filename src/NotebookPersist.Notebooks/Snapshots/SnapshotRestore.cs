using System.Diagnostics;
using NotebookPersist.Notebooks.Hosting;
using NotebookPersist.Notebooks.Magics;

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
    /// <exception cref="FileNotFoundException">A file of it is missing.</exception>
    public static MagicReport Run(Workspace workspace, ICellHost host, string folder, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        string path = Path.Combine(folder, SnapshotManifest.FileName);
        if (!File.Exists(path))
            throw new MagicException(Missing(folder, path));
        if (Graph.Default.Operations.Count > 0 && !workspace.IsRestored(Graph.Default))
        {
            throw new MagicException(
                $"'#!restore --session' starts from an empty default graph, and this one has {Graph.Default.Operations.Count} operations. Run '#!reset' in a cell of its own first, or restart the kernel.");
        }

        using LoadedSnapshot snapshot = LoadedSnapshot.Read(folder, cancellation);

        // Before the first change: the folder may be gone by now.
        MagicReport report = SnapshotReport.Of("Session restored", folder, snapshot.Manifest, Stopwatch.GetElapsedTime(start), snapshot.Notes);
        try
        {
            host.Declare(snapshot.Variables);
        }
        catch (ArgumentException fault)
        {
            throw SnapshotManifest.Fault(path, fault.Message);
        }

        host.Precede(snapshot.Manifest.Cells);
        for (int i = 0; i < snapshot.Graphs.Count; i++)
        {
            SnapshotGraph stored = snapshot.Manifest.Graphs[i];
            workspace.Adopt(snapshot.Graphs[i], stored.IsDefault, stored.Savers.Select(static s => s.Variables).Zip(snapshot.Savers[i]));
        }

        snapshot.Keep();
        return report;
    }

    private static string Missing(string folder, string path)
    {
        string why = File.Exists(folder) ? "it is a file; name the folder of the snapshot"
            : Directory.Exists(path) ? $"'{SnapshotManifest.FileName}' in it is a folder"
            : $"it has no '{SnapshotManifest.FileName}'";
        return $"There is no snapshot of a session in '{folder}': {why}. '#!save --session FOLDER' makes one.";
    }
}
