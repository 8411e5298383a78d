namespace NotebookPersist.Notebooks.Magics;

internal sealed class ImportMagic() : Magic(
    "#!import",
    "Gives the session's variables values from a file of any kind that holds tensors: all that are asked for, or none.",
    new("path", "A .safetensors, .npz or .npy file, a checkpoint, a frozen graph or a SavedModel.", "path", IsPositional: true, IsRequired: true),
    new("names", "Variables to give values to, separated by commas, with * and ?; by default all.", "names"),
    new("map", "Where names differ: name-in-file=variable, separated by commas.", "renames"),
    new("dry-run", "Only shows what fits and what does not."),
    new("session", "Variable that holds the session; by default the latest.", "name"))
{
    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        Session session = call.Workspace.FindSession(call["session"]);
        using TensorSource source = TensorSource.Open(call.Required("path"));
        return Task.FromResult<object?>(call.Has("dry-run")
            ? VariableImport.Compare(session.Graph, source, call.Names("names"), call.Renames("map"))
            : VariableImport.Run(session, source, call.Names("names"), call.Renames("map"), cancellation));
    }
}
