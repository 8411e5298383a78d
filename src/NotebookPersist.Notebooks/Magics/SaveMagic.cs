using System.Diagnostics;

namespace NotebookPersist.Notebooks.Magics;

internal sealed class SaveMagic() : Magic(
    "#!save",
    "Writes the session's variables to a checkpoint.",
    new("path", "Prefix of the files, e.g. model/ckpt/model.ckpt.", "path", IsPositional: true, IsRequired: true),
    new("step", "Appended as -<step>; 0 is a step like any other.", "number"),
    new("max-to-keep", "How many checkpoints are kept; 0 keeps all.", "number"),
    new("vars", "Variables to save, separated by commas; by default all.", "names"),
    new("no-meta-graph", "Leaves out the graph."),
    new("session", "Variable that holds the session; by default the latest.", "name"),
    new("saver", "Variable that holds the saver; by default one of all variables.", "name"))
{
    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        Session session = call.Workspace.FindSession(call["session"]);
        Saver saver = call["saver"] is { } name
            ? call.Workspace.Find<Saver>(name)
            : call.Workspace.SaverFor(session.Graph, call.Names("vars"), call.Number("max-to-keep"));
        long start = Stopwatch.GetTimestamp();
        string prefix = saver.Save(
            session,
            call.Required("path"),
            call.Number("step") is { } step ? step : null,
            writeMetaGraph: !call.Has("no-meta-graph"),
            cancellation: cancellation);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        using Checkpoint checkpoint = Checkpoint.Open(prefix);
        return Task.FromResult<object?>(new MagicReport(
            "Saved",
            [
                KeyValuePair.Create("checkpoint", prefix),
                KeyValuePair.Create("tensors", $"{checkpoint.Tensors.Count}"),
                KeyValuePair.Create("bytes", MagicReport.Bytes(checkpoint.ByteCount)),
                KeyValuePair.Create("time", MagicReport.Seconds(elapsed)),
                KeyValuePair.Create("meta graph", call.Has("no-meta-graph") ? "not written" : prefix + ".meta"),
                KeyValuePair.Create("kept", string.Join(", ", saver.LastCheckpoints.Select(Path.GetFileName))),
            ],
            []));
    }
}
