namespace NotebookPersist.Notebooks.Magics;

internal sealed class FreezeMagic() : Magic(
    "#!freeze",
    "Writes graph and variables as one file, variables turned into constants, and verifies that it computes the same.",
    new("path", "File to write, e.g. model/pb/model.pb; a note goes beside it.", "path", IsPositional: true, IsRequired: true),
    new("outputs", "Operations to keep, separated by commas; by default those of the signature, else inferred.", "names"),
    new("from", "Checkpoint with its meta graph, or SavedModel, to freeze instead of a session.", "model"),
    new("tags", "Tags of the SavedModel's meta graph, separated by commas; by default serve.", "tags"),
    new("signature", "Signature of the SavedModel whose outputs are kept.", "key"),
    new("session", "Variable that holds the session; by default the latest.", "name"),
    new("graph", "Variable that holds the graph whose session is meant.", "name"),
    new("feed", "Variable that holds a FeedDict to verify with; by default values are made from the placeholders' shapes.", "name"),
    new("tolerance", "Largest relative difference that counts as equal; by default 1e-5, with --optimize 1e-4.", "number"),
    new("only", "Variables that become constants, separated by commas; by default all.", "names"),
    new("except", "Variables that stay variables, separated by commas.", "names"),
    new("optimize", "Rewrites the graph for inference too, as #!optimize does."),
    new("no-verify", "Writes without running the graphs."))
{
    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        call.Exclude("from", "session", "graph");
        var options = new FreezeOptions
        {
            OutputNames = call.Names("outputs"),
            Tags = call.Names("tags"),
            SignatureName = call["signature"],
            OnlyVariables = call.Names("only"),
            ExceptVariables = call.Names("except") ?? [],
            Optimization = call.Has("optimize") ? new OptimizeOptions() : null,
            Verification = call.Verification(),
        };
        string path = call.Required("path");
        return Task.FromResult<object?>(call["from"] is { } model
            ? GraphFreezer.FreezeToFile(model, path, options, cancellation)
            : GraphFreezer.FreezeToFile(SessionOf(call), path, options, cancellation));
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
