using System.CommandLine;
using System.Text.Json.Nodes;

namespace NotebookPersist.Tool.Commands;

/// <summary>Compares two models.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var a = new Argument<string>("a") { Description = "A checkpoint by any of its names, a .meta, .pb, .pbtxt or .npy file, or a folder." };
        var b = new Argument<string>("b") { Description = "The same, in this or another format." };
        var tolerance = new Option<double>("--tolerance") { Description = "Greatest difference of two elements that still counts as equal; by default 0.", HelpName = "number" };
        var json = new Option<bool>("--json") { Description = "Writes JSON." };
        var command = new Command("diff", "Compares two checkpoints, graphs or frozen models of any two formats. Exit code 0: identical, 1: different, 2: trouble.") { a, b, tolerance, json };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(a), parsed.GetRequiredValue(b), parsed.GetValue(tolerance), parsed.GetValue(json), cancellation)));
        return command;
    }

    private static int Run(string a, string b, double tolerance, bool json, CancellationToken cancellation)
    {
        if (!(tolerance >= 0))
            throw new UsageException($"--tolerance takes a number of at least 0; '{tolerance}' was given.");
        ModelDiff diff;
        try
        {
            diff = ModelDiff.Of(a, b, new DiffOptions { Tolerance = tolerance }, cancellation);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(fault.Message);
        }

        Console.WriteLine(json ? ToJson(diff).ToJsonString(TensorJson.Options) : diff.ToString());
        if (diff.Count(TensorChange.Unreadable) > 0)
            return ExitCode.Usage; // As diff(1) answers where it could not compare.
        return diff.IsIdentical ? ExitCode.Done : ExitCode.Failed;
    }

    private static JsonObject ToJson(ModelDiff diff) => new()
    {
        ["a"] = new JsonObject { ["path"] = diff.PathA, ["kind"] = diff.KindA },
        ["b"] = new JsonObject { ["path"] = diff.PathB, ["kind"] = diff.KindB },
        ["identical"] = diff.IsIdentical,
        ["counts"] = new JsonObject(Enum.GetValues<TensorChange>().Select(c => KeyValuePair.Create(Name(c), (JsonNode?)diff.Count(c)))),
        ["tensors"] = new JsonArray([.. diff.Tensors.Select(ToJson)]),
        ["nodes"] = diff.Nodes is null ? null : new JsonArray([.. diff.Nodes.Select(static n => new JsonObject
        {
            ["name"] = n.Name,
            ["change"] = n.Change.ToString().ToLowerInvariant(),
            ["op"] = n.Op,
            ["details"] = new JsonArray([.. n.Details.Select(static d => (JsonNode)d)]),
        })]),
    };

    private static JsonObject ToJson(TensorDifference t)
    {
        var json = new JsonObject { ["name"] = t.Name, ["change"] = Name(t.Change), ["a"] = ToJson(t.A), ["b"] = ToJson(t.B) };
        if (t.NewName is not null)
            json["newName"] = t.NewName;
        if (t.Problem is not null)
            json["problem"] = t.Problem;
        if (t.DifferingCount > 0)
            json["differing"] = t.DifferingCount;
        if (t.HasSameElements)
            json["sameElements"] = true;
        if (t.Distance is { } distance)
        {
            json["relativeL2"] = Number(distance.RelativeL2);
            json["maxDifference"] = Number(distance.Greatest);
            json["cosine"] = Number(distance.Cosine);
            json["nonFinite"] = distance.NonFinite;
        }

        return json;
    }

    private static JsonObject? ToJson(TensorSpec? spec) => spec is null ? null : new JsonObject { ["dtype"] = spec.DType.Name(), ["shape"] = TensorJson.Of(spec.Shape) };

    private static string Name(TensorChange change) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(change.ToString());

    private static JsonNode Number(double value) => double.IsFinite(value) ? value : JsonValue.Create(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
}
