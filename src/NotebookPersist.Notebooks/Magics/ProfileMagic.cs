namespace NotebookPersist.Notebooks.Magics;

internal sealed class ProfileMagic() : Magic(
    "#!profile",
    "Shows what each operation of a run took: time and bytes, by type and by node.",
    new("fetches", "Names to run and trace, separated by commas: 'loss:0,train'. Without them the session's latest traced run is shown.", "names", IsPositional: true),
    new("feed", "Variable that holds a FeedDict for the run.", "name"),
    new("session", "Variable that holds the session; by default the latest over the default graph.", "name"),
    new("timeline", "File to write for chrome://tracing.", "path"))
{
    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        Session session = call.Workspace.FindSession(call["session"]);
        if (call.Names("fetches") is { } names)
        {
            Fetch[] fetches = [.. names.Select(static n => (Fetch)n)];
            FeedDict? feeds = call["feed"] is { } name ? call.Workspace.Find<FeedDict>(name) : null;
            session.Run(fetches, feeds, new RunOptions { TraceLevel = TraceLevel.FullTrace }, cancellation: cancellation);
        }

        StepStats stats = session.LatestTrace ?? throw new MagicException(
            "The session has traced no run yet. Name what to run: '#!profile loss:0', or run with 'tf.RunOptions(TraceLevel.FullTrace)'.");
        if (call["timeline"] is { } path)
            File.WriteAllText(path, new Timeline(stats).GenerateChromeTraceFormat());
        return Task.FromResult<object?>(stats);
    }
}
