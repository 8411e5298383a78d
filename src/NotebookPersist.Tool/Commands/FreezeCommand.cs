using System.CommandLine;
using NotebookPersist.Notebooks.Magics;
using NotebookPersist.Protos;

namespace NotebookPersist.Tool.Commands;

/// <summary>Turns a checkpoint and its graph into one file.</summary>
internal static class FreezeCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model_folder_or_prefix") { Description = "A folder, whose newest checkpoint is meant, or a checkpoint by any of its names." };
        var names = new Option<string?>("--output-node-names") { Description = "Operations to keep, separated by commas; by default inferred.", HelpName = "a,b" };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write; by default 'pb/frozen_model.pb' beside the model's folder.", HelpName = "file" };
        var command = new Command("freeze", "Writes graph and variables as one .pb file, variables turned into constants.") { model, names, output };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed.GetRequiredValue(model), parsed.GetValue(names), parsed.GetValue(output), cancellation)));
        return command;
    }

    private static int Run(string model, string? names, string? output, CancellationToken cancellation)
    {
        string[]? outputs = names?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (outputs is [])
            throw new UsageException("--output-node-names is empty. Name the operations to keep, separated by commas, or leave it out.");
        FrozenGraph frozen = GraphFreezer.FreezeCheckpoint(model, outputs, cancellation);
        string path = output ?? DefaultPath(model);
        GraphFreezer.Write(path, frozen.GraphDef);
        foreach (NodeDef node in frozen.GraphDef.Node)
            Console.WriteLine($"{node.Name}  {node.Op}");
        Console.WriteLine($"{frozen.GraphDef.Node.Count} ops in the final graph.");
        Console.WriteLine(frozen);
        Console.WriteLine($"Wrote '{path}' ({MagicReport.Bytes(frozen.ByteCount)}).");
        return ExitCode.Done;
    }

    private static string DefaultPath(string model)
    {
        string folder = Directory.Exists(model) ? model : Path.GetDirectoryName(model) ?? "";
        string parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Length == 0 ? "." : folder))) ?? "";
        return Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(parent, "pb", "frozen_model.pb"));
    }
}
