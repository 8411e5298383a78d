using System.CommandLine;
using NotebookPersist.Tool.Json;

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

        Console.WriteLine(json ? DiffJson.Of(diff).ToJsonString(TensorJson.Options) : diff.ToString());
        if (diff.Count(TensorChange.Unreadable) > 0)
            return ExitCode.Usage; // As diff(1) answers where it could not compare.
        return diff.IsIdentical ? ExitCode.Done : ExitCode.Failed;
    }
}
