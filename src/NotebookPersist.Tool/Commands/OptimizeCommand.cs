using System.CommandLine;
using NotebookPersist.Notebooks;

namespace NotebookPersist.Tool.Commands;

/// <summary>Rewrites a frozen graph for inference.</summary>
internal static class OptimizeCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "The frozen graph, a .pb or .pbtxt file." };
        var output = new Option<string>("--output", "-o") { Description = "The file to write; a note goes beside it.", HelpName = "file", Required = true };
        var inputs = new Option<string?>("--inputs") { Description = "Operations that will be fed; by default all placeholders.", HelpName = "a,b" };
        var outputs = new Option<string?>("--outputs") { Description = "Operations that will be fetched; by default inferred.", HelpName = "a,b" };
        var types = new Option<string?>("--input-types") { Description = "Element types for inputs in the place of those in the graph, e.g. x=float32.", HelpName = "name=type,..." };
        VerifyArguments verify = new(VerifyOptions.OptimizedTolerance);
        var command = new Command("optimize", "Rewrites a frozen graph for inference: smaller and faster, verified to compute the same.") { model, output, inputs, outputs, types };
        verify.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            OptimizeReport report = ModelOptimizer.Optimize(
                parsed.GetRequiredValue(model),
                parsed.GetRequiredValue(output),
                FreezeCommand.Names("--inputs", parsed.GetValue(inputs)),
                FreezeCommand.Names("--outputs", parsed.GetValue(outputs)),
                new OptimizeOptions { InputTypes = Types(FreezeCommand.Names("--input-types", parsed.GetValue(types))) },
                verify.Read(parsed),
                cancellation: cancellation);
            Console.WriteLine(Displays.TryRender(report, out MimeBundle? shown) ? shown.Text : report.ToString());
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Dictionary<string, DType> Types(string[]? texts)
    {
        var types = new Dictionary<string, DType>(StringComparer.Ordinal);
        foreach (string text in texts ?? [])
        {
            int equals = text.LastIndexOf('=');
            types[text[..Math.Max(0, equals)]] = equals > 0 && DTypes.TryParse(text[(equals + 1)..], out DType type)
                ? type
                : throw new UsageException($"--input-types takes NAME=TYPE, such as x=float32; '{text}' was given.");
        }

        return types;
    }
}
