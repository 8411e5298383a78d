using System.CommandLine;
using NotebookPersist.Kernel;
using NotebookPersist.Kernel.Jupyter;

namespace NotebookPersist.Tool.Commands;

/// <summary>The Jupyter kernel: made known to Jupyter, and run by it.</summary>
internal static class KernelCommand
{
    private const string Run = "run";

    /// <summary>Whether the command that was given takes signals itself.</summary>
    public static bool HandlesSignals(ParseResult parsed) =>
        parsed.CommandResult is { Command.Name: Run, Parent: System.CommandLine.Parsing.CommandResult { Command.Name: "kernel" } };

    public static Command Create()
    {
        var prefix = new Option<string?>("--prefix") { Description = "Installation whose share/jupyter is meant; by default the user's own folder.", HelpName = "folder" };
        var user = new Option<bool>("--user") { Description = "The user's own folder, as by default." };
        var sysPrefix = new Option<bool>("--sys-prefix") { Description = "The Python environment that is active." };
        var name = new Option<string>("--name") { Description = "The name that Jupyter knows the kernel by; papermill expects '.net-csharp'.", HelpName = "name", DefaultValueFactory = static _ => KernelSpec.Name };
        var connection = new Argument<string>("connection_file") { Description = "The file that Jupyter passes." };

        var install = new Command("install", "Makes the kernel known to Jupyter.") { prefix, user, sysPrefix, name };
        install.SetAction(parsed =>
        {
            Console.WriteLine($"Installed the kernel in '{KernelSpec.Install(typeof(KernelCommand).Assembly.Location, Prefix(parsed), parsed.GetRequiredValue(name))}'.");
            return ExitCode.Done;
        });
        var uninstall = new Command("uninstall", "Takes the kernel away from Jupyter.") { prefix, user, sysPrefix, name };
        uninstall.SetAction(parsed =>
        {
            Console.WriteLine(KernelSpec.Uninstall(Prefix(parsed), parsed.GetRequiredValue(name)) is { } folder ? $"Removed '{folder}'." : "The kernel was not installed.");
            return ExitCode.Done;
        });
        var run = new Command(Run, "Runs the kernel; Jupyter does this.") { connection };
        run.SetAction(async (parsed, cancellation) =>
        {
            using var host = new NotebookHost(unloadsCode: true);
            using var kernel = new JupyterKernel(ConnectionFile.Load(parsed.GetRequiredValue(connection)), host.Cells, host.Insight, KernelSpec.HistoryPath());
            _ = WarmUpAsync(host, cancellation);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            _ = EndWithParentAsync(ending);
            bool isDone = await kernel.RunAsync(ending.Token).ConfigureAwait(false);

            // Jupyter is gone by now; its log is where an error can still be read.
            IReadOnlyList<string> failures = await host.Workspace.FinishAsync(isCellRunning: !isDone).ConfigureAwait(false);
            foreach (string failure in failures)
                await Console.Error.WriteLineAsync($"notebookpersist: {failure}").ConfigureAwait(false);
            return failures.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return new Command("kernel", "The Jupyter kernel.") { install, uninstall, run };

        static async Task WarmUpAsync(NotebookHost host, CancellationToken cancellation)
        {
            await host.WarmUpAsync(cancellation).ConfigureAwait(false);
            StartProfile.End();
        }

        // A client that was killed asks for no shutdown; nobody else knows of its kernel.
        static async Task EndWithParentAsync(CancellationTokenSource ending)
        {
            if (ParentProcess.Find() is not { } parent || !await parent.WaitForEndAsync(ending.Token).ConfigureAwait(false))
                return;
            await Console.Error.WriteLineAsync($"The process that started the kernel, {parent.Id}, has ended: so does the kernel.").ConfigureAwait(false);
            await ending.CancelAsync().ConfigureAwait(false);
        }

        string? Prefix(ParseResult parsed)
        {
            int given = (parsed.GetValue(prefix) is null ? 0 : 1) + (parsed.GetValue(user) ? 1 : 0) + (parsed.GetValue(sysPrefix) ? 1 : 0);
            if (given > 1)
                throw new UsageException("--user, --prefix and --sys-prefix exclude each other; give one.");
            return parsed.GetValue(sysPrefix) ? KernelSpec.SystemPrefix() : parsed.GetValue(prefix);
        }
    }
}
