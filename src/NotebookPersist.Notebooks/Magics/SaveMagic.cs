using System.Diagnostics;
using NotebookPersist.Notebooks.Snapshots;

namespace NotebookPersist.Notebooks.Magics;

internal sealed class SaveMagic() : Magic(
    "#!save",
    "Writes the session's variables to a checkpoint; or, without a path, the whole notebook to a snapshot: #!save --session FOLDER.",
    new("path", "Prefix of the files, e.g. model/ckpt/model.ckpt.", "path", IsPositional: true),
    new("step", "Appended as -<step>; 0 is a step like any other.", "number"),
    new("max-to-keep", "How many checkpoints are kept; 0 keeps all.", "number"),
    new("vars", "Variables to save, separated by commas; by default all.", "names"),
    new("no-meta-graph", "Leaves out the graph."),
    new("async", "Returns at once and writes in the background; a save that is still waiting gives way to it."),
    new("incremental", "Writes only what changed since the newest checkpoint in the folder; shares the rest with it."),
    new("session", "Variable that holds the session; by default the latest. Without <path>: the folder of a snapshot of all graphs, sessions and variables.", "name"),
    new("saver", "Variable that holds the saver; by default one of all variables.", "name"),
    new("auto", "Writes the snapshot again whenever a cell is interrupted and when the kernel ends."))
{
    // The saver waits for its own saves; those of others are not concerned.
    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        if (SnapshotFolder.Of(call) is { } folder)
            return Task.FromResult<object?>(SaveSnapshot(call, folder, cancellation));
        if (call.Has("auto"))
            throw call.Fault("--auto is for snapshots, which have no <path>: '#!save --session FOLDER --auto'");
        call.Exclude("saver", "max-to-keep", "vars");
        Session session = call.Workspace.FindSession(call["session"]);
        Saver saver = call["saver"] is { } name
            ? call.Workspace.Find<Saver>(name)
            : call.Workspace.SaverFor(session.Graph, call.Names("vars"), call.Number("max-to-keep"), call.Required("path"));
        bool writeMetaGraph = !call.Has("no-meta-graph");
        GlobalStep? step = call.Number("step") is { } number ? number : null;
        SaveOptions options = new() { Incremental = call.Has("incremental"), DeletesToLimit = call.Has("max-to-keep"), Overlap = SaveOverlap.Coalesce };
        long start = Stopwatch.GetTimestamp();
        if (call.Has("async"))
        {
            string path = call["step"] is { } suffix ? $"{call.Required("path")}-{suffix}" : call.Required("path");
            var display = new BackgroundSave(path, call.Show);

            // The cell's own cancellation ends with the cell.
            Task<string> saved = saver.SaveAsync(
                session, call.Required("path"), step, writeMetaGraph: writeMetaGraph, options: options with { Progress = display }, cancellation: CancellationToken.None);
            call.Workspace.RunInBackground(display.FollowAsync(
                saved, Stopwatch.GetElapsedTime(start), (written, time) => Report(saver, written, time, writeMetaGraph)));
            return Task.FromResult<object?>(null);
        }

        string prefix = saver.Save(session, call.Required("path"), step, writeMetaGraph: writeMetaGraph, options: options, cancellation: cancellation);
        return Task.FromResult<object?>(Report(saver, prefix, Stopwatch.GetElapsedTime(start), writeMetaGraph));
    }

    private static MagicReport SaveSnapshot(MagicCall call, string folder, CancellationToken cancellation)
    {
        // The saves that still run write values of their own; the snapshot takes those of now.
        MagicReport report = SessionSnapshot.Save(call.Workspace, folder, cancellation);
        if (!call.Has("auto"))
            return report;
        call.Workspace.AutomaticSnapshot = Path.GetFullPath(folder);
        return report with { Notes = [.. report.Notes, "It is written again whenever a cell is interrupted and when the kernel ends."] };
    }

    private static MagicReport Report(Saver saver, string prefix, TimeSpan elapsed, bool hasMetaGraph)
    {
        using Checkpoint checkpoint = Checkpoint.Open(prefix);
        return new MagicReport(
            "Saved",
            [
                KeyValuePair.Create("checkpoint", prefix),
                KeyValuePair.Create("tensors", $"{checkpoint.Tensors.Count}"),
                KeyValuePair.Create("bytes", MagicReport.Bytes(checkpoint.ByteCount)),
                KeyValuePair.Create("time", MagicReport.Seconds(elapsed)),
                KeyValuePair.Create("meta graph", hasMetaGraph ? prefix + ".meta" : "not written"),
                KeyValuePair.Create("kept", Kept(saver, prefix)),
            ],
            Notes(prefix));
    }

    // Checkpoints of other folders are told apart by them.
    private static string Kept(Saver saver, string prefix)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(prefix))!; // A file has a folder.
        return saver.LastCheckpoints.Count == 0 ? "all" : string.Join(", ", saver.LastCheckpoints.Select(c => Path.GetRelativePath(folder, c)));
    }

    private static string[] Notes(string prefix) => Directory.Exists(prefix)
        ? [$"Beside the checkpoint there is a folder '{prefix}' of the same name. To save into it, write '{prefix}/' and a file name after it."]
        : [];
}
