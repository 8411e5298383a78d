using System.CommandLine;
using NotebookPersist.Kernel;
using NotebookPersist.Kernel.Jupyter;

namespace NotebookPersist.Tool.Commands;

/// <summary>The Jupyter kernel: made known to Jupyter, and run by it.</summary>
internal static class KernelCommand
{
    public static Command Create()
    {
        var prefix = new Option<string?>("--prefix") { Description = "Installation whose share/jupyter is meant; by default the user's own folder.", HelpName = "folder" };
        var user = new Option<bool>("--user") { Description = "The user's own folder, as by default." };
        var connection = new Argument<string>("connection_file") { Description = "The file that Jupyter passes." };

        var install = new Command("install", "Makes the kernel known to Jupyter.") { prefix, user };
        install.SetAction(parsed =>
        {
            Console.WriteLine($"Installed the kernel in '{KernelSpec.Install(typeof(KernelCommand).Assembly.Location, parsed.GetValue(prefix))}'.");
            return ExitCode.Done;
        });
        var uninstall = new Command("uninstall", "Takes the kernel away from Jupyter.") { prefix, user };
        uninstall.SetAction(parsed =>
        {
            Console.WriteLine(KernelSpec.Uninstall(parsed.GetValue(prefix)) is { } folder ? $"Removed '{folder}'." : "The kernel was not installed.");
            return ExitCode.Done;
        });
        var run = new Command("run", "Runs the kernel; Jupyter does this.") { connection };
        run.SetAction(async (parsed, cancellation) =>
        {
            using var host = new NotebookHost();
            using var kernel = new JupyterKernel(ConnectionFile.Load(parsed.GetRequiredValue(connection)), host.Cells);
            await kernel.RunAsync(cancellation).ConfigureAwait(false);

            // Jupyter is gone by now; its log is where an error can still be read.
            IReadOnlyList<string> failures = await host.Workspace.FinishAsync().ConfigureAwait(false);
            foreach (string failure in failures)
                await Console.Error.WriteLineAsync($"notebookpersist: A save in the background failed: {failure}").ConfigureAwait(false);
            return failures.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return new Command("kernel", "The Jupyter kernel.") { install, uninstall, run };
    }
}
