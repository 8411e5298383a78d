namespace NotebookPersist.Notebooks.Magics;

internal sealed class DoctorMagic() : Magic(
    "#!doctor",
    "Verifies every checksum, meta graph and state file of a folder or checkpoint.",
    new("path", "A folder, or a checkpoint by any of its names.", "path", IsPositional: true, IsRequired: true),
    new("repair", "Rewrites state files and removes what dead saves left; never touches a checkpoint's files."))
{
    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        string path = call.Required("path");
        return Task.FromResult<object?>(call.Has("repair")
            ? CheckpointDoctor.Repair(path, cancellation: cancellation)
            : CheckpointDoctor.Examine(path, cancellation: cancellation));
    }
}
