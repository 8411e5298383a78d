using System.Globalization;
using NotebookPersist.Notebooks.Snapshots;

namespace NotebookPersist.Notebooks.Magics;

internal sealed class RestoreMagic() : Magic(
    "#!restore",
    "Gives the session's variables the values of a checkpoint: all that are asked for, or none; or, without a path, goes on with a snapshot: #!restore --session FOLDER.",
    new("path", "Prefix, any file of the checkpoint, or a folder, whose newest is meant.", "path", IsPositional: true),
    new("step", "Step of a checkpoint of the series <path>: restores <path>-<step>.", "step"),
    new("map", "Where names differ: variable=name-in-checkpoint, separated by commas.", "names"),
    new("rename", "Where names differ by a rule: regex=>replacement, separated by commas, each applied to what the one before made.", "renames"),
    new("skip", "Variables that keep their values, separated by commas, with * and ?, or as /regex/.", "patterns"),
    new("partial", "Restores what fits and leaves the rest as it is."),
    new("dry-run", "Only shows what would be restored, and what would not."),
    new("lazy", "Reads and verifies values when they are first used."),
    new("vars", "Variables to restore, separated by commas; by default all.", "names"),
    new("session", "Variable that holds the session; by default the latest. Without <path>: the folder of a snapshot, for a kernel that was just started.", "name"),
    new("saver", "Variable that holds the saver; by default one of all variables.", "name"))
{
    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        if (SnapshotFolder.Of(call) is { } folder)
            return Task.FromResult<object?>(SnapshotRestore.Run(call.Workspace, call.Host, folder, cancellation));
        call.Exclude("saver", "vars");
        RestoreOptions options = OptionsOf(call);
        Session session = call.Workspace.FindSession(call["session"]);
        Saver saver = call["saver"] is { } name
            ? call.Workspace.Find<Saver>(name)
            : call.Workspace.SaverFor(session.Graph, call.Names("vars"), null);
        string path = call.Number("step") is { } step ? string.Create(CultureInfo.InvariantCulture, $"{call.Required("path")}-{step}") : call.Required("path");
        return Task.FromResult<object?>(call.Has("dry-run") ? saver.PlanRestore(path, options, cancellation) : saver.Restore(session, path, options, cancellation));
    }

    private static RestoreOptions OptionsOf(MagicCall call) => RestoreOptions.TryParse(call["map"], call["rename"], call["skip"], out RestoreOptions? options, out string? fault)
        ? options with { Partial = call.Has("partial"), Lazy = call.Has("lazy") }
        : throw new MagicException($"#!restore: {fault}");
}
