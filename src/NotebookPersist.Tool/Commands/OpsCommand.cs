using System.CommandLine;
using NotebookPersist.Notebooks;

namespace NotebookPersist.Tool.Commands;

/// <summary>Prints which operations are built, by what, with which types and gradients.</summary>
internal static class OpsCommand
{
    public static Command Create()
    {
        var markdown = new Option<bool>("--markdown") { Description = "A table in Markdown; so also by default." };
        var json = new Option<bool>("--json") { Description = "JSON." };
        var command = new Command("ops", "Lists every operation of TensorFlow that runs here: who makes it, its element types, its gradient.") { markdown, json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(markdown) && parsed.GetValue(json))
                throw new UsageException("Give either --markdown or --json.");
            IReadOnlyList<OpCoverageRow> rows = OpCoverage.Rows();
            Console.WriteLine(parsed.GetValue(json) ? OpCoverage.ToJson(rows) : OpCoverage.ToMarkdown(rows));
            return ExitCode.Done;
        });
        return command;
    }
}
