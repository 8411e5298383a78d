namespace NotebookPersist.Notebooks.Magics;

internal sealed class ExportMagic() : Magic(
    "#!export",
    "Writes the session's variables, or the tensors of a model file, as safetensors, NumPy's files or a checkpoint.",
    new("path", "File to write, e.g. model/weights.safetensors or .npz, or the prefix of a checkpoint.", "path", IsPositional: true, IsRequired: true),
    new("from", "Model file to take instead of a session: a checkpoint, a frozen graph, a SavedModel, an .npz.", "path"),
    new("names", "Tensors to take, separated by commas, with * and ?; by default all.", "names"),
    new("map", "New names, old=new, separated by commas.", "renames"),
    new("to", "What to write where the path does not tell: v2, v1, safetensors, npz, npy, pb or pbtxt.", "kind"),
    new("skip", "Leaves out what the target cannot hold and what is damaged, and lists it."),
    new("strict", "Refuses a graph with fields of a later release where text cannot name them; else they are left out and listed."),
    new("session", "Variable that holds the session; by default the latest.", "name"))
{
    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        call.Exclude("from", "session");
        if (!ConversionOptions.TryParseKind(call["to"], out ModelKind? kind, out bool? asText))
            throw new MagicException($"#!export: --to takes v2, v1, safetensors, npz, npy, pb or pbtxt; '{call["to"]}' was given.");
        var options = new ConversionOptions { To = kind, AsText = asText, Names = call.Names("names"), Map = call.Renames("map"), Skip = call.Has("skip"), Strict = call.Has("strict") };
        return Task.FromResult<object?>(ReportOf(Write(call, options, cancellation)));
    }

    private static ConversionReport Write(MagicCall call, ConversionOptions options, CancellationToken cancellation)
    {
        string path = call.Required("path");
        if (call["from"] is { } model)
            return ModelConverter.Convert(model, path, options, cancellation);
        using TensorSource source = TensorSource.Of(call.Workspace.FindSession(call["session"]));
        return source.Entries.Count > 0
            ? ModelConverter.Write(source, path, options, cancellation)
            : throw new MagicException("The graph has no variables to export. Name a model file with --from.");
    }

    private static MagicReport ReportOf(ConversionReport report) => new(
        "Exported",
        [
            KeyValuePair.Create("file", report.Target),
            KeyValuePair.Create("kind", report.TargetKind),
            KeyValuePair.Create("from", report.Source == report.SourceKind ? report.Source : $"{report.SourceKind} {report.Source}"),
            report.NodeCount is { } nodes ? KeyValuePair.Create("operations", $"{nodes}") : KeyValuePair.Create("tensors", $"{report.Tensors.Count}"),
            KeyValuePair.Create("bytes", MagicReport.Bytes(report.ByteCount)),
            KeyValuePair.Create("time", MagicReport.Seconds(report.Elapsed)),
        ],
        [.. report.Skipped.Select(static s => $"Left out '{s.Name}': {s.Reason}."), .. report.LostFields.Select(static f => $"Left out what only a later release knows: {f}.")]);
}
