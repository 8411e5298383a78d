using System.Diagnostics;

namespace NotebookPersist.Notebooks.Magics;

internal sealed class FreezeMagic() : Magic(
    "#!freeze",
    "Writes graph and variables as one file, variables turned into constants.",
    new("path", "File to write, e.g. model/pb/model.pb.", "path", IsPositional: true, IsRequired: true),
    new("outputs", "Operations to keep, separated by commas; by default inferred.", "names"),
    new("from", "Checkpoint with its meta graph to freeze instead of a session.", "checkpoint"),
    new("session", "Variable that holds the session; by default the latest.", "name"),
    new("graph", "Variable that holds the graph whose session is meant.", "name"))
{
    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        call.Exclude("from", "session", "graph");
        string path = call.Required("path");
        long start = Stopwatch.GetTimestamp();
        FrozenGraph frozen = call["from"] is { } checkpoint
            ? GraphFreezer.FreezeCheckpoint(checkpoint, call.Names("outputs"), cancellation)
            : GraphFreezer.Freeze(SessionOf(call), call.Names("outputs"), cancellation);
        GraphFreezer.Write(path, frozen.GraphDef);
        return Task.FromResult<object?>(new MagicReport(
            "Frozen",
            [
                KeyValuePair.Create("file", path),
                KeyValuePair.Create("outputs", string.Join(", ", frozen.OutputNames)),
                KeyValuePair.Create("tensors", $"{frozen.VariableCount} variables turned into constants"),
                KeyValuePair.Create("operations", $"{frozen.GraphDef.Node.Count} of {frozen.OriginalNodeCount}"),
                KeyValuePair.Create("bytes", MagicReport.Bytes(frozen.ByteCount)),
                KeyValuePair.Create("time", MagicReport.Seconds(Stopwatch.GetElapsedTime(start))),
            ],
            call["outputs"] is null ? [$"Outputs were inferred: {frozen.OutputReason}"] : []));
    }

    private static Session SessionOf(MagicCall call)
    {
        if (call["graph"] is not { } name || call["session"] is not null)
            return call.Workspace.FindSession(call["session"]);
        Graph graph = call.Workspace.Find<Graph>(name);
        return call.Workspace.Variables.Select(static v => v.Value).OfType<Session>().LastOrDefault(s => s.Graph == graph && !s.IsClosed)
            ?? throw new MagicException($"No open session runs the graph '{name}'.");
    }
}
