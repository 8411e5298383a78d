using System.CommandLine;
using System.Text.Json.Nodes;
using NotebookPersist.Formats.Text;
using NotebookPersist.Notebooks.Magics;

namespace NotebookPersist.Tool.Commands;

/// <summary>Turns a frozen graph back into graph and checkpoint.</summary>
internal static class UnfreezeCommand
{
    public static Command Create()
    {
        var frozen = new Argument<string>("frozen") { Description = "The frozen graph, a .pb or .pbtxt file." };
        var prefix = new Argument<string>("prefix") { Description = "Prefix of the checkpoint to write; the graph goes beside it as .meta." };
        var names = new Option<string?>("--names") { Description = "Constants to turn into variables, separated by commas, with * and ?; by default those that look like former variables.", HelpName = "a,b*" };
        var least = new Option<int?>("--min-elements") { Description = "Floating-point constants of at least this many elements become variables even without a read node; 64 by default.", HelpName = "number" };
        var json = new Option<bool>("--json") { Description = "Writes JSON." };
        var command = new Command("unfreeze", "Turns the constants of a frozen graph into variables: writes a checkpoint with its meta graph.") { frozen, prefix, names, least, json };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(frozen),
            parsed.GetRequiredValue(prefix),
            Options(parsed.GetValue(names), parsed.GetValue(least)),
            parsed.GetValue(json),
            cancellation)));
        return command;
    }

    private static UnfreezeOptions Options(string? names, int? least)
    {
        string[]? chosen = names?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (chosen is [])
            throw new UsageException("--names is empty. Name the constants, separated by commas, or leave it out.");
        if (least < 0)
            throw new UsageException($"--min-elements takes a whole number of at least 0; {least} was given.");
        var options = new UnfreezeOptions { Names = chosen };
        return least is { } count ? options with { MinElementCount = count } : options;
    }

    private static int Run(string frozen, string prefix, UnfreezeOptions options, bool json, CancellationToken cancellation)
    {
        if (Path.GetFileName(prefix).Length == 0)
            throw new UsageException($"The prefix '{prefix}' names a folder. Add a file name to it, such as '{prefix}model.ckpt'.");
        UnfrozenModel model = GraphUnfreezer.Unfreeze(frozen, prefix, options, cancellation);
        if (json)
        {
            Console.WriteLine(new JsonObject
            {
                ["prefix"] = model.Prefix,
                ["variables"] = new JsonArray([.. model.Variables.Select(static v => (JsonNode)v)]),
                ["bytes"] = model.ByteCount,
                ["operations"] = model.NodeCount,
                ["seconds"] = model.Elapsed.TotalSeconds,
            }.ToJsonString(TensorJson.Options));
            return ExitCode.Done;
        }

        foreach (string name in model.Variables)
            Console.WriteLine(PlainNames.Of(name));
        Console.WriteLine(model);
        Console.WriteLine($"{MagicReport.Bytes(model.ByteCount)} of values.");
        return ExitCode.Done;
    }
}
