namespace NotebookPersist.Notebooks.Magics;

internal sealed class InspectMagic() : Magic(
    "#!inspect",
    "Shows what a checkpoint, meta graph, graph or SavedModel holds.",
    new("path", "The file, prefix or folder", "path", IsPositional: true, IsRequired: true),
    new("tensor", "One tensor to show with its values.", "name"),
    new("verify", "Reads every tensor and compares its checksum."))
{
    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        string path = call.Required("path");
        return Task.FromResult<object?>(call["tensor"] is { } tensor
            ? ModelInspection.ReadTensor(path, tensor, cancellation)
            : ModelInspection.Of(path, call.Has("verify"), cancellation));
    }
}
