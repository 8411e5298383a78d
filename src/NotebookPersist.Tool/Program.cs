using System.CommandLine;
using NotebookPersist.Formats.Text;
using NotebookPersist.Notebooks;
using NotebookPersist.Tool;
using NotebookPersist.Tool.Commands;

StartProfile.Begin(args);
var verbose = new Option<bool>("--verbose") { Description = "Shows where an error came from.", Recursive = true };
var root = new RootCommand("Builds, saves, restores, freezes and inspects TensorFlow models in .NET notebooks.")
{
    RunCommand.Create(),
    InspectCommand.Create(),
    DoctorCommand.Create(),
    DiffCommand.Create(),
    PredictCommand.Create(),
    FreezeCommand.Create(),
    OpsCommand.Create(),
    OptimizeCommand.Create(),
    UnfreezeCommand.Create(),
    ConvertCommand.Create(),
    NotebookCommand.Create(),
    KernelCommand.Create(),
};
root.Options.Add(verbose);

UsageErrors.RefuseEmpty(root);
ParseResult parsed = root.Parse(UsageErrors.Normalize(args));
if (UsageErrors.Of(parsed) is { Count: > 0 } messages)
{
    foreach (string message in messages)
        await Console.Error.WriteLineAsync($"notebookpersist: {PlainNames.OfLines(message)}");
    await Console.Error.WriteLineAsync($"'notebookpersist {Words(parsed.CommandResult)}--help' shows how it is called.");
    return ExitCode.Usage;
}

try
{
    var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false };

    // To the kernel SIGINT means that the cell is to stop, not the process.
    if (KernelCommand.HandlesSignals(parsed))
        invocation.ProcessTerminationTimeout = null;
    return await parsed.InvokeAsync(invocation);
}
catch (UsageException fault)
{
    await Console.Error.WriteLineAsync($"notebookpersist: {PlainNames.OfLines(fault.Message)}");
    return ExitCode.Usage;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("notebookpersist: Cancelled.");
    return ExitCode.Failed;
}
catch (Exception fault)
{
    await Console.Error.WriteLineAsync($"notebookpersist: {PlainNames.OfLines(parsed.GetValue(verbose) ? fault.ToString() : PlainMessages.Of(fault))}");
    return ExitCode.Failed;
}

static string Words(System.CommandLine.Parsing.CommandResult command) =>
    command.Parent is System.CommandLine.Parsing.CommandResult outer ? $"{Words(outer)}{command.Command.Name} " : "";
