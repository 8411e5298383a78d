using System.CommandLine;
using System.Text;
using NotebookPersist.Formats.Files;
using NotebookPersist.Kernel;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Magics;

namespace NotebookPersist.Tool.Commands;

/// <summary>Executes a notebook from the command line.</summary>
internal static class RunCommand
{
    // Longer than the system's timers run.
    private const double MostSeconds = 4_000_000;

    public static Command Create()
    {
        var notebook = new Argument<string>("notebook") { Description = NotebookFile.Forms };
        var output = new Option<string?>("--output", "-o") { Description = "Where the executed notebook is written.", HelpName = "out.ipynb" };
        var html = new Option<string?>("--html") { Description = "Where one self-contained page is written.", HelpName = "out.html" };
        var parameters = new Option<string[]>("--parameter", "-p") { Description = "Sets a variable of the cell tagged 'parameters'.", HelpName = "name=value", AllowMultipleArgumentsPerToken = true };
        var fold = new Option<bool>("--fold-code") { Description = "Folds the code of the page away; a click shows it." };
        var timeout = new Option<double?>("--timeout") { Description = "Ends the run after so many seconds.", HelpName = "seconds" };
        var cellTimeout = new Option<double?>("--cell-timeout") { Description = "Stops a cell that takes longer than so many seconds; it counts as failed.", HelpName = "seconds" };
        var memory = new Option<string?>("--kernel-memory") { Description = "Ends the run when the process uses more memory, its own 200 MB included.", HelpName = "size" };
        var skip = new Option<bool>("--skip-languages") { Description = "Leaves out cells in other languages than C#; else each is an error." };
        var goOn = new Option<bool>("--continue-on-error") { Description = "Runs the cells below a failing one too. Cells tagged 'raises-exception' may fail in any case." };
        var show = new Option<bool>("--show") { Description = "Prints what cells print and show, as text; on a terminal what they print is shown anyway." };
        var command = new Command("run", "Executes the cells of a notebook, one after the other.")
        {
            notebook, output, html, fold, parameters, timeout, cellTimeout, memory, skip, goOn, show,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(notebook),
            new Targets(parsed.GetValue(output), parsed.GetValue(html), parsed.GetValue(fold), parsed.GetValue(show)),
            new NotebookRunOptions
            {
                Parameters = Parse(parsed.GetValue(parameters) ?? []),
                Timeout = Seconds("--timeout", parsed.GetValue(timeout)),
                CellTimeout = Seconds("--cell-timeout", parsed.GetValue(cellTimeout)),
                MemoryLimit = MemorySize.Parse("--kernel-memory", parsed.GetValue(memory)),
                SkipsOtherLanguages = parsed.GetValue(skip),
                ContinuesOnError = parsed.GetValue(goOn),
            },
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string path, Targets targets, NotebookRunOptions options, CancellationToken cancellation)
    {
        string? output = TargetFile.Require("--output", targets.Output, ".ipynb", ".dib");
        string? html = TargetFile.Require("--html", targets.Html, ".html", ".htm");
        if (targets.FoldsCode && html is null)
            throw new UsageException("--fold-code is for pages: give --html too.");
        NotebookDocument document = NotebookFile.Load(path);

        // As under Jupyter, a notebook's relative paths start where it lies.
        Environment.CurrentDirectory = Path.GetDirectoryName(Path.GetFullPath(path))!; // A file has a folder.
        using var host = new NotebookHost();
        var runner = new NotebookRunner(host.Cells);
        TextWriter console = Console.Out; // A cell may put another in its place.
        TextWriter errors = Console.Error; // And once cells run, what is written on a thread of theirs goes to their outputs.
        int running = 0;
        NotebookRunOptions further = options with
        {
            Finish = host.Workspace.FinishAsync,
            Progress = p =>
            {
                running = p.IsFinished ? 0 : p.CellNumber;
                Report(p, targets.Shows, console);
            },
        };
        NotebookRunResult result;
        void ToldOfExit(object? sender, EventArgs e)
        {
            // A signal that the run does not follow ends the process, too.
            if (cancellation.IsCancellationRequested)
                return;
            int asked = Environment.ExitCode;
            if (asked == ExitCode.Done)
                Environment.ExitCode = ExitCode.Failed; // Not all of it has run.
            string cell = running > 0 ? $"Cell {running}" : "A cell";
            string code = asked == ExitCode.Done ? $"exit code 0, which is told as {ExitCode.Failed}" : FormattableString.Invariant($"exit code {asked}");
            errors.WriteLine($"notebookpersist: {cell} has ended the process, with Environment.Exit for example ({code}): what is below it has not run.");
            try
            {
                if (output is not null)
                    document.Save(output);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                errors.WriteLine($"notebookpersist: {PlainMessages.Of(fault)}");
            }
        }

        AppDomain.CurrentDomain.ProcessExit += ToldOfExit;
        try
        {
            result = await RunAsync(runner, document, further, cancellation).ConfigureAwait(false);
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= ToldOfExit;
        }

        // What was run so far is kept even where a cell failed.
        if (output is not null)
            document.Save(output);
        if (html is not null)
            AtomicFile.WriteAllBytes(html, Encoding.UTF8.GetBytes(HtmlExporter.ToHtml(document, new HtmlExportOptions { FoldCode = targets.FoldsCode })));
        foreach (string warning in result.Warnings)
            await Console.Error.WriteLineAsync($"notebookpersist: {warning}").ConfigureAwait(false);
        foreach (NotebookFailure failure in result.Failures)
            await Console.Error.WriteLineAsync($"notebookpersist: {failure}").ConfigureAwait(false);
        foreach (string late in result.LateFailures)
            await Console.Error.WriteLineAsync($"notebookpersist: {late}").ConfigureAwait(false);
        if (!result.Succeeded)
            return ExitCode.Failed;

        await console.WriteLineAsync($"Ran {document.Cells.Count(static c => c.Kind == CellKind.Code)} cells in {MagicReport.Seconds(result.Elapsed)}.{Written(output)}{Written(html)}").ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static async Task<NotebookRunResult> RunAsync(NotebookRunner runner, NotebookDocument document, NotebookRunOptions options, CancellationToken cancellation)
    {
        try
        {
            return await runner.RunAsync(document, options, cancellation).ConfigureAwait(false);
        }
        catch (ArgumentException fault)
        {
            throw new UsageException(PlainMessages.Of(fault)); // A parameter does not fit the notebook.
        }
    }

    private static TimeSpan? Seconds(string option, double? seconds) => seconds switch
    {
        null => null,
        > 0 and <= MostSeconds => TimeSpan.FromSeconds(seconds.Value),
        > MostSeconds => throw new UsageException($"{option} takes at most {MostSeconds:0} seconds, 46 days; leave it out for a run without a limit."),
        _ => throw new UsageException($"{option} takes a number of seconds above zero."),
    };

    private static string Written(string? path) => path is null ? "" : $" Wrote '{path}'.";

    private static Dictionary<string, string> Parse(string[] parameters)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string parameter in parameters)
        {
            int equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new UsageException($"-p takes NAME=VALUE; '{parameter}' was given.");
            values[parameter[..equals]] = parameter[(equals + 1)..];
        }

        return values;
    }

    private static void Report(CellProgress progress, bool show, TextWriter console)
    {
        if (!progress.IsFinished)
            return;
        string state = progress.Result!.Status == CellStatus.Succeeded ? "ok" : "FAILED";
        string first = progress.Cell.Source.Split('\n').FirstOrDefault(static l => l.Trim().Length > 0)?.Trim() ?? "";
        string line = first.Length > 60 ? first[..59] + "…" : first;
        console.WriteLine($"[{progress.CellNumber,2}/{progress.CellCount}] {state,-6} {MagicReport.Seconds(progress.Result.Elapsed),9}  {line}");
        foreach (CellOutput output in progress.Cell.Outputs)
        {
            string? text = output switch
            {
                StreamOutput { Name: "stdout" } stream when show || !Console.IsOutputRedirected => stream.Text,
                StreamOutput stream when show => stream.Text,
                DisplayOutput shown when show => shown.Data.GetValueOrDefault("text/plain"),
                ResultOutput value when show => value.Data.GetValueOrDefault("text/plain"),
                _ => null,
            };
            if (text is { Length: > 0 })
                console.WriteLine(text.TrimEnd('\n'));
        }
    }

    /// <summary>What is written of a run.</summary>
    private sealed record Targets(string? Output, string? Html, bool FoldsCode, bool Shows);
}
