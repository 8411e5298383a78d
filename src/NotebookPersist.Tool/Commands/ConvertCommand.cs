using System.CommandLine;
using System.Text.Json.Nodes;
using NotebookPersist.Formats.Text;
using NotebookPersist.Notebooks;

namespace NotebookPersist.Tool.Commands;

/// <summary>Converts between files of models.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("source") { Description = "A checkpoint by any of its names, a folder, or a .pb, .pbtxt, .meta, .npz, .npy or .safetensors file." };
        var target = new Argument<string>("target") { Description = "A file with one of these extensions, or the prefix of a checkpoint." };
        var to = new Option<string?>("--to") { Description = "What to write: v2, v1, safetensors, npz, npy, pb or pbtxt; by default as the target's extension says.", HelpName = "kind" };
        var names = new Option<string?>("--names") { Description = "Tensors to take, separated by commas, with * and ?; by default all.", HelpName = "a,b*" };
        var map = new Option<string[]>("--map") { Description = "Gives a tensor another name; may be repeated.", HelpName = "old=new" };
        var skip = new Option<bool>("--skip") { Description = "Leaves out what the target cannot hold and what is damaged, and lists it." };
        var strict = new Option<bool>("--strict") { Description = "Refuses a graph with fields of a later release where text cannot name them; else they are left out and listed." };
        var force = new Option<bool>("--force") { Description = "Replaces a target that is there already." };
        var json = new Option<bool>("--json") { Description = "Writes JSON." };
        var command = new Command("convert", "Converts tensors between checkpoints, safetensors and NumPy's files, and graphs between binary and text.") { source, target, to, names, map, skip, strict, force, json };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(source),
            parsed.GetRequiredValue(target),
            Options(parsed.GetValue(to), parsed.GetValue(names), parsed.GetValue(map) ?? [], parsed.GetValue(skip)) with { Replace = parsed.GetValue(force), Strict = parsed.GetValue(strict) },
            parsed.GetValue(json),
            cancellation)));
        return command;
    }

    private static ConversionOptions Options(string? to, string? names, string[] map, bool skip)
    {
        if (!ConversionOptions.TryParseKind(to, out ModelKind? kind, out bool? asText))
            throw new UsageException($"--to takes v2, v1, safetensors, npz, npy, pb or pbtxt; '{to}' was given.");
        string[]? chosen = names?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (chosen is [])
            throw new UsageException("--names is empty. Name the tensors to take, separated by commas, or leave it out.");
        if (!ConversionOptions.TryParseMap(map, out IReadOnlyDictionary<string, string>? renames, out string? fault))
            throw new UsageException($"--map {fault}");
        return new ConversionOptions { To = kind, AsText = asText, Names = chosen, Map = renames, Skip = skip };
    }

    private static int Run(string source, string target, ConversionOptions options, bool json, CancellationToken cancellation)
    {
        if (NotebookFile.IsNamed(source))
            throw new UsageException($"'{source}' is a notebook and no model. 'notebookpersist notebook convert' converts it.");
        try
        {
            ModelConverter.RequireTarget(source, target, options);
        }
        catch (ArgumentException fault)
        {
            throw new UsageException(PlainMessages.Of(fault));
        }

        ConversionReport report = ModelConverter.Convert(source, target, options, cancellation);
        foreach (string lost in report.LostFields)
            Console.Error.WriteLine($"notebookpersist: left out: {PlainNames.Of(lost)}");
        if (json)
        {
            Console.WriteLine(ToJson(report).ToJsonString(TensorJson.Options));
            return ExitCode.Done;
        }

        foreach (SkippedTensor skipped in report.Skipped)
            Console.WriteLine($"left out '{PlainNames.Of(skipped.Name)}': {PlainNames.Of(skipped.Reason)}");
        Console.WriteLine(PlainNames.OfLines(report.ToString()));
        return ExitCode.Done;
    }

    private static JsonObject ToJson(ConversionReport report)
    {
        var json = new JsonObject
        {
            ["source"] = report.Source,
            ["sourceKind"] = report.SourceKind,
            ["target"] = report.Target,
            ["targetKind"] = report.TargetKind,
            ["seconds"] = report.Elapsed.TotalSeconds,
        };
        if (report.NodeCount is { } nodes)
        {
            json["operations"] = nodes;
            json["lostFields"] = new JsonArray([.. report.LostFields.Select(static f => (JsonNode)f)]);
            return json;
        }

        json["bytes"] = report.ByteCount;
        json["tensors"] = new JsonArray([.. report.Tensors.Select(static t => new JsonObject
        {
            ["name"] = t.Name,
            ["newName"] = t.NewName,
            ["dtype"] = t.DType.Name(),
            ["shape"] = TensorJson.Of(t.Shape),
            ["bytes"] = t.ByteCount,
        })]);
        json["skipped"] = new JsonArray([.. report.Skipped.Select(static s => new JsonObject { ["name"] = s.Name, ["reason"] = s.Reason })]);
        return json;
    }
}
