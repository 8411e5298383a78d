using System.CommandLine;
using System.Globalization;
using System.Text;
using NotebookPersist.Formats.Files;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Notebooks;

namespace NotebookPersist.Tool.Commands;

/// <summary>Notebook files, changed without running them.</summary>
internal static class NotebookCommand
{
    // As git's filters have it: the text comes in and goes out.
    private const string Pipe = "-";

    public static Command Create() => new("notebook", "Converts notebook files, and takes outputs out of them; runs nothing.") { Convert(), Strip() };

    private static Command Convert()
    {
        var source = new Argument<string>("source") { Description = NotebookFile.Forms };
        var target = new Argument<string>("target") { Description = "A file that ends in .ipynb, .dib, .csx or, for a page to read, .html." };
        var fold = new Option<bool>("--fold-code") { Description = "Folds the code of the page away; a click shows it." };
        var force = new Option<bool>("--force") { Description = "Replaces a target that is there already." };
        var command = new Command("convert", "Converts a notebook to another form.") { source, target, fold, force };
        command.SetAction(parsed => Convert(parsed.GetRequiredValue(source), parsed.GetRequiredValue(target), parsed.GetValue(fold), parsed.GetValue(force)));
        return command;
    }

    private static Command Strip()
    {
        var notebook = new Argument<string>("notebook") { Description = "An .ipynb file; - for standard input." };
        var output = new Option<string?>("--output", "-o") { Description = "Where the notebook is written; by default over the old one, for standard input to standard output.", HelpName = "out.ipynb" };
        var check = new Option<bool>("--check") { Description = "Only tells, by the exit code 1, whether there is anything to take out." };
        var command = new Command("strip", "Takes outputs, numbers of runs and times out of a notebook. Cells tagged 'keep_output' keep theirs.") { notebook, output, check };
        command.SetAction(parsed => Strip(parsed.GetRequiredValue(notebook), parsed.GetValue(output), parsed.GetValue(check)));
        return command;
    }

    private static int Convert(string source, string target, bool fold, bool force)
    {
        NotebookDocument document = NotebookFile.Load(source);
        string full = TargetFile.Require("<target>", target, ".ipynb", ".dib", ".csx", ".html", ".htm")!; // A target is given.
        if (fold && !IsPage(full))
            throw new UsageException("--fold-code is for pages: give a target that ends in .html.");
        if (File.Exists(full) && !force)
            throw new UsageException($"'{target}' is there already. Add --force to replace it, or give another name.");
        if (IsPage(full))
            AtomicFile.WriteAllBytes(full, Encoding.UTF8.GetBytes(HtmlExporter.ToHtml(document, new HtmlExportOptions { FoldCode = fold })));
        else
            document.Save(full);
        foreach (string loss in Losses(document, Path.GetExtension(full).ToLowerInvariant()))
            Console.WriteLine($"left out {loss}");
        foreach ((int cell, int line, string text) in IsPage(full) ? [] : document.LinesLikeHeads(full))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cell {cell}, line {line}: '{text.Trim()}' is the head of a cell in this form; read back, the cell ends there"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Wrote '{target}': {document.Cells.Count} cells."));
        return ExitCode.Done;
    }

    // What the other forms have no place for is said rather than silently gone.
    private static IEnumerable<string> Losses(NotebookDocument document, string extension)
    {
        if (extension is not (".dib" or ".csx"))
            yield break;
        int outputs = document.Cells.Count(static c => c.Outputs.Count > 0);
        if (outputs > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"the outputs of {outputs} {(outputs == 1 ? "cell" : "cells")}");
        string[] metadata = [.. document.Cells.SelectMany(c => c.MetadataWithoutPlace(extension)).Distinct()];
        if (metadata.Length > 0)
            yield return $"metadata of cells: {string.Join(", ", metadata)}";
        int empty = extension == ".dib" ? document.Cells.Count(static c => c.Source.AsSpan().Trim("\r\n").IsEmpty) : 0;
        if (empty > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{empty} empty {(empty == 1 ? "cell" : "cells")}");
        int attachments = document.Cells.Count(static c => c.HasAttachments);
        if (attachments > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"the pictures attached to {attachments} {(attachments == 1 ? "cell" : "cells")}");
    }

    private static bool IsPage(string path) => Path.GetExtension(path).ToLowerInvariant() is ".html" or ".htm";

    private static int Strip(string path, string? output, bool check)
    {
        if (path != Pipe && Path.GetExtension(path).ToLowerInvariant() is ".dib" or ".csx")
            throw new UsageException($"'{path}' holds no outputs: only .ipynb files do.");
        if (check && output is not null)
            throw new UsageException("--check and --output exclude each other; give one.");
        output = TargetFile.Require("--output", output, ".ipynb");
        NotebookDocument document = path == Pipe ? Read() : NotebookFile.Load(path);
        int count = NotebookStripper.Strip(document);
        string what = string.Create(CultureInfo.InvariantCulture, $"{(count == 0 ? "nothing" : count == 1 ? "1 cell" : $"{count} cells")}");
        if (check)
        {
            Console.WriteLine(count == 0 ? $"'{path}' has nothing to take out." : $"'{path}' has outputs or numbers of runs in {what}. 'notebookpersist notebook strip {path}' takes them out.");
            return count == 0 ? ExitCode.Done : ExitCode.Failed;
        }

        if (path == Pipe && output is null)
        {
            using Stream pipe = Console.OpenStandardOutput();
            pipe.Write(Encoding.UTF8.GetBytes(document.ToIpynb()));
            return ExitCode.Done;
        }

        // A file that needs no change keeps its time of writing.
        if (count > 0 || output is not null)
            document.Save(output ?? path);
        Console.WriteLine(count == 0 ? $"'{path}' has nothing to take out." : $"Stripped {what} of '{path}'.{(output is null ? "" : $" Wrote '{output}'.")}");
        return ExitCode.Done;
    }

    private static NotebookDocument Read()
    {
        using var reader = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        try
        {
            return NotebookDocument.ParseIpynb(reader.ReadToEnd());
        }
        catch (NotebookFormatException fault)
        {
            throw new UsageException($"Standard input: {PlainMessages.Of(fault)}");
        }
    }
}
