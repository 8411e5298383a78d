namespace NotebookPersist.Notebooks.Magics;

internal sealed class RestoreMagic() : Magic(
    "#!restore",
    "Gives the session's variables the values of a checkpoint.",
    new("path", "Prefix, any file of the checkpoint, or a folder, whose newest is meant.", "path", IsPositional: true, IsRequired: true),
    new("vars", "Variables to restore, separated by commas; by default all.", "names"),
    new("session", "Variable that holds the session; by default the latest.", "name"),
    new("saver", "Variable that holds the saver; by default one of all variables.", "name"))
{
    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        call.Exclude("saver", "vars");
        Session session = call.Workspace.FindSession(call["session"]);
        Saver saver = call["saver"] is { } name
            ? call.Workspace.Find<Saver>(name)
            : call.Workspace.SaverFor(session.Graph, call.Names("vars"), null);
        return Task.FromResult<object?>(saver.Restore(session, call.Required("path"), cancellation));
    }
}
