namespace NotebookPersist.Notebooks.Magics;

/// <summary>Tells a call that is about a snapshot of the notebook from one that is about a checkpoint.</summary>
internal static class SnapshotFolder
{
    private static readonly string[] OfSnapshots = ["session", "auto"];

    /// <summary>The folder of the snapshot: what <c>--session</c> gives where there is no path; null where there is one.</summary>
    /// <exception cref="MagicException">There is neither, or what is given is a variable, or options for checkpoints are given too.</exception>
    public static string? Of(MagicCall call)
    {
        if (call.Has("path"))
            return null;
        if (call["session"] is not { Length: > 0 } folder)
            throw call.Fault("<path> is missing");

        // Whoever names a variable has forgotten the path of a checkpoint.
        if (call.Workspace.Variables.Any(v => v.Key == folder && v.Value is Session))
            throw call.Fault($"<path> is missing; --session {folder} names a variable. For a snapshot of the notebook name a folder that is no variable, such as ./{folder}");
        if (call.Given.FirstOrDefault(static n => !OfSnapshots.Contains(n)) is { } other)
            throw call.Fault($"--{other} is for checkpoints; a snapshot, --session without <path>, holds everything");
        return folder;
    }
}
