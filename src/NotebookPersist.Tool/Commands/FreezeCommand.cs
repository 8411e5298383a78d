using System.CommandLine;
using NotebookPersist.Formats.Text;
using NotebookPersist.Notebooks;

namespace NotebookPersist.Tool.Commands;

/// <summary>Turns a checkpoint and its graph, or a SavedModel, into one file.</summary>
internal static class FreezeCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A folder, whose newest checkpoint is meant, a checkpoint by any of its names, or a SavedModel folder." };
        var names = new Option<string?>("--output-node-names", "--outputs") { Description = "Operations to keep, separated by commas; by default those of the signature, else inferred.", HelpName = "a,b" };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write; by default 'pb/frozen_model.pb' beside the model's folder. A note goes beside it.", HelpName = "file" };
        var tags = new Option<string?>("--tags") { Description = "Tags of the SavedModel's meta graph; by default serve.", HelpName = "a,b" };
        var signature = new Option<string?>("--signature") { Description = "Signature of the SavedModel whose outputs are kept.", HelpName = "key" };
        var only = new Option<string?>("--variable-names-whitelist") { Description = "Variables that become constants; by default all.", HelpName = "a,b" };
        var except = new Option<string?>("--variable-names-blacklist") { Description = "Variables that stay variables.", HelpName = "a,b" };
        var optimize = new Option<bool>("--optimize") { Description = "Rewrites the graph for inference too, as 'optimize' does." };
        VerifyArguments verify = new(VerifyOptions.FrozenTolerance);
        var command = new Command("freeze", "Writes graph and variables as one .pb file, variables turned into constants, and verifies that it computes the same.")
        {
            model, names, output, tags, signature, only, except, optimize,
        };
        verify.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(model),
            parsed.GetValue(output),
            new FreezeOptions
            {
                OutputNames = Names("--output-node-names", parsed.GetValue(names)),
                Tags = Names("--tags", parsed.GetValue(tags)),
                SignatureName = parsed.GetValue(signature),
                OnlyVariables = Names("--variable-names-whitelist", parsed.GetValue(only)),
                ExceptVariables = Names("--variable-names-blacklist", parsed.GetValue(except)) ?? [],
                Optimization = parsed.GetValue(optimize) ? new OptimizeOptions() : null,
                Verification = verify.Read(parsed),
            },
            cancellation)));
        return command;
    }

    /// <summary>Names separated by commas; null where none are given.</summary>
    /// <exception cref="UsageException">The text holds no name.</exception>
    internal static string[]? Names(string option, string? text)
    {
        string[]? names = text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names is [] ? throw new UsageException($"{option} is empty. Name what is meant, separated by commas, or leave it out.") : names;
    }

    private static int Run(string model, string? output, FreezeOptions options, CancellationToken cancellation)
    {
        string path = output ?? DefaultPath(model);
        FreezeReport report = GraphFreezer.FreezeToFile(model, path, options, cancellation);
        foreach ((string name, string type) in report.Operations)
            Console.WriteLine($"{PlainNames.Of(name)}  {type}");
        Console.WriteLine($"{report.Operations.Count} ops in the final graph.");
        Console.WriteLine(Displays.TryRender(report, out MimeBundle? shown) ? shown.Text : report.ToString());
        return ExitCode.Done;
    }

    private static string DefaultPath(string model)
    {
        string folder = Directory.Exists(model) ? model : Path.GetDirectoryName(model) ?? "";
        string parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Length == 0 ? "." : folder))) ?? "";
        return Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(parent, "pb", "frozen_model.pb"));
    }
}
